import { and, asc, inArray, lte } from 'drizzle-orm';
import type { Context } from '../context';
import { deliveries } from '../db/schema/index';
import { applyAgain, selectStored } from './stored-deliveries';

const DELIVERIES_MAX = 500;

/**
 * Tries what could not be applied when it came: we answered 2xx, so the retry is ours. How long the next
 * one waits is decided in the lane; two workers at once apply a delivery once.
 */
export async function retryDeliveries({
	ctx
}: {
	ctx: Context;
}): Promise<{ tried: number; applied: number }> {
	const due = await selectStored(ctx.services.database.db)
		.where(
			and(
				inArray(deliveries.state, ['received', 'failed']),
				lte(deliveries.nextAttemptAt, new Date(ctx.nowMs))
			)
		)
		.orderBy(asc(deliveries.nextAttemptAt))
		.limit(DELIVERIES_MAX);
	const results = await Promise.all(
		due.map((row) => applyAgain(ctx.services, row, { kind: 'retry', actor: { kind: 'job' } }))
	);
	return { tried: due.length, applied: results.filter((one) => one?.kind === 'applied').length };
}
