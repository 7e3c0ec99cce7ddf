/**
 * Supervision (RFC 8506 section 5.7): a call nobody heard of for a while is asked about at its provider,
 * so that a lost final callback, a crash or an unanswered create ends in the right charge all the same.
 */
import { sql } from 'drizzle-orm';
import type { Device } from '$lib/domain/call/call';
import type { Provider } from '$lib/domain/call/event';
import type { ApplySweep } from '$lib/domain/lane/commands';
import type { Context } from '../context';
import type { CallFinding } from '../providers/types';

const CALLS_AT_ONCE = 8;
const CALLS_MAX = 500;

interface OverdueCall extends Record<string, unknown> {
	id: string;
	provider: Provider;
	provider_call_id: string | null;
	device: Device;
	parent_call_id: string | null;
	from: string;
	to: string;
	initiated_at_ms: string;
	/** Provider ids other calls to this number have, so that no listing takes one of theirs. */
	taken: string[];
}

export interface SweepReport {
	asked: number;
	ended: number;
	claimed: number;
}

/** @param input.everyLiveCall asks about all live calls, due or not: after a restart */
export async function sweepCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: { everyLiveCall: boolean };
}): Promise<SweepReport> {
	const { db } = ctx.services.database;
	const due = input.everyLiveCall
		? sql`true`
		: sql`h.check_at <= to_timestamp(${ctx.nowMs} / 1000.0)`;
	const overdue = await db.execute<OverdueCall>(sql`
		select c.id, c.provider, c.provider_call_id, c.device, c.parent_call_id, c."from", c."to",
			(extract(epoch from c.initiated_at) * 1000)::bigint as initiated_at_ms,
			case when c.provider_call_id is null then (select coalesce(json_agg(o.provider_call_id), '[]')
				from calls o where o.provider = c.provider and o."to" = c."to" and o.provider_call_id is not null
				and o.initiated_at > c.initiated_at - interval '1 hour') else '[]' end as taken
		from credit_holds h join calls c on c.id = h.call_id
		where h.state = 'open' and ${due} order by h.check_at limit ${CALLS_MAX}`);
	let ended = 0;
	const waiting = [...overdue];
	const askNext = async () => {
		for (let call = waiting.shift(); call; call = waiting.shift()) {
			if (await sweepOne(ctx, call).catch((error) => putOff(ctx, call, error))) ended++;
		}
	};
	await Promise.all(Array.from({ length: CALLS_AT_ONCE }, askNext));
	return { asked: overdue.length, ended, claimed: await claimUnmatched(ctx) };
}

async function sweepOne(ctx: Context, call: OverdueCall): Promise<boolean> {
	const { lane, log, providers } = ctx.services;
	const adapter = providers[call.provider];
	const finding: CallFinding = adapter
		? await adapter.findCall({
				callId: call.id,
				providerCallId: call.provider_call_id,
				...(call.device === 'browser' && { browser: { parentCallId: call.parent_call_id } }),
				from: call.from,
				to: call.to,
				initiatedAtMs: Number(call.initiated_at_ms),
				takenProviderCallIds: call.taken,
				nowMs: ctx.nowMs
			})
		: { kind: 'no_answer', error: `${call.provider} is not set up here.` };
	if (finding.kind === 'no_answer') {
		log.warn({ call: call.id, provider: call.provider, reason: finding.error }, 'sweep: no answer');
	}
	const result = await lane.submit({
		kind: 'apply_sweep',
		callId: call.id,
		asked: askedOf(call),
		finding
	});
	const hasEnded = result.kind === 'swept' && result.ended;
	if (hasEnded) log.info({ call: call.id, finding: finding.kind }, 'sweep: settled a call');
	return hasEnded;
}

function askedOf({ provider, provider_call_id: providerCallId }: OverdueCall): ApplySweep['asked'] {
	return { provider, providerCallId };
}

/** A call that cannot be booked keeps neither the others nor the sweeper from going on: it is asked about later. */
async function putOff(ctx: Context, call: OverdueCall, error: unknown): Promise<false> {
	const { lane, log } = ctx.services;
	log.error({ call: call.id, err: error }, 'sweep: could not book what was found');
	await lane
		.submit({
			kind: 'apply_sweep',
			callId: call.id,
			asked: askedOf(call),
			finding: { kind: 'no_answer', error: String(error) }
		})
		.catch((again) => log.error({ call: call.id, err: again }, 'sweep: could not put it off'));
	return false;
}

/** Deliveries that came before their call was bound, in another process at the same moment. */
async function claimUnmatched(ctx: Context): Promise<number> {
	const { database, lane } = ctx.services;
	const waiting = await database.db.execute<{
		id: string;
		provider: Provider;
		provider_call_id: string;
	}>(sql`
		select distinct c.id, c.provider, d.provider_call_id from deliveries d
		join calls c on c.provider = d.provider and c.provider_call_id = d.provider_call_id
		where d.state = 'unmatched' limit ${CALLS_MAX}`);
	for (const row of waiting) {
		await lane.submit({
			kind: 'bind_provider_call',
			callId: row.id,
			provider: row.provider,
			providerCallId: row.provider_call_id
		});
	}
	return waiting.length;
}
