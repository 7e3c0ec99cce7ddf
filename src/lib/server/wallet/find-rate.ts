import { and, desc, inArray, lte, sql } from 'drizzle-orm';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import type { Rate } from '$lib/domain/credit/types';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { rates } from '../db/schema/wallet';

/** `''`, `4`, `49`, … up to the whole number, which has 15 digits at most: a count the planner knows ahead. */
const prefixes = sql`(select left(${sql.placeholder('digits')}::text, n) from generate_series(0, 15) n)`;

const TARIFF_COLUMNS = {
	prefix: rates.prefix,
	perMinuteMicros: rates.perMinute,
	initialSeconds: rates.initialSeconds,
	incrementSeconds: rates.incrementSeconds,
	description: rates.description
};

/** The one row of the number whose `digits` are given, as of `now`: the longest prefix, of equal ones the newest. */
export function tariffRow(db: Pick<Database, 'select'>) {
	return db
		.select(TARIFF_COLUMNS)
		.from(rates)
		.where(and(inArray(rates.prefix, prefixes), lte(rates.effectiveFrom, sql.placeholder('now'))))
		.orderBy(desc(sql`length(${rates.prefix})`), desc(rates.effectiveFrom))
		.limit(1);
}

const tariffFor = writeOnce((db: Pick<Database, 'select'>) => tariffRow(db).prepare('tariff_for'));

/** The parameters of {@link tariffRow}. */
export function tariffOf(e164: string, nowMs: number): { digits: string; now: string } {
	return { digits: e164.replace(/\D/g, ''), now: new Date(nowMs).toISOString() };
}

/** What a minute to this number costs now. */
export async function findRateFor(ctx: Context, e164: string): Promise<Rate> {
	return (await findTariff(ctx, e164)).rate;
}

/** The rate of a number with its name: the longest prefix, and of equal ones the newest in force. */
export async function findTariff(
	ctx: Context,
	e164: string
): Promise<{ rate: Rate; description: string }> {
	const parameters = tariffOf(e164, ctx.nowMs);
	const [found] = await tariffFor(ctx.services.database.quick).execute(parameters);
	if (!found) return { rate: DEFAULT_RATE, description: 'Default rate' };
	const { description, ...rate } = found;
	return { rate, description };
}
