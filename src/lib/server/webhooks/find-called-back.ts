import { and, desc, eq, gte, isNotNull } from 'drizzle-orm';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import { identityOf } from '$lib/domain/call/identity';
import { calls, organizationCallMinutes as credit, users } from '../db/schema/index';
import type { Services } from '../services';

/** After that nobody remembers who has called. */
const CALLS_BACK_WITHIN_MS = 30 * 24 * 3_600_000;

/**
 * Who called a number from a browser last, with the number that is being called now, when they can still be
 * reached: of whatever organisation, because numbers are shared.
 * @returns their browser's name at the provider; null when nobody did, or may take calls any longer
 */
export async function findCalledBack(
	{ database, clock }: Services,
	{ from, to }: { from: string; to: string }
): Promise<{ identity: string } | null> {
	const [last] = await database.db
		.select({ userId: calls.userId, disabledAt: users.disabledAt, isActive: credit.isActive })
		.from(calls)
		.innerJoin(users, eq(users.id, calls.userId))
		.innerJoin(credit, eq(credit.organizationId, calls.organizationId))
		.where(
			and(
				eq(calls.to, from),
				eq(calls.from, to),
				eq(calls.device, 'browser'),
				isNotNull(calls.userId),
				gte(calls.id, firstCallIdAt(clock() - CALLS_BACK_WITHIN_MS))
			)
		)
		.orderBy(desc(calls.id))
		.limit(1);
	if (!last?.userId || last.disabledAt !== null || !last.isActive) return null;
	return { identity: identityOf(last.userId) };
}
