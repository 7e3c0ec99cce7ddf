import { sql, type SQL } from 'drizzle-orm';
import type { BilledLeg, ChargedCall } from '$lib/domain/bills/compare';
import type { Provider } from '$lib/domain/call/event';
import type { CallStatus } from '$lib/domain/call/status';
import { parseMicros } from '$lib/domain/money';
import type { Context } from '../context';

export interface KnownCost {
	costMicros: bigint | null;
	currency: string | null;
}

interface Row extends Record<string, unknown> {
	id: string;
	organization_id: number;
	provider_call_id: string | null;
	status: CallStatus;
	to: string;
	initiated_at_ms: string;
	talk_seconds: number;
	cost: string | null;
	minutes: number;
	is_live: boolean;
	provider_cost: string | null;
	provider_cost_currency: string | null;
}

const LEGS_AT_ONCE = 5_000;

/** Our calls of a day that a provider took, and every other call a leg of its bill belongs to. */
export async function readChargedCalls(
	ctx: Context,
	provider: Provider,
	day: { fromMs: number; toMs: number },
	legs: Map<string, BilledLeg>
): Promise<{ calls: ChargedCall[]; costs: Map<string, KnownCost> }> {
	const rows = new Map<string, Row>();
	const read = async (condition: SQL) => {
		const found = await ctx.services.database.db.execute<Row>(sql`
			select c.id, c.organization_id, c.provider_call_id, c.status, c."to",
				(extract(epoch from c.initiated_at) * 1000)::bigint as initiated_at_ms,
				coalesce(c.duration, 0) as talk_seconds, c.cost, c.ended_at is null as is_live,
				coalesce(c.billed_minutes, 0) - ceil(coalesce(c.wallet_seconds, 0) / 60.0)::int as minutes,
				c.provider_cost, c.provider_cost_currency
			from calls c where c.provider = ${provider} and ${condition}`);
		for (const row of found) rows.set(row.id, row);
	};
	await read(sql`c.provider_call_id is not null
		and c.initiated_at >= to_timestamp(${day.fromMs} / 1000.0)
		and c.initiated_at < to_timestamp(${day.toMs} / 1000.0)`);
	const ids = [...legs.values()].map(({ providerCallId, callId }) => ({ providerCallId, callId }));
	for (let from = 0; from < ids.length; from += LEGS_AT_ONCE) {
		const some = JSON.stringify(ids.slice(from, from + LEGS_AT_ONCE));
		await read(sql`c.provider_call_id in (select "providerCallId"
			from json_to_recordset(${some}::json) as n("providerCallId" text))`);
		await read(sql`c.id in (select "callId"
			from json_to_recordset(${some}::json) as n("callId" uuid) where "callId" is not null)`);
	}
	const all = [...rows.values()];
	return {
		calls: all.map((row) => toChargedCall(provider, row)),
		costs: new Map(all.map((row) => [row.id, toKnownCost(row)]))
	};
}

function toChargedCall(provider: Provider, row: Row): ChargedCall {
	return {
		id: row.id,
		organizationId: row.organization_id,
		provider,
		providerCallId: row.provider_call_id,
		status: row.status,
		talkSeconds: row.talk_seconds,
		to: row.to,
		initiatedAtMs: Number(row.initiated_at_ms),
		chargedMicros: row.cost === null ? 0n : parseMicros(row.cost),
		chargedMinutes: row.minutes,
		isLive: row.is_live
	};
}

function toKnownCost(row: Row): KnownCost {
	return {
		costMicros: row.provider_cost === null ? null : parseMicros(row.provider_cost),
		currency: row.provider_cost_currency
	};
}
