import { sql } from 'drizzle-orm';
import type { Guard } from '$lib/domain/fraud/guard';
import type { Organization } from '$lib/domain/lane/state';
import { parseMicros } from '$lib/domain/money';
import type { PreparedTransaction, Statement } from '../../db/prepared';
import { readRefillSettings } from '../payment-rows';
import { epochMs } from './queries';
import type { Named } from './named';
import { array, writeByWay, type Parameters } from './parameters';

export interface LockedOrganizations {
	organizations: Map<number, Organization>;
	/** Those with an auto-refill: its machine is read after the lock, because what is joined to a row that
	 * had to be waited for may be older than the row. */
	refillingIds: number[];
}

const organizationsQuery = writeByWay(
	(callIds) => sql`
		select o.id, o.name, o.timezone, o.estimate_minutes, o.billing_mode, o.deactivation_policy,
			o.overdraft_minutes, o.overdraft_amount, m.overdraft_held_minutes, b.balance, b.held_amount,
			b.debt_amount, b.overdraft_held_amount,
			b.auto_refill_enabled, b.auto_refill_amount, b.auto_refill_threshold, b.auto_refill_monthly_cap,
			b.freezes_on_dispute, ${epochMs('b.last_refill_at')} as last_refill_at_ms, r.organization_id is not null as has_refill,
			o.country, o.allowed_countries, o.price_ceiling, o.hourly_cap, o.is_trusted, ${epochMs('o.created_at')} as created_at_ms,
			m.guard_levels, m.guard_reason, ${epochMs('m.guard_tripped_at')} as guard_tripped_at_ms,
			m.total_minutes, m.used_minutes, m.held_minutes, m.debt_minutes, m.is_active, m.live_calls, m.live_seq
		from organization_call_minutes m join organizations o on o.id = m.organization_id
		join call_balance b on b.organization_id = m.organization_id
		left join auto_refills r on r.organization_id = m.organization_id
		where m.organization_id = any(${array('organizationIds', 'int')} ||
			array(select c.organization_id from calls c where c.id = any(${callIds})))
		order by m.organization_id for update of m, b, o`
);

/** Those the commands name, and those whose calls they name. */
export async function lockOrganizations(
	tx: PreparedTransaction,
	named: Named,
	parameters: Parameters
): Promise<LockedOrganizations> {
	const query = organizationsQuery(named, ['callIds', 'providerCalls', 'parentCalls']);
	const found = await rows(tx, query, parameters);
	const organizations = new Map<number, Organization>(
		found.map((row) => [
			row.id,
			{
				id: row.id,
				name: row.name,
				timezone: row.timezone,
				isActive: row.is_active,
				estimateMinutes: row.estimate_minutes,
				deactivationPolicy: row.deactivation_policy,
				autoRefill: readRefillSettings(row),
				freezesOnDispute: row.freezes_on_dispute,
				guard: readGuard(row),
				liveCalls: row.live_calls,
				liveSeq: Number(row.live_seq),
				credit: {
					totalMinutes: row.total_minutes,
					usedMinutes: row.used_minutes,
					heldMinutes: row.held_minutes,
					debtMinutes: row.debt_minutes,
					lots: [],
					balanceMicros: parseMicros(row.balance),
					heldMicros: parseMicros(row.held_amount),
					debtMicros: parseMicros(row.debt_amount),
					overdraftHeldMinutes: row.overdraft_held_minutes,
					overdraftHeldMicros: parseMicros(row.overdraft_held_amount),
					overdraftLimitMinutes: row.overdraft_minutes,
					overdraftLimitMicros: parseMicros(row.overdraft_amount),
					mode: row.billing_mode
				}
			}
		])
	);
	const isRefilling = (row: { auto_refill_enabled: boolean; has_refill: boolean }) =>
		row.auto_refill_enabled || row.has_refill || named.paymentIds.length > 0;
	const refillingIds = found.filter(isRefilling).map((row) => row.id);
	return { organizations, refillingIds };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the columns are those of the query above
function readGuard(row: any): Guard {
	return {
		countries: [row.country, ...row.allowed_countries],
		priceCeilingMicros: parseMicros(row.price_ceiling),
		hourlyCapMicros: row.hourly_cap === null ? null : parseMicros(row.hourly_cap),
		isTrusted: row.is_trusted,
		createdAtMs: Number(row.created_at_ms),
		...row.guard_levels,
		trippedAtMs: row.guard_tripped_at_ms === null ? null : Number(row.guard_tripped_at_ms),
		tripReason: row.guard_reason
	};
}

/** The columns are those of the statement; rows.ts reads them into domain types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Rows = any[];

export function rows(
	tx: PreparedTransaction,
	statement: Statement,
	values: Parameters
): Promise<Rows> {
	return tx.run(statement, values);
}
