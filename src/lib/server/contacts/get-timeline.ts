import { and, asc, desc, eq, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import type { ContactTimelineInput } from '$lib/inputs';
import type { ContactEventView, ContactTimelineView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { selectCalls, toCallView } from '../calls/call-rows';
import type { Context } from '../context';
import { auditLog, calls, contacts, notes, recordings, users } from '../db/schema/index';
import { readOutcomes } from '../outcomes/outcome-rows';
import { toRecordingView } from '../recordings/recording-rows';
import { getContactRow } from './contact-rows';

const PAGE_EVENTS = 30;

/** What happened with a contact and with those merged into it, the newest first. */
export async function getTimeline({
	ctx,
	input
}: {
	ctx: Context;
	input: ContactTimelineInput;
}): Promise<ContactTimelineView> {
	const person = requirePerson(ctx, 'contacts.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const row = await getContactRow(db, organizationId, input.contactId);
	const merged = await db
		.select({ id: contacts.id, phone: contacts.phone })
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.mergedInto, row.id)));
	const who = [row, ...merged];
	const before = input.cursor === undefined ? null : new Date(input.cursor);
	const [calledEvents, noteEvents, changeEvents] = await Promise.all([
		listCalls(ctx, organizationId, who, before),
		listNotes(ctx, organizationId, who, before),
		listChanges(ctx, organizationId, row.id, before)
	]);
	const events = [...calledEvents, ...noteEvents, ...changeEvents].sort((first, second) =>
		first.at < second.at ? 1 : first.at > second.at ? -1 : first.id < second.id ? 1 : -1
	);
	return cut(events);
}

/** A page ends between two moments, so that the next one can begin at a moment. */
function cut(events: ContactEventView[]): ContactTimelineView {
	const last = events[PAGE_EVENTS - 1];
	if (!last || events.length === PAGE_EVENTS) return { events, nextCursor: null };
	const shown = events.filter((event, index) => index < PAGE_EVENTS || event.at === last.at);
	return { events: shown, nextCursor: shown.length < events.length ? last.at : null };
}

/** By contact, and by number where the contact came after the call. Two lists, so that each has its index. */
async function listCalls(
	ctx: Context,
	organizationId: number,
	who: { id: string; phone: string }[],
	before: Date | null
): Promise<ContactEventView[]> {
	const { db } = ctx.services.database;
	const older = before ? lt(calls.id, firstCallIdAt(before.getTime())) : undefined;
	const ids = (whose: SQL | undefined) =>
		db
			.select({ id: calls.id })
			.from(calls)
			.where(and(eq(calls.organizationId, organizationId), whose, older))
			.orderBy(desc(calls.id))
			.limit(PAGE_EVENTS + 1);
	const linked = who.map(({ id }) => eq(calls.contactId, id));
	const numbers = who.map(({ phone }) => phone);
	const found = await Promise.all([
		ids(or(...linked)),
		ids(and(inArray(calls.to, numbers), isNull(calls.contactId)))
	]);
	const callIds = [...new Set(found.flat().map(({ id }) => id))];
	if (callIds.length === 0) return [];
	const [rows, outcomes, recorded] = await Promise.all([
		selectCalls(db).where(inArray(calls.id, callIds)),
		readOutcomes(db, organizationId, callIds),
		db
			.select()
			.from(recordings)
			.where(
				and(eq(recordings.organizationId, organizationId), inArray(recordings.callId, callIds))
			)
			.orderBy(asc(recordings.createdAt), asc(recordings.id))
	]);
	return rows.map((row) => {
		const call = toCallView(row);
		return {
			kind: 'call',
			id: call.id,
			at: call.initiatedAt,
			call,
			outcome: outcomes.get(call.id)?.label ?? null,
			recordings: recorded.filter(({ callId }) => callId === call.id).map(toRecordingView)
		};
	});
}

async function listNotes(
	ctx: Context,
	organizationId: number,
	who: { id: string }[],
	before: Date | null
): Promise<ContactEventView[]> {
	const rows = await ctx.services.database.db
		.select({ note: notes, userName: users.name })
		.from(notes)
		.innerJoin(users, eq(users.id, notes.userId))
		.where(
			and(
				eq(notes.organizationId, organizationId),
				inArray(
					notes.contactId,
					who.map(({ id }) => id)
				),
				before ? lt(notes.createdAt, before) : undefined
			)
		)
		.orderBy(desc(notes.createdAt), desc(notes.id))
		.limit(PAGE_EVENTS + 1);
	return rows.map(({ note, userName }) => ({
		kind: 'note',
		id: note.id,
		at: note.createdAt.toISOString(),
		userName,
		text: note.text,
		callId: note.callId
	}));
}

async function listChanges(
	ctx: Context,
	organizationId: number,
	contactId: string,
	before: Date | null
): Promise<ContactEventView[]> {
	const rows = await ctx.services.database.db
		.select({ entry: auditLog, userName: users.name })
		.from(auditLog)
		.leftJoin(users, eq(users.id, auditLog.actorUserId))
		.where(
			and(
				eq(auditLog.organizationId, organizationId),
				sql`${auditLog.action} like 'contact.%'`,
				sql`${auditLog.after} ->> 'contactId' = ${contactId}`,
				before ? lt(auditLog.createdAt, before) : undefined
			)
		)
		.orderBy(desc(auditLog.id))
		.limit(PAGE_EVENTS + 1);
	return rows.map(({ entry, userName }) => ({
		kind: 'change',
		id: String(entry.id),
		at: entry.createdAt.toISOString(),
		action: entry.action,
		userName,
		changes: changesOf(entry.before, entry.after)
	}));
}

/** Ids tell a person nothing. */
const HIDDEN = /id$|ids$/i;

function changesOf(before: unknown, after: unknown) {
	const [was, is] = [fieldsOf(before), fieldsOf(after)];
	const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
	return fields
		.filter((field) => field === 'externalId' || !HIDDEN.test(field))
		.map((field) => ({ field, before: was[field] ?? null, after: is[field] ?? null }))
		.filter((change) => change.before !== change.after);
}

function fieldsOf(value: unknown): Record<string, string | null> {
	if (typeof value !== 'object' || value === null) return {};
	return Object.fromEntries(
		Object.entries(value).map(([field, one]) => [field, one === null ? null : String(one)])
	);
}
