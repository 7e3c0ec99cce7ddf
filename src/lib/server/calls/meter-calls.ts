import { sql } from 'drizzle-orm';
import type { Call } from '$lib/domain/call/call';
import type { Context } from '../context';

const CALLS_MAX = 1_000;

/**
 * Looks at every live call whose slice is near its end, all in one batch of the lane: extends it, lets it
 * drain, or hangs it up. Runs each second; a call that is looked at twice is extended once.
 */
export async function meterCalls({
	ctx
}: {
	ctx: Context;
}): Promise<{ looked: number; cut: number }> {
	const { database, lane } = ctx.services;
	const due = await database.db.execute<{ call_id: string }>(sql`
		select h.call_id from credit_holds h
		join organization_call_minutes m on m.organization_id = h.organization_id
		join organizations o on o.id = h.organization_id
		where h.state = 'open' and (h.meter_at <= to_timestamp(${ctx.nowMs} / 1000.0)
			or (not m.is_active and (o.deactivation_policy = 'cut_now'
				and (not h.is_draining or h.meter_at <= to_timestamp(${ctx.nowMs} / 1000.0)))))
		order by h.meter_at limit ${CALLS_MAX}`);
	const results = await Promise.all(
		due.map(({ call_id: callId }) => lane.submit({ kind: 'meter_call', callId }))
	);
	const toCut = results.flatMap((result) => (result.kind === 'cut' ? [result.call] : []));
	const raised = results.flatMap((result) =>
		result.kind === 'extended' && result.raised ? [result.raised] : []
	);
	await Promise.all([
		...toCut.map((call) => hangUp(ctx, call)),
		...raised.map((call) => raiseTimeLimit(ctx, call))
	]);
	return { looked: due.length, cut: toCut.length };
}

async function raiseTimeLimit(ctx: Context, call: Call): Promise<void> {
	const adapter = ctx.services.providers[call.provider];
	if (!adapter || call.providerCallId === null) return;
	try {
		await adapter.setTimeLimit(call.providerCallId, call.timeLimitSeconds);
	} catch (error) {
		ctx.services.log.warn({ err: error, call: call.id }, 'meter: raising the time limit failed');
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
