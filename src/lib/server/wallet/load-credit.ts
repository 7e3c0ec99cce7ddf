import { and, eq, gt } from 'drizzle-orm';
import type { Credit } from '$lib/domain/credit/types';
import type { Database } from '../db/client';
import {
	callBalance,
	minuteAllocations,
	organizationCallMinutes as minutes,
	organizations
} from '../db/schema/index';

export interface LoadedCredit {
	organization: typeof organizations.$inferSelect;
	isActive: boolean;
	credit: Credit;
}

/** The credit of an organisation as the rules know it, read without a lock: to answer, not to promise. */
export async function loadCredit(
	db: Database,
	organizationId: number
): Promise<LoadedCredit | null> {
	const [[row], lots] = await Promise.all([
		db
			.select({ organization: organizations, minutes, wallet: callBalance })
			.from(organizations)
			.innerJoin(minutes, eq(minutes.organizationId, organizations.id))
			.innerJoin(callBalance, eq(callBalance.organizationId, organizations.id))
			.where(eq(organizations.id, organizationId)),
		db
			.select()
			.from(minuteAllocations)
			.where(
				and(
					eq(minuteAllocations.organizationId, organizationId),
					gt(minuteAllocations.remainingMinutes, 0)
				)
			)
	]);
	if (!row) return null;
	return {
		organization: row.organization,
		isActive: row.minutes.isActive,
		credit: {
			totalMinutes: row.minutes.totalMinutes,
			usedMinutes: row.minutes.usedMinutes,
			heldMinutes: row.minutes.heldMinutes,
			debtMinutes: row.minutes.debtMinutes,
			lots: lots.map((lot) => ({
				id: lot.id,
				remainingMinutes: lot.remainingMinutes,
				heldMinutes: lot.heldMinutes,
				priority: lot.priority,
				expiresAtMs: lot.expiresAt?.getTime() ?? null,
				createdAtMs: lot.createdAt.getTime()
			})),
			balanceMicros: row.wallet.balance,
			heldMicros: row.wallet.heldAmount,
			debtMicros: row.wallet.debtAmount,
			overdraftHeldMinutes: row.minutes.overdraftHeldMinutes,
			overdraftHeldMicros: row.wallet.overdraftHeldAmount,
			overdraftLimitMinutes: row.organization.overdraftMinutes,
			overdraftLimitMicros: row.organization.overdraftAmount,
			mode: row.organization.billingMode
		}
	};
}
