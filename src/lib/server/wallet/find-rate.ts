import { and, desc, inArray, lte, sql } from 'drizzle-orm';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import type { Rate } from '$lib/domain/credit/types';
import type { Context } from '../context';
import { rates } from '../db/schema/wallet';

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
	const prefixes = Array.from({ length: digits.length + 1 }, (_, length) =>
		digits.slice(0, length)
	);
	const [found] = await ctx.services.database.db
		.select()
		.from(rates)
		.where(and(inArray(rates.prefix, prefixes), lte(rates.effectiveFrom, new Date(ctx.nowMs))))
		.orderBy(desc(sql`length(${rates.prefix})`), desc(rates.effectiveFrom))
		.limit(1);
	if (!found) return { rate: DEFAULT_RATE, description: 'Default rate' };
	const { prefix, perMinute: perMinuteMicros, initialSeconds, incrementSeconds } = found;
	return {
		rate: { prefix, perMinuteMicros, initialSeconds, incrementSeconds },
		description: found.description
	};
}
