/**
 * A phone provider without wires: calls ring, are answered, talk and end as their own random sequence
 * says. It is the truth of a run: what it says a call talked is what must be charged in the end.
 */
import type { CallStatus } from '$lib/domain/call/status';
import type { CallFinding } from '$lib/server/providers/types';
import type { Random } from './random';

export type Outcome = { kind: 'accepted'; sid: string } | { kind: 'refused' } | { kind: 'unknown' };

/** One change of one call, as the network will tell it. */
export interface Happening {
	sid: string;
	callId: string;
	status: CallStatus;
	endReason: string | null;
	atMs: number;
	talkSeconds: number | null;
}

interface ProviderCall {
	sid: string;
	callId: string;
	random: Random;
	status: CallStatus;
	endReason: string | null;
	ringsAtMs: number;
	/** When it is answered, or when ringing ends for nothing. */
	decidedAtMs: number;
	endsUnanswered: string | null;
	talkSeconds: number | null;
	answeredAtMs: number | null;
	endsAtMs: number;
	timeLimitSeconds: number;
	obeysHangUp: boolean;
}

const TALKS = [0, 1, 5, 29, 30, 31, 59, 60, 61, 90, 119, 120, 121, 179, 180, 181, 240, 299, 361];
const UNANSWERED = ['busy', 'no_answer', 'provider_error', 'canceled'];

export class SimulatedProvider {
	/** By our call id. */
	readonly calls = new Map<string, ProviderCall>();
	private readonly live = new Set<ProviderCall>();
	private readonly callIdBySid = new Map<string, string>();
	/** Whether questions may go unanswered; at the end of a run they may not. */
	isPatient = false;
	private creates = 0;
	private questions = 0;

	constructor(private readonly random: Random) {}

	get isSilent(): boolean {
		return this.live.size === 0;
	}

	/** A create request. An unclear one has placed the call or not; only the provider knows. */
	create(callId: string, timeLimitSeconds: number, nowMs: number, isHaywire: boolean): Outcome {
		const random = this.random.fork(this.creates++);
		const answer = random.weighted([
			[78, 'accepted'],
			[8, 'refused'],
			[8, 'unclear_placed'],
			[6, 'unclear_not_placed']
		] as const);
		if (answer === 'refused') return { kind: 'refused' };
		if (answer === 'unclear_not_placed') return { kind: 'unknown' };
		if (this.calls.has(callId)) throw new Error(`The provider was asked twice to dial ${callId}.`);
		const sid = `CA${random.uuid().replaceAll('-', '')}`;
		const ringsAtMs = nowMs + random.between(500, 4_000);
		const decidedAtMs = ringsAtMs + random.between(300, 25_000);
		const isAnswered = random.chance(78);
		const talkMs = random.pick(TALKS) * 1000 + random.below(1000);
		const call: ProviderCall = {
			sid,
			callId,
			random,
			status: 'initiated',
			endReason: null,
			ringsAtMs,
			decidedAtMs,
			endsUnanswered: isAnswered ? null : random.pick(UNANSWERED),
			talkSeconds: null,
			answeredAtMs: null,
			endsAtMs: decidedAtMs + talkMs,
			timeLimitSeconds,
			obeysHangUp: !isHaywire
		};
		this.calls.set(callId, call);
		this.live.add(call);
		this.callIdBySid.set(sid, callId);
		return answer === 'accepted' ? { kind: 'accepted', sid } : { kind: 'unknown' };
	}

	/** Lets time pass, and tells what happened meanwhile. */
	advance(nowMs: number): Happening[] {
		const happenings: Happening[] = [];
		for (const call of this.live) {
			if (call.status === 'initiated' && call.ringsAtMs <= nowMs) {
				call.status = 'ringing';
				happenings.push(happeningOf(call, call.ringsAtMs));
			}
			if (call.status === 'ringing' && call.decidedAtMs <= nowMs) {
				if (call.endsUnanswered !== null) {
					happenings.push(this.end(call, call.decidedAtMs, call.endsUnanswered));
					continue;
				}
				call.status = 'in_progress';
				call.answeredAtMs = call.decidedAtMs;
				happenings.push(happeningOf(call, call.decidedAtMs));
			}
			if (call.status !== 'in_progress' || call.answeredAtMs === null) continue;
			const fenceMs = call.obeysHangUp
				? call.answeredAtMs + call.timeLimitSeconds * 1000
				: call.endsAtMs;
			const endMs = Math.min(call.endsAtMs, fenceMs);
			if (endMs <= nowMs) happenings.push(this.end(call, endMs, null));
		}
		return happenings;
	}

	/** Asked to end a call. Some providers do not listen. */
	hangUp(sid: string, nowMs: number): void {
		const call = this.calls.get(this.callIdBySid.get(sid) ?? '');
		if (!call || !this.live.has(call) || !call.obeysHangUp) return;
		call.endsAtMs = Math.min(call.endsAtMs, Math.max(nowMs, call.decidedAtMs));
		if (call.status === 'initiated' || call.status === 'ringing') {
			call.endsUnanswered = 'canceled';
			call.decidedAtMs = Math.max(nowMs, call.ringsAtMs);
		}
	}

	setTimeLimit(sid: string, seconds: number): void {
		const call = this.calls.get(this.callIdBySid.get(sid) ?? '');
		if (call) call.timeLimitSeconds = seconds;
	}

	/** The sweeper's question. */
	find(callId: string): CallFinding {
		const call = this.calls.get(callId);
		if (!this.isPatient && this.random.fork(7_000_000 + this.questions++).chance(12)) {
			return { kind: 'no_answer', error: 'The line was cut.' };
		}
		if (!call) return { kind: 'never_existed' };
		const { atMs, ...what } = happeningOf(call, call.endsAtMs);
		const isOver = !this.live.has(call);
		return {
			kind: 'event',
			event: {
				provider: 'twilio',
				kind: 'status',
				facts: {},
				providerCallId: call.sid,
				callId,
				status: what.status,
				rawStatus: what.status,
				endReason: what.endReason,
				occurredAtMs: isOver ? atMs : null,
				talkSeconds: what.talkSeconds,
				problems: []
			}
		};
	}

	private end(call: ProviderCall, atMs: number, reason: string | null): Happening {
		const talkedMs = call.answeredAtMs === null ? 0 : atMs - call.answeredAtMs;
		call.endsAtMs = atMs;
		call.endReason = reason;
		if (reason === null) {
			call.status = 'completed';
			call.talkSeconds = Math.max(0, Math.floor(talkedMs / 1000));
		} else call.status = reason === 'canceled' ? 'cancelled' : 'failed';
		this.live.delete(call);
		return happeningOf(call, atMs);
	}
}

function happeningOf(call: ProviderCall, atMs: number): Happening {
	const { sid, callId, status, endReason, talkSeconds } = call;
	return { sid, callId, status, endReason, talkSeconds, atMs };
}
