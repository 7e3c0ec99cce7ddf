import { and, asc, count, desc, eq, gt, ilike, inArray, or, sql } from 'drizzle-orm';
import type { LeadsPageInput } from '$lib/inputs';
import type { CallView, CreditsView, LeadListView, LeadView, MinutesView, Page } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { selectCalls, toCallView } from '../calls/call-rows';
import type { Context } from '../context';
import { calls, contacts, leadListMembers as members, leadLists } from '../db/schema/index';
import { AppError } from '../errors';
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
}

const PAGE_ROWS = 50;

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
	const [minutes, credits, lists] = await Promise.all([
		findMinutes(db, organizationId, ctx.nowMs),
		findCredits(db, organizationId),
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
			: await listLeads(ctx, organizationId, listId, input);
	return { cursor, minutes, credits, lists, listId, leads };
}

async function listLeads(
	ctx: Context,
	organizationId: number,
	listId: string,
	input: LeadsPageInput
): Promise<Page<LeadView>> {
	const { db } = ctx.services.database;
	const after = readCursor(input.cursor);
	const rows = await db
		.select({ contact: contacts, position: members.position })
		.from(members)
		.innerJoin(contacts, eq(contacts.id, members.contactId))
		.where(
			and(
				eq(members.organizationId, organizationId),
				eq(members.leadListId, listId),
				after === null ? undefined : gt(members.position, after),
				searched(input.search)
			)
		)
		.orderBy(asc(members.position))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	const lastCalls = await listLastCalls(
		ctx,
		organizationId,
		shown.map(({ contact }) => contact.id)
	);
	return {
		rows: shown.map(({ contact }) => ({
			contactId: contact.id,
			name: contact.name,
			company: contact.company,
			email: contact.email,
			phone: contact.phone,
			timezone: contact.timezone,
			doNotCall: contact.doNotCall,
			lastCalledAt: contact.lastCalledAt?.toISOString() ?? null,
			lastCall: lastCalls.get(contact.id) ?? null
		})),
		nextCursor: rows.length > PAGE_ROWS ? String(shown.at(-1)?.position) : null
	};
}

function readCursor(cursor: string | undefined): number | null {
	if (cursor === undefined) return null;
	if (!/^\d{1,9}$/.test(cursor)) throw new AppError('invalid', 'cursor is not one of ours.');
	return Number(cursor);
}

function searched(search: string | undefined) {
	if (search === undefined || search === '') return undefined;
	const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
	const digits = search.replace(/\D/g, '');
	return or(
		ilike(contacts.name, pattern),
		ilike(contacts.company, pattern),
		digits.length >= 3 ? ilike(contacts.phone, `%${digits}%`) : undefined
	);
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
