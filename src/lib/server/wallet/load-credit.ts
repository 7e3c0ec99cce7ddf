import { and, eq, gt, sql } from 'drizzle-orm';
import type { Guard } from '$lib/domain/fraud/guard';
import type { Credit } from '$lib/domain/credit/types';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import {
	callBalance,
	minuteAllocations,
	organizationCallMinutes as minutes,
	organizations
} from '../db/schema/index';

/** A row for each allocation with something left, or one without any. */
const creditRows = writeOnce((db: Pick<Database, 'select'>) =>
	db
		.select({ organization: organizations, minutes, wallet: callBalance, lot: minuteAllocations })
		.from(organizations)
		.innerJoin(minutes, eq(minutes.organizationId, organizations.id))
		.innerJoin(callBalance, eq(callBalance.organizationId, organizations.id))
		.leftJoin(
			minuteAllocations,
			and(
				eq(minuteAllocations.organizationId, organizations.id),
				gt(minuteAllocations.remainingMinutes, 0)
			)
		)
		.where(eq(organizations.id, sql.placeholder('organizationId')))
		.prepare('credit_rows')
);

export interface LoadedCredit {
	organization: typeof organizations.$inferSelect;
	isActive: boolean;
	credit: Credit;
	/** What of the toll-fraud guard stands whatever is called. */
	guard: Pick<Guard, 'countries' | 'priceCeilingMicros' | 'trippedAtMs'>;
}

/** The credit of an organisation as the rules know it, read without a lock: to answer, not to promise. */
export async function loadCredit(
	db: Pick<Database, 'select'>,
	organizationId: number
): Promise<LoadedCredit | null> {
	const rows = await creditRows(db).execute({ organizationId });
	const [row] = rows;
	if (!row) return null;
	const lots = rows.flatMap(({ lot }) => (lot ? [lot] : []));
	return {
		organization: row.organization,
		isActive: row.minutes.isActive,
		guard: {
			countries: [row.organization.country, ...row.organization.allowedCountries],
			priceCeilingMicros: row.organization.priceCeiling,
			trippedAtMs: row.minutes.guardTrippedAt?.getTime() ?? null
		},
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
