import { and, desc, eq, lt } from 'drizzle-orm';
import { billedMinutes } from '$lib/domain/call/billing';
import { formatMicros } from '$lib/domain/money';
import type { ListEndConflictsInput } from '$lib/inputs';
import type { EndConflictView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { callEndConflicts as conflicts, calls, organizations } from '../db/schema/index';

const PAGE_ROWS = 50;

/**
 * Calls that two deliveries ended differently: what was charged, what the other one said, and what the
 * provider answered when asked, with the money.
 */
export async function listEndConflicts({
	ctx,
	input
}: {
	ctx: Context;
	input: ListEndConflictsInput;
}): Promise<Page<EndConflictView>> {
	requirePermission(ctx, 'bills.read');
	const { state, cursor } = input;
	const rows = await ctx.services.database.db
		.select({ conflict: conflicts, call: calls, organizationName: organizations.name })
		.from(conflicts)
		.innerJoin(calls, eq(calls.id, conflicts.callId))
		.innerJoin(organizations, eq(organizations.id, conflicts.organizationId))
		.where(
			and(
				state && eq(conflicts.state, state),
				cursor === undefined ? undefined : lt(conflicts.deliveryId, cursor)
			)
		)
		.orderBy(desc(conflicts.deliveryId))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(({ conflict, call, organizationName }) => {
			const isAnswered = conflict.providerStatus !== null;
			const isTalk = conflict.providerStatus === 'completed';
			return {
				deliveryId: conflict.deliveryId,
				organizationId: conflict.organizationId,
				organizationName,
				callId: conflict.callId,
				provider: call.provider,
				state: conflict.state,
				ourStatus: conflict.ourStatus,
				ourSeconds: conflict.ourSeconds,
				saidStatus: conflict.saidStatus,
				saidSeconds: conflict.saidSeconds,
				providerStatus: conflict.providerStatus,
				providerSeconds: conflict.providerSeconds,
				billedMinutes: call.billedMinutes ?? 0,
				minutesByProvider: isAnswered
					? billedMinutes(isTalk ? (conflict.providerSeconds ?? 0) : 0)
					: null,
				charged: formatMicros(call.cost ?? 0n, 6),
				ratePerMinute: formatMicros(call.ratePerMinute, 6),
				createdAt: conflict.createdAt.toISOString(),
				resolvedAt: conflict.resolvedAt?.toISOString() ?? null
			};
		}),
		nextCursor: rows.length > PAGE_ROWS ? (shown.at(-1)?.conflict.deliveryId ?? null) : null
	};
}
