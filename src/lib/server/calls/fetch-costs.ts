import { sql } from 'drizzle-orm';
import type { Provider } from '$lib/domain/call/event';
import type { Context } from '../context';
import { askAboutCall, eachOf, type KnownCall } from './ask-provider';

const CALLS_AT_ONCE = 4;
const CALLS_MAX = 500;

/**
 * Asks for prices that come late: Twilio's minutes after the end, Exotel's too (PROVIDERS.md section 0,
 * point 2). Nothing waits for them; after a day without an answer the price counts as unavailable.
 */
export async function fetchCosts({
	ctx
}: {
	ctx: Context;
}): Promise<{ asked: number; known: number }> {
	const { database, lane, providers } = ctx.services;
	const delays = Object.values(providers).map(({ name, capabilities }) => ({
		provider: name,
		seconds: capabilities.costDelaySeconds ?? 0
	}));
	const due = await database.db.execute<KnownCall>(sql`
		select c.id, c.provider, c.provider_call_id, c."from", c."to",
			(extract(epoch from c.initiated_at) * 1000)::bigint as initiated_at_ms
		from calls c left join json_to_recordset(${JSON.stringify(delays)}::json) as d(provider text, seconds int)
			on d.provider = c.provider
		where c.cost_state = 'pending' and c.provider_call_id is not null
			and c.cost_check_at <= to_timestamp(${ctx.nowMs} / 1000.0)
			and c.ended_at + make_interval(secs => coalesce(d.seconds, 0)) <= to_timestamp(${ctx.nowMs} / 1000.0)
		order by c.cost_check_at limit ${CALLS_MAX}`);
	let known = 0;
	const silent = new Set<Provider>();
	await eachOf(due, CALLS_AT_ONCE, async (call) => {
		// One that does not answer is left alone until the next run: the others wait no longer for it.
		if (silent.has(call.provider)) return;
		const finding = await askAboutCall(ctx, call);
		if (finding.kind === 'no_answer') silent.add(call.provider);
		const cost = finding.kind === 'event' ? (finding.event.facts.cost ?? null) : null;
		const result = await lane.submit({ kind: 'record_cost', callId: call.id, cost });
		if (result.kind === 'known') known++;
	});
	return { asked: due.length, known };
}
