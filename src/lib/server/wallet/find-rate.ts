import { and, desc, inArray, lte, sql } from 'drizzle-orm';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import type { Rate } from '$lib/domain/credit/types';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { rates } from '../db/schema/wallet';

/** `''`, `4`, `49`, … up to the whole number, which has 15 digits at most: a count the planner knows ahead. */
const prefixes = sql`(select left(${sql.placeholder('digits')}::text, n) from generate_series(0, 15) n)`;

const tariffFor = writeOnce((db: Pick<Database, 'select'>) =>
	db
		.select()
		.from(rates)
		.where(and(inArray(rates.prefix, prefixes), lte(rates.effectiveFrom, sql.placeholder('now'))))
		.orderBy(desc(sql`length(${rates.prefix})`), desc(rates.effectiveFrom))
		.limit(1)
		.prepare('tariff_for')
);

/** What a minute to this number costs now. */
export async function findRateFor(ctx: Context, e164: string): Promise<Rate> {
	return (await findTariff(ctx, e164)).rate;
}

/** The rate of a number with its name: the longest prefix, and of equal ones the newest in force. */
export async function findTariff(
	ctx: Context,
	e164: string
): Promise<{ rate: Rate; description: string }> {
	const digits = e164.replace(/\D/g, '');
	const [found] = await tariffFor(ctx.services.database.quick).execute({
		digits,
		now: new Date(ctx.nowMs).toISOString()
	});
	if (!found) return { rate: DEFAULT_RATE, description: 'Default rate' };
	const { prefix, perMinute: perMinuteMicros, initialSeconds, incrementSeconds } = found;
	return {
		rate: { prefix, perMinuteMicros, initialSeconds, incrementSeconds },
		description: found.description
	};
}
