/** Which calls a list or an export is of: what an index finds, and what is looked at call by call. */
import { parsePhone } from '$lib/domain/phone';
import type { ListCallsInput } from '$lib/inputs';
import type { AnalyticsScope } from '../analytics/analytics-period';
import type { Context } from '../context';

const CONTACTS_MAX = 100;

/** Writes a condition: with parameters, as the driver does, or with the values in it, as `inline` does. */
type Write<Condition> = (
	parts: TemplateStringsArray,
	...values: (string | number | Condition)[]
) => Condition;

/** What an index can find: a whole number, or the contacts of a name. */
export type Target = { to: string } | { contactIds: string[] } | null;

export async function findTarget(
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

export function targetCondition<Condition>(sql: Write<Condition>, target: Target): Condition {
	if (target === null) return sql``;
	if ('to' in target) return sql`and c."to" = ${target.to}`;
	const [first, ...others] = target.contactIds;
	if (first === undefined) return sql`and false`;
	const ids = others.reduce((all, id) => sql`${all}, ${id}`, sql`${first}`);
	return sql`and c.contact_id in (${ids})`;
}

/** Conditions on a call `l`: within the period, and as the filters say. */
export function callConditions<Condition>(
	sql: Write<Condition>,
	input: ListCallsInput,
	{ period, window, timezone }: AnalyticsScope
): Condition {
	const within = window
		? sql`l.initiated_at >= to_timestamp(${window.fromMs} / 1000.0)`
		: sql`l.local_day between ${period.start}::date and ${period.end}::date`;
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
	];
	return conditions
		.filter((condition): condition is Condition => Boolean(condition))
		.reduce((all, condition) => sql`${all} ${condition}`, within);
}

/** Digits that are no whole number yet. */
function isPartOfNumber(search: string): boolean {
	return /^[\d\s()+.-]+$/.test(search) && parsePhone(search, 'US') === null;
}

function escapeLike(text: string): string {
	return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
