import { and, eq, ilike, inArray, or, sql, type SQL } from 'drizzle-orm';
import type { LeadChoice, LeadFilters, LeadOutcome, LeadStatus } from '$lib/inputs';
import type { Context } from '../context';
import { contacts, leadListMembers as members, leadLists } from '../db/schema/index';
import { AppError } from '../errors';

/** How the newest call to the contact ended; null while it lives, and when there was none. */
const lastEnd = sql`(select case when c.ended_at is null then null when c.status = 'completed' then 'completed'
	else coalesce(split_part(c.end_reason, ': ', 1), c.status) end
	from calls c where c.contact_id = ${contacts.id} order by c.id desc limit 1)`;
const wasCalled = sql`exists (select from calls c where c.contact_id = ${contacts.id})`;

const STATUSES: Record<LeadStatus, SQL> = {
	new: sql`not ${wasCalled} and not ${contacts.doNotCall}`,
	called: wasCalled,
	do_not_call: sql`${contacts.doNotCall}`
};

const OUTCOMES: Record<LeadOutcome, SQL> = {
	completed: sql`${lastEnd} = 'completed'`,
	busy: sql`${lastEnd} = 'busy'`,
	no_answer: sql`${lastEnd} = 'no_answer'`,
	failed: sql`${lastEnd} not in ('completed', 'busy', 'no_answer')`
};

/** The condition on `contacts` that the filters of a list make. */
export function fits({ search, status, outcome }: LeadFilters): SQL | undefined {
	return and(searched(search), status && STATUSES[status], outcome && OUTCOMES[outcome]);
}

function searched(search: string | undefined): SQL | undefined {
	if (search === undefined || search === '') return undefined;
	const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
	const digits = search.replace(/\D/g, '');
	return or(
		ilike(contacts.name, pattern),
		ilike(contacts.company, pattern),
		digits.length >= 3 ? ilike(contacts.phone, `%${digits}%`) : undefined
	);
}

/**
 * The chosen leads as a query of `contact_id` and `position`, their order.
 * @throws AppError `not_found` when the list is not one of the organisation
 */
export async function chosenLeads(
	ctx: Context,
	organizationId: number,
	choice: LeadChoice
): Promise<SQL> {
	if (choice.kind === 'contacts') {
		const tenant = eq(contacts.organizationId, organizationId);
		const ids = [...new Set(choice.contactIds)];
		return sql`select ${contacts.id} as contact_id,
			row_number() over (order by ${contacts.name}, ${contacts.id}) as position
			from ${contacts} where ${and(tenant, inArray(contacts.id, ids))}`;
	}
	await requireList(ctx, organizationId, choice.listId);
	return sql`select ${members.contactId} as contact_id, ${members.position} as position
		from ${members} join ${contacts} on ${contacts.id} = ${members.contactId}
		where ${and(
			eq(members.organizationId, organizationId),
			eq(members.leadListId, choice.listId),
			fits(choice.filters)
		)}`;
}

export async function requireList(
	ctx: Context,
	organizationId: number,
	listId: string
): Promise<{ id: string; name: string }> {
	const [list] = await ctx.services.database.db
		.select({ id: leadLists.id, name: leadLists.name })
		.from(leadLists)
		.where(and(eq(leadLists.organizationId, organizationId), eq(leadLists.id, listId)));
	if (!list) throw new AppError('not_found', 'There is no such lead list.');
	return list;
}
