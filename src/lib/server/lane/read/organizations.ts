import { sql, type SQL } from 'drizzle-orm';
import type { Organization } from '$lib/domain/lane/state';
import { parseMicros } from '$lib/domain/money';
import type { PreparedTransaction } from '../../db/prepared';
import { readRefillSettings } from '../payment-rows';
import { epochMs } from './queries';
import { namedCallIds, type Named } from './named';

export interface LockedOrganizations {
	organizations: Map<number, Organization>;
	/** Those with an auto-refill: its machine is read after the lock, because what is joined to a row that
	 * had to be waited for may be older than the row. */
	refillingIds: number[];
}

export async function lockOrganizations(
	tx: PreparedTransaction,
	named: Named
): Promise<LockedOrganizations> {
	const found = await rows(
		tx,
		sql`select o.id, o.name, o.timezone, o.estimate_minutes, o.billing_mode, o.deactivation_policy,
				o.overdraft_minutes, o.overdraft_amount, m.overdraft_held_minutes, b.balance, b.held_amount,
				b.debt_amount, b.overdraft_held_amount,
				b.auto_refill_enabled, b.auto_refill_amount, b.auto_refill_threshold, b.auto_refill_monthly_cap,
				b.freezes_on_dispute, ${epochMs('b.last_refill_at')} as last_refill_at_ms, r.organization_id is not null as has_refill,
				m.total_minutes, m.used_minutes, m.held_minutes, m.debt_minutes, m.is_active, m.live_calls, m.live_seq
			from organization_call_minutes m join organizations o on o.id = m.organization_id
			join call_balance b on b.organization_id = m.organization_id
			left join auto_refills r on r.organization_id = m.organization_id
			where m.organization_id in (
				select value::int from json_array_elements_text(${JSON.stringify(named.organizationIds)}::json)
				union select c.organization_id from calls c where c.id in (${namedCallIds(named)}))
			order by m.organization_id for update of m, b, o`
	);
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

// The columns are those of the query above each call; rows.ts reads them into domain types.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export async function rows(tx: PreparedTransaction, query: SQL): Promise<any[]> {
	return tx.run(query);
}
