/**
 * The provider's bill of a day against our calls of that day. Made again, it replaces what it found the
 * time before; a listing that breaks off leaves that as it was, and says so.
 */
import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { compareBill, type BilledLeg, type BillFinding } from '$lib/domain/bills/compare';
import { formatMicros } from '$lib/domain/money';
import type { CheckBillInput } from '$lib/inputs';
import type { BillCheckView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import type { ProviderAdapter } from '../providers/types';
import { getBillCheck } from './bill-rows';
import { readChargedCalls, type KnownCost } from './read-charged-calls';

const DAY_MS = 86_400_000;
/** A call may start for the provider a moment after midnight that we placed before it. */
const MARGIN_MS = 3_600_000;
const ROWS_AT_ONCE = 1_000;

export async function checkProviderBill({
	ctx,
	input
}: {
	ctx: Context;
	input: CheckBillInput;
}): Promise<BillCheckView> {
	requirePermission(ctx, 'bills.check');
	const adapter = ctx.services.providers[input.provider];
	if (!adapter) throw invalid('provider', `provider ${input.provider} is not set up here.`);
	const fromMs = Date.parse(`${input.day}T00:00:00Z`);
	if (fromMs > ctx.nowMs) throw invalid('day', `day must not lie in the future: ${input.day}.`);
	const day = { fromMs, toMs: fromMs + DAY_MS };

	const legs = await listLegs(ctx, adapter, input, day);
	const { calls, costs } = await readChargedCalls(ctx, input.provider, day, legs);
	const findings = compareBill(legs.values(), calls, day);
	await replaceFindings(ctx, input, findings);
	await recordCosts(ctx, findings, costs);
	return getBillCheck(ctx, input);
}

function invalid(field: string, sentence: string): AppError {
	return new AppError('invalid', sentence, { [field]: sentence });
}

/** Every leg once, however often the pages repeat it. */
async function listLegs(
	ctx: Context,
	adapter: ProviderAdapter,
	input: CheckBillInput,
	day: { fromMs: number; toMs: number }
): Promise<Map<string, BilledLeg>> {
	const legs = new Map<string, BilledLeg>();
	const period = { fromMs: day.fromMs - MARGIN_MS, toMs: day.toMs + MARGIN_MS };
	try {
		for await (const leg of adapter.listBill(period)) legs.set(leg.providerCallId, leg);
		return legs;
	} catch (error) {
		const note = `${input.provider} did not give its bill: ${error instanceof Error ? error.message : String(error)}`;
		ctx.services.log.warn({ err: error, ...input }, 'bill check: the listing failed');
		await ctx.services.database.db.execute(sql`
			insert into provider_bill_checks (id, provider, day, state, note, checked_at)
			values (${uuid()}, ${input.provider}, ${input.day}, 'failed', ${note.slice(0, 300)}, to_timestamp(${ctx.nowMs} / 1000.0))
			on conflict (provider, day) do update set state = 'failed', note = excluded.note,
				checked_at = excluded.checked_at`);
		throw new AppError('provider_failed', `The bill was not checked. ${note.slice(0, 200)}`);
	}
}

async function replaceFindings(
	ctx: Context,
	input: CheckBillInput,
	findings: BillFinding[]
): Promise<void> {
	const count = (kind: BillFinding['kind']) => findings.filter((one) => one.kind === kind).length;
	const dollars = findings.filter(({ currency }) => currency === 'USD');
	const cost = dollars.reduce((sum, { costMicros }) => sum + (costMicros ?? 0n), 0n);
	const charged = findings.reduce((sum, { chargedMicros }) => sum + (chargedMicros ?? 0n), 0n);
	const minutes = findings.reduce((sum, { chargedMinutes }) => sum + (chargedMinutes ?? 0), 0);
	await ctx.services.database.db.transaction(async (tx) => {
		const [check] = await tx.execute<{ id: string }>(sql`
			insert into provider_bill_checks (id, provider, day, state, note, matches, provider_only, ours_only,
				mismatches, provider_cost, charged, charged_minutes, checked_at)
			values (${uuid()}, ${input.provider}, ${input.day}, 'done', null, ${count('match')},
				${count('provider_only')}, ${count('ours_only')}, ${count('mismatch')}, ${formatMicros(cost, 6)},
				${formatMicros(charged, 6)}, ${minutes}, to_timestamp(${ctx.nowMs} / 1000.0))
			on conflict (provider, day) do update set state = excluded.state, note = excluded.note,
				matches = excluded.matches, provider_only = excluded.provider_only, ours_only = excluded.ours_only,
				mismatches = excluded.mismatches, provider_cost = excluded.provider_cost, charged = excluded.charged,
				charged_minutes = excluded.charged_minutes, checked_at = excluded.checked_at
			returning id`);
		await tx.execute(sql`delete from provider_bill_findings where check_id = ${check?.id}`);
		for (let from = 0; from < findings.length; from += ROWS_AT_ONCE) {
			const records = findings.slice(from, from + ROWS_AT_ONCE).map(toRecord);
			await tx.execute(sql`
				insert into provider_bill_findings (check_id, kind, note, provider_call_id, organization_id, call_id, "to",
					started_at, our_status, provider_status, our_seconds, provider_seconds, provider_cost, currency,
					charged, charged_minutes, margin)
				select ${check?.id}::uuid, kind, note, "providerCallId", "organizationId", "callId", "to",
					to_timestamp("startedAtMs" / 1000.0), "ourStatus", "providerStatus", "ourSeconds", "providerSeconds",
					"costMicros", currency, "chargedMicros", "chargedMinutes", "marginMicros"
				from json_to_recordset(${JSON.stringify(records)}::json) as r(kind text, note text, "providerCallId" text,
					"organizationId" int, "callId" uuid, "to" text, "startedAtMs" bigint, "ourStatus" text,
					"providerStatus" text, "ourSeconds" int, "providerSeconds" numeric, "costMicros" numeric,
					currency text, "chargedMicros" numeric, "chargedMinutes" int, "marginMicros" numeric)`);
		}
	});
}

function toRecord(finding: BillFinding): object {
	const entries = Object.entries(finding).map(([name, value]) => [
		name,
		typeof value === 'bigint' ? formatMicros(value, 6) : value
	]);
	return Object.fromEntries(entries);
}

/** The bill knows the price of every leg: what a call cost is set from it where we had another, or none. */
async function recordCosts(
	ctx: Context,
	findings: BillFinding[],
	costs: Map<string, KnownCost>
): Promise<void> {
	const { lane } = ctx.services;
	for (const { callId, costMicros, currency } of findings) {
		if (callId === null || costMicros === null || currency === null) continue;
		const known = costs.get(callId);
		if (known?.costMicros === costMicros && known.currency === currency) continue;
		await lane.submit({
			kind: 'record_cost',
			callId,
			cost: { amount: formatMicros(costMicros, 6), currency }
		});
	}
}
