import { and, asc, count, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import { isCallingHour } from '$lib/domain/campaigns/calling-hours';
import { possibleZones } from '$lib/domain/campaigns/lead-zones';
import type { LeadsPageInput } from '$lib/inputs';
import type {
	CallingHoursView,
	CallView,
	CreditsView,
	LeadListView,
	LeadView,
	MinutesView,
	Page
} from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { selectCalls, toCallView } from '../calls/call-rows';
import { readCallingHours } from '../campaigns/calling-hours';
import type { Context } from '../context';
import { calls, contacts, leadListMembers as members, leadLists } from '../db/schema/index';
import { AppError } from '../errors';
import { fits } from '../leads/lead-filters';
import { currentCursor } from '../live/feed';
import { findMinutes } from '../minutes/minutes-rows';
import { findCredits } from '../wallet/credit-rows';

export interface LeadsPage {
	cursor: string;
	minutes: MinutesView;
	credits: CreditsView;
	lists: LeadListView[];
	listId: string | null;
	leads: Page<LeadView>;
	/** When leads may be called by a batch. */
	hours: CallingHoursView;
}

const PAGE_ROWS = 50;
/** Leads one page looks at to find some whose clock allows a call. */
const LOOKED_AT_MAX = 2_000;

/** The lead list an agent works from, with the newest call of each lead. */
export async function getLeadsPage({
	ctx,
	input
}: {
	ctx: Context;
	input: LeadsPageInput;
}): Promise<LeadsPage> {
	const person = requirePerson(ctx, 'leads.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const cursor = await currentCursor(ctx.services, organizationId);
	const [minutes, credits, hours, lists] = await Promise.all([
		findMinutes(db, organizationId, ctx.nowMs),
		findCredits(db, organizationId),
		readCallingHours(db, organizationId),
		db
			.select({ id: leadLists.id, name: leadLists.name, leads: count(members.contactId) })
			.from(leadLists)
			.leftJoin(members, eq(members.leadListId, leadLists.id))
			.where(eq(leadLists.organizationId, organizationId))
			.groupBy(leadLists.id)
			.orderBy(asc(leadLists.createdAt), asc(leadLists.id))
	]);
	if (!minutes || !credits) throw new AppError('not_found', 'There is no such organisation.');
	const listId = input.listId ?? lists[0]?.id ?? null;
	if (listId !== null && !lists.some((list) => list.id === listId)) {
		throw new AppError('not_found', 'There is no such lead list.');
	}
	const leads =
		listId === null
			? { rows: [], nextCursor: null }
			: await listLeads(ctx, { organizationId, listId, hours }, input);
	return { cursor, minutes, credits, lists, listId, leads, hours };
}

interface LeadsOf {
	organizationId: number;
	listId: string;
	hours: CallingHoursView;
}

type FoundLead = Awaited<ReturnType<typeof readMembers>>[number];

async function listLeads(
	ctx: Context,
	of: LeadsOf,
	input: LeadsPageInput
): Promise<Page<LeadView>> {
	const { found, nextCursor } = await findLeads(ctx, of, input);
	const lastCalls = await listLastCalls(
		ctx,
		of.organizationId,
		found.map(({ contact }) => contact.id)
	);
	return {
		rows: found.map(({ contact }) => ({
			contactId: contact.id,
			name: contact.name,
			company: contact.company,
			email: contact.email,
			phone: contact.phone,
			timezone: contact.timezone,
			zones: [...possibleZones(contact)],
			doNotCall: contact.doNotCall,
			lastCalledAt: contact.lastCalledAt?.toISOString() ?? null,
			lastCall: lastCalls.get(contact.id) ?? null
		})),
		nextCursor
	};
}

/** What a clock allows is no question for SQL: leads are looked at in order until a page of them is found. */
async function findLeads(
	ctx: Context,
	of: LeadsOf,
	input: LeadsPageInput
): Promise<{ found: FoundLead[]; nextCursor: string | null }> {
	const isShown = ({ contact }: FoundLead) =>
		!input.isCallable || isCallingHour(possibleZones(contact), of.hours, ctx.nowMs);
	const found: FoundLead[] = [];
	let after = readCursor(input.cursor);
	for (let lookedAt = 0; lookedAt < LOOKED_AT_MAX;) {
		const rows = await readMembers(ctx, of, input, after);
		for (const row of rows.slice(0, PAGE_ROWS)) {
			if (found.length === PAGE_ROWS) return { found, nextCursor: String(after) };
			after = row.position;
			if (isShown(row)) found.push(row);
		}
		if (rows.length <= PAGE_ROWS) return { found, nextCursor: null };
		if (found.length === PAGE_ROWS) return { found, nextCursor: String(after) };
		lookedAt += PAGE_ROWS;
	}
	return { found, nextCursor: String(after) };
}

function readMembers(
	ctx: Context,
	{ organizationId, listId }: LeadsOf,
	input: LeadsPageInput,
	after: number | null
) {
	return ctx.services.database.db
		.select({ contact: contacts, position: members.position })
		.from(members)
		.innerJoin(contacts, eq(contacts.id, members.contactId))
		.where(
			and(
				eq(members.organizationId, organizationId),
				eq(members.leadListId, listId),
				after === null ? undefined : gt(members.position, after),
				fits(input)
			)
		)
		.orderBy(asc(members.position))
		.limit(PAGE_ROWS + 1);
}

function readCursor(cursor: string | undefined): number | null {
	if (cursor === undefined) return null;
	if (!/^\d{1,9}$/.test(cursor)) throw new AppError('invalid', 'cursor is not one of ours.');
	return Number(cursor);
}

async function listLastCalls(
	ctx: Context,
	organizationId: number,
	contactIds: string[]
): Promise<Map<string, CallView>> {
	if (contactIds.length === 0) return new Map();
	const { db } = ctx.services.database;
	const newest = db
		.selectDistinctOn([calls.contactId], { id: calls.id })
		.from(calls)
		.where(and(eq(calls.organizationId, organizationId), inArray(calls.contactId, contactIds)))
		.orderBy(calls.contactId, desc(calls.id));
	const rows = await selectCalls(db).where(sql`${calls.id} in (${newest})`);
	return new Map(rows.map((row) => [row.call.contactId ?? '', toCallView(row)]));
}
