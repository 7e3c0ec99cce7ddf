import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Call } from '$lib/domain/call/call';
import type { Provider } from '$lib/domain/call/event';
import type { Context } from '../context';

const CALLS_MAX = 1_000;
/** A raise comes at least twenty seconds before the network would end the call: time to try again. */
const RAISE_PAUSES_MS = [1_000, 3_000, 9_000];

export interface MeterLook {
	looked: number;
	/** Calls whose credit is used up: to be hung up. */
	toCut: Call[];
	/** Calls that go on for longer than the provider was told. */
	toRaise: Call[];
}

/**
 * Looks at every live call whose slice is near its end, all in one batch of the lane: extends it, lets it
 * drain, or says that it must be hung up. A call that is looked at twice is extended once.
 */
export async function lookAtSlices({ ctx }: { ctx: Context }): Promise<MeterLook> {
	const { database, lane, providers } = ctx.services;
	const due = await database.db.execute<{ call_id: string; provider: Provider }>(sql`
		select h.call_id, c.provider from credit_holds h
		join calls c on c.id = h.call_id
		join organization_call_minutes m on m.organization_id = h.organization_id
		join organizations o on o.id = h.organization_id
		where h.state = 'open' and (h.meter_at <= to_timestamp(${ctx.nowMs} / 1000.0)
			or (not m.is_active and (o.deactivation_policy = 'cut_now'
				and (not h.is_draining or h.meter_at <= to_timestamp(${ctx.nowMs} / 1000.0)))))
		order by h.meter_at limit ${CALLS_MAX}`);
	const decided = await Promise.allSettled(
		due.map(({ call_id: callId, provider }) =>
			lane.submit({
				kind: 'meter_call',
				callId,
				canBeCut: providers[provider]?.capabilities.canHangUp ?? true
			})
		)
	);
	// What was decided of the others is acted on, whatever one of them met.
	const results = decided.flatMap((one, index) => {
		if (one.status === 'fulfilled') return [one.value];
		const call = due[index]?.call_id;
		ctx.services.log.error({ call, err: one.reason }, 'meter: could not look at a call');
		return [];
	});
	return {
		looked: due.length,
		toCut: results.flatMap((result) => (result.kind === 'cut' ? [result.call] : [])),
		toRaise: results.flatMap((result) =>
			result.kind === 'extended' && result.raised ? [result.raised] : []
		)
	};
}

/** Tells the providers what the meter found. Resolves when all of them have answered or failed. */
export async function actOnLook(ctx: Context, { toCut, toRaise }: MeterLook): Promise<void> {
	await Promise.all([
		...toCut.map((call) => hangUp(ctx, call)),
		...toRaise.map((call) => raiseTimeLimit(ctx, call))
	]);
}

/** One look and everything that follows from it. */
export async function meterCalls({
	ctx
}: {
	ctx: Context;
}): Promise<{ looked: number; cut: number }> {
	const look = await lookAtSlices({ ctx });
	await actOnLook(ctx, look);
	return { looked: look.looked, cut: look.toCut.length };
}

async function raiseTimeLimit(ctx: Context, call: Call): Promise<void> {
	const adapter = ctx.services.providers[call.provider];
	if (!adapter || call.providerCallId === null) return;
	for (const pauseMs of [...RAISE_PAUSES_MS, null]) {
		try {
			return await adapter.setTimeLimit(call.providerCallId, call.timeLimitSeconds);
		} catch (error) {
			ctx.services.log.warn({ err: error, call: call.id }, 'meter: raising the time limit failed');
			if (pauseMs !== null) await sleep(pauseMs, undefined, { ref: false });
		}
	}
}

/** A hang-up that fails is tried again at the meter's next look; the final callback closes the books. */
async function hangUp(ctx: Context, call: Call): Promise<void> {
	const adapter = ctx.services.providers[call.provider];
	const leg = call.providerCallId ?? call.parentCallId;
	if (!adapter || leg === null) return;
	try {
		await adapter.hangUp(leg);
		ctx.services.log.info({ call: call.id }, 'meter: credit used up, the call was ended');
	} catch (error) {
		ctx.services.log.warn({ err: error, call: call.id }, 'meter: hang up failed, trying again');
	}
}
