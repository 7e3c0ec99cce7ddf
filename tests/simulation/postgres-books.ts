/** The books of organisations as Postgres has them, read with plain SQL. */
import type { Sql } from '$lib/server/db/prepared';
import type { Books } from './books';

/** Reads what the driver gives for `numeric(18,6)`. */
function micros(text: unknown): bigint {
	return BigInt(String(text).replace('.', ''));
}

function microsOrNull(text: unknown): bigint | null {
	return text === null ? null : micros(text);
}

function numberOrNull(value: unknown): number | null {
	return value === null ? null : Number(value);
}

export async function readBooks(sql: Sql, id: number): Promise<Books> {
	const [credit, lots, calls, holds, debts, usage, transactions, history, heard, consumed, days] =
		await Promise.all([
			sql`select m.*, b.balance, b.held_amount, b.debt_amount, b.overdraft_held_amount
				from organization_call_minutes m join call_balance b using (organization_id)
				where organization_id = ${id}`,
			sql`select id, remaining_minutes, held_minutes from minute_allocations
				where organization_id = ${id} and remaining_minutes <> 0`,
			sql`select *, to_char(local_day, 'YYYY-MM-DD') as day,
					round(extract(epoch from answered_at) * 1000) as answered_ms,
					round(extract(epoch from ended_at) * 1000) as ended_ms
				from calls where organization_id = ${id}`,
			sql`select * from credit_holds where organization_id = ${id} and state = 'open'`,
			sql`select * from debts where organization_id = ${id}`,
			sql`select * from call_minutes_usage_log where organization_id = ${id}`,
			sql`select * from balance_transactions where organization_id = ${id} order by seq`,
			sql`select * from call_minutes_allocation_history where organization_id = ${id}`,
			sql`select call_id, delivery_id from call_status_events
				where organization_id = ${id} and delivery_id is not null`,
			sql`select * from consumptions where organization_id = ${id}`,
			sql`select *, to_char(day, 'YYYY-MM-DD') as local_day from call_stats_daily
				where organization_id = ${id}`
		]);
	const [row] = credit;
	if (!row) throw new Error(`There is no organisation ${id}.`);
	return {
		credit: {
			totalMinutes: row.total_minutes,
			usedMinutes: row.used_minutes,
			heldMinutes: row.held_minutes,
			debtMinutes: row.debt_minutes,
			liveCalls: row.live_calls,
			isActive: row.is_active,
			balanceMicros: micros(row.balance),
			heldMicros: micros(row.held_amount),
			debtMicros: micros(row.debt_amount),
			overdraftHeldMinutes: row.overdraft_held_minutes,
			overdraftHeldMicros: micros(row.overdraft_held_amount)
		},
		lots: lots.map((lot) => ({
			id: lot.id,
			remaining: lot.remaining_minutes,
			held: lot.held_minutes
		})),
		calls: calls.map((call) => ({
			id: call.id,
			sid: call.provider_call_id,
			status: call.status,
			endReason: call.end_reason,
			localDay: call.day,
			answeredAtMs: numberOrNull(call.answered_ms),
			endedAtMs: numberOrNull(call.ended_ms),
			talkSeconds: call.duration,
			billedMinutes: call.billed_minutes,
			walletSeconds: call.wallet_seconds,
			costMicros: microsOrNull(call.cost)
		})),
		holds: holds.map((hold) => ({
			callId: hold.call_id,
			parts: hold.parts,
			walletMicros: micros(hold.wallet_amount),
			walletSeconds: hold.wallet_seconds,
			overdraftMinutes: hold.overdraft_minutes,
			overdraftMicros: micros(hold.overdraft_amount)
		})),
		debts: debts.map((debt) => ({
			callId: debt.call_id,
			minutes: debt.minutes,
			remainingMinutes: debt.remaining_minutes,
			amountMicros: micros(debt.amount),
			remainingMicros: micros(debt.remaining_amount),
			convertedMinutes: debt.converted_minutes,
			convertedMicros: micros(debt.converted_amount)
		})),
		usage: usage.map((one) => ({
			callId: one.call_id,
			allocationId: one.allocation_id,
			minutes: one.minutes_consumed,
			isExternal: one.is_external,
			settlesDebt: one.settles_debt
		})),
		transactions: transactions.map((one) => ({
			type: one.type,
			amountMicros: micros(one.amount),
			beforeMicros: micros(one.balance_before),
			afterMicros: micros(one.balance_after),
			callId: one.call_id
		})),
		history: history.map((one) => ({
			allocationId: one.allocation_id,
			kind: one.kind,
			minutes: one.minutes
		})),
		heard: heard.map((one) => ({ callId: one.call_id, deliveryId: one.delivery_id })),
		consumptions: consumed.map((one) => ({
			externalCallId: one.call_id,
			minutes: one.minutes,
			shortMinutes: one.short_minutes
		})),
		days: days.map((day) => ({
			day: day.local_day,
			country: day.country,
			total: day.total,
			completed: day.completed,
			failed: day.failed,
			cancelled: day.cancelled,
			talkSeconds: Number(day.talk_seconds),
			billedMinutes: Number(day.billed_minutes)
		}))
	};
}

/** What only a database can have wrong. */
export async function findTableBreaches(sql: Sql, ids: number[]): Promise<string[]> {
	const gaps = await sql`
		select m.organization_id as id, m.live_seq, count(e.seq) as events, max(e.seq) as last
		from organization_call_minutes m left join live_events e using (organization_id)
		where m.organization_id in ${sql(ids)} group by 1, 2
		having count(e.seq) <> m.live_seq or coalesce(max(e.seq), 0) <> m.live_seq`;
	const left = await sql`
		select d.id, c.id as call_id from deliveries d
		join calls c on c.provider = d.provider and c.provider_call_id = d.provider_call_id
		where d.state = 'unmatched' and c.organization_id in ${sql(ids)}`;
	return [
		...gaps.map(
			(row) =>
				`organisation ${row.id} counts ${row.live_seq} live events, has ${row.events}, the last is ${row.last}`
		),
		...left.map((row) => `delivery ${row.id} waits for call ${row.call_id}, which is known`)
	];
}
