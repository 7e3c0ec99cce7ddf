/**
 * Calls of a period, newest first, by keyset. A filter that few calls meet could make one page read a
 * year of them, so each page looks at a bounded number of calls and says how far it came.
 */
import { desc, inArray } from 'drizzle-orm';
import type postgres from 'postgres';
import { momentsAround } from '$lib/domain/analytics/period';
import { firstCallIdAt, momentOfCallId } from '$lib/domain/call/call-ids';
import { parsePhone } from '$lib/domain/phone';
import type { ListCallsInput } from '$lib/inputs';
import type { CallsPageView } from '$lib/views';
import { findScope, type AnalyticsScope } from '../analytics/analytics-period';
import type { Context } from '../context';
import { calls } from '../db/schema/index';
import { selectCalls, toCallView } from './call-rows';

/** Calls one page looks at, at most: some ten milliseconds. */
const LOOKED_AT_MAX = 10_000;
const CONTACTS_MAX = 100;

type Condition = postgres.PendingQuery<postgres.Row[]>;

export async function listCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCallsInput;
}): Promise<CallsPageView> {
	const scope = await findScope(ctx, input);
	const { db } = ctx.services.database;
	const found = await findIds(ctx, scope, input);
	const ids = found.ids.slice(0, input.limit);
	const rows =
		ids.length === 0
			? []
			: await selectCalls(db).where(inArray(calls.id, ids)).orderBy(desc(calls.id));
	const isPageFull = found.ids.length > input.limit;
	const lookedTo = found.lookedAt < LOOKED_AT_MAX ? null : found.lastId;
	return {
		rows: rows.map(toCallView),
		nextCursor: isPageFull ? (ids.at(-1) ?? null) : lookedTo,
		searchedTo:
			isPageFull || lookedTo === null ? null : new Date(momentOfCallId(lookedTo)).toISOString()
	};
}

interface FoundIds {
	ids: string[];
	lookedAt: number;
	lastId: string | null;
}

async function findIds(
	ctx: Context,
	{ organizationId, period, timezone, window }: AnalyticsScope,
	input: ListCallsInput
): Promise<FoundIds> {
	const { sql } = ctx.services.database;
	const { fromMs, toMs } = momentsAround(period);
	const within = window
		? sql`l.initiated_at >= to_timestamp(${window.fromMs} / 1000.0)`
		: sql`l.local_day between ${period.start}::date and ${period.end}::date`;
	const before = input.cursor ?? firstCallIdAt(toMs);
	const target = await findTarget(ctx, organizationId, input.search);
	const filters = filtersOf(sql, input, timezone);
	const [row] = await sql<{ ids: string[]; looked_at: number; last_id: string | null }[]>`
		with looked_at as materialized (
			select c.id, c.status, c.end_reason, c.provider, c.user_id, c.country, c.local_day, c."to", c.initiated_at
			from calls c where c.organization_id = ${organizationId}
				and c.id < ${before}::uuid and c.id >= ${firstCallIdAt(fromMs)}::uuid ${conditionOf(sql, target)}
			order by c.id desc limit ${LOOKED_AT_MAX})
		select array_to_json(array(select l.id from looked_at l
				where ${within} ${filters}
				order by l.id desc limit ${input.limit + 1})) as ids,
			(select count(*)::int from looked_at) as looked_at,
			(select id from looked_at order by id limit 1) as last_id`;
	return { ids: row?.ids ?? [], lookedAt: row?.looked_at ?? 0, lastId: row?.last_id ?? null };
}

/** What an index can find: a whole number, or the contacts of a name. */
type Target = { to: string } | { contactIds: string[] } | null;

async function findTarget(
	ctx: Context,
	organizationId: number,
	search: string | undefined
): Promise<Target> {
	if (!search || isPartOfNumber(search)) return null;
	const number = /^[+\d(]/.test(search) ? parsePhone(search, 'US') : null;
	if (number) return { to: number.e164 };
	const named = `%${escapeLike(search)}%`;
	const contacts = await ctx.services.database.sql<{ id: string }[]>`
		select id from contacts
		where organization_id = ${organizationId} and (name ilike ${named} or company ilike ${named})
		order by last_called_at desc nulls last limit ${CONTACTS_MAX}`;
	return { contactIds: contacts.map(({ id }) => id) };
}

function conditionOf(sql: postgres.Sql, target: Target): Condition {
	if (target === null) return sql``;
	if ('to' in target) return sql`and c."to" = ${target.to}`;
	if (target.contactIds.length === 0) return sql`and false`;
	return sql`and c.contact_id in ${sql(target.contactIds)}`;
}

function filtersOf(sql: postgres.Sql, input: ListCallsInput, timezone: string): Condition {
	const { status, endReason, provider, userId, country, day, weekday, hour, search } = input;
	const digits = search && isPartOfNumber(search) ? search.replace(/\D/g, '') : null;
	const conditions = [
		status && sql`and l.status = ${status}`,
		endReason && sql`and coalesce(l.end_reason, l.status) = ${endReason}`,
		provider && sql`and l.provider = ${provider}`,
		userId && (userId === 'none' ? sql`and l.user_id is null` : sql`and l.user_id = ${userId}`),
		country && sql`and l.country = ${country}`,
		day && sql`and l.local_day = ${day}::date`,
		weekday !== undefined && sql`and extract(dow from l.local_day) = ${weekday}`,
		hour !== undefined &&
			sql`and extract(hour from l.initiated_at at time zone ${timezone}) = ${hour}`,
		digits && sql`and l."to" like ${`%${digits}%`}`
	].filter((condition) => condition !== undefined && condition !== false && condition !== null);
	return conditions
		.filter((condition) => condition !== '')
		.reduce<Condition>((all, condition) => sql`${all} ${condition}`, sql``);
}

/** Digits that are no whole number yet. */
function isPartOfNumber(search: string): boolean {
	return /^[\d\s()+.-]+$/.test(search) && parsePhone(search, 'US') === null;
}

function escapeLike(text: string): string {
	return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
