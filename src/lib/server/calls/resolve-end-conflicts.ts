import { sql } from 'drizzle-orm';
import { nextTrySeconds, type Backoff } from '$lib/domain/backoff';
import { isTerminal, type CallStatus } from '$lib/domain/call/status';
import type { Context } from '../context';
import type { CallFinding } from '../providers/types';
import { askAboutCall, eachOf, type KnownCall } from './ask-provider';

const CONFLICTS_AT_ONCE = 4;
const CONFLICTS_MAX = 200;
const ASK_AGAIN: Backoff = { firstSeconds: 60, factor: 4, longestSeconds: 21_600, attemptsMax: 8 };

interface Conflict extends KnownCall {
	delivery_id: string;
	attempts: number;
	our_status: CallStatus;
	our_seconds: number;
}

interface Verdict {
	state: 'open' | 'confirmed' | 'contradicted' | 'unanswered';
	status: string | null;
	seconds: number | null;
	nextAttemptAtMs: number | null;
	/** For the delivery that told of the other end. */
	note: string | null;
}

/**
 * Two deliveries ended one call differently: asks the provider which is true, and keeps what it says. The
 * call was charged by the first one and stays so; where the provider contradicts it, the finding waits
 * for a person, who corrects with money of its own (an adjustment) and a reason.
 */
export async function resolveEndConflicts({
	ctx
}: {
	ctx: Context;
}): Promise<{ asked: number; contradicted: number }> {
	const { db } = ctx.services.database;
	const due = await db.execute<Conflict>(sql`
		select f.delivery_id, f.attempts, c.status as our_status, coalesce(c.duration, 0) as our_seconds, c.id,
			c.provider, c.provider_call_id, c."from", c."to",
			(extract(epoch from c.initiated_at) * 1000)::bigint as initiated_at_ms
		from call_end_conflicts f join calls c on c.id = f.call_id
		where f.state = 'open' and f.next_attempt_at <= to_timestamp(${ctx.nowMs} / 1000.0)
			and c.provider_call_id is not null
		order by f.next_attempt_at limit ${CONFLICTS_MAX}`);
	let contradicted = 0;
	await eachOf(due, CONFLICTS_AT_ONCE, async (conflict) => {
		const verdict = judge(conflict, await askAboutCall(ctx, conflict), ctx.nowMs);
		await keep(ctx, conflict, verdict);
		if (verdict.state !== 'contradicted') return;
		contradicted++;
		ctx.services.log.warn(
			{ call: conflict.id, provider: conflict.provider, note: verdict.note },
			'the provider contradicts a charged call'
		);
	});
	return { asked: due.length, contradicted };
}

function judge(conflict: Conflict, finding: CallFinding, nowMs: number): Verdict {
	const ours = `${conflict.our_status}, ${conflict.our_seconds} s`;
	if (finding.kind === 'never_existed') {
		const note = `The provider knows no such call; ${ours} was charged.`;
		return { state: 'contradicted', status: 'unknown', seconds: null, nextAttemptAtMs: null, note };
	}
	const event = finding.kind === 'event' ? finding.event : null;
	if (!event || event.status === null || !isTerminal(event.status) || event.problems.length > 0) {
		const seconds = nextTrySeconds(ASK_AGAIN, conflict.attempts + 1);
		const nextAttemptAtMs = seconds === null ? null : nowMs + seconds * 1000;
		const state = seconds === null ? 'unanswered' : 'open';
		return { state, status: null, seconds: null, nextAttemptAtMs, note: null };
	}
	const told = { status: event.status, seconds: event.talkSeconds ?? 0, nextAttemptAtMs: null };
	const isOurs = told.status === conflict.our_status && told.seconds === conflict.our_seconds;
	return isOurs
		? { ...told, state: 'confirmed', note: `Asked, the provider confirms ${ours}.` }
		: {
				...told,
				state: 'contradicted',
				note: `Asked, the provider says ${told.status}, ${told.seconds} s; ${ours} was charged.`
			};
}

async function keep(ctx: Context, conflict: Conflict, verdict: Verdict): Promise<void> {
	const { state, status, seconds, nextAttemptAtMs, note } = verdict;
	const isResolved = state !== 'open';
	await ctx.services.database.db.transaction(async (tx) => {
		const kept = await tx.execute(sql`
			update call_end_conflicts set state = ${state}, provider_status = ${status}, provider_seconds = ${seconds},
				attempts = attempts + 1, next_attempt_at = to_timestamp(${nextAttemptAtMs}::bigint / 1000.0),
				resolved_at = case when ${isResolved} then to_timestamp(${ctx.nowMs} / 1000.0) end
			where delivery_id = ${conflict.delivery_id} and state = 'open' returning 1`);
		if (kept.length === 0 || note === null) return;
		await tx.execute(sql`
			update deliveries set note = ${note} where id = ${conflict.delivery_id}`);
	});
}
