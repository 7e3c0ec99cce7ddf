/**
 * The life of one call:
 *   placed -0.2 s-> ringing-from -2 s-> ringing-to -ring time-> talking -talk or TimeLimit-> ended
 * The agent's phone fails when its own number says so (…10 busy, …11 no answer, …12 failed). Steps are
 * chained from the moment each was due (simulated ms), so durations are exact at any speed.
 */
import type { CallEnd } from '../faults';
import type { FinishRequest, SandboxContext } from '../provider';
import type { ExotelAnnouncer } from './announce';
import type { ExotelCall, LegStatus } from './call';

const RINGS_AFTER_MS = 200;
const FROM_RING_SECONDS = 2;
/** The field's pages say about two minutes (PROVIDERS.md 2.2). */
const USUAL_PRICE_SECONDS = 120;
/** Rupees per started minute of the whole call. */
const RUPEES_PER_MINUTE = 0.5;

function toRingSeconds({ outcome, parameters }: ExotelCall): number {
	return Math.min(outcome.ringSeconds ?? Infinity, parameters.timeOutSeconds);
}

function isToAnswered({ outcome, parameters }: ExotelCall): boolean {
	if (outcome.end !== 'completed' || outcome.ringSeconds === null) return false;
	return outcome.ringSeconds <= parameters.timeOutSeconds;
}

function plannedSeconds({ outcome, parameters }: ExotelCall): number {
	return Math.min(outcome.talkSeconds, parameters.timeLimitSeconds ?? Infinity);
}

export class ExotelScript {
	constructor(
		private readonly context: SandboxContext,
		private readonly announcer: ExotelAnnouncer
	) {}

	start(call: ExotelCall): void {
		this.#schedule(call, call.placedAtMs);
	}

	/** Runs the whole script now and settles when every callback had its first attempt. */
	async runAtOnce(call: ExotelCall): Promise<void> {
		let dueMs = call.placedAtMs;
		while (call.stage !== 'ended') {
			dueMs = this.#nextDueMs(call, dueMs);
			this.#advance(call, dueMs);
		}
		await call.deliveries;
	}

	/** Ends a live call as the control API asks; the API itself has no hang-up. */
	finish(call: ExotelCall, { status = 'completed', seconds }: FinishRequest): void {
		const nowMs = this.context.clock.nowMs();
		if (status !== 'completed') return this.#end(call, status, 0, nowMs);
		if (call.talkStartedAtMs === null) {
			this.#connectFrom(call, nowMs);
			this.#connectTo(call, nowMs);
		}
		const talked = Math.round((nowMs - (call.talkStartedAtMs ?? nowMs)) / 1_000);
		this.#end(call, 'completed', seconds ?? Math.min(talked, plannedSeconds(call)), nowMs);
	}

	#schedule(call: ExotelCall, fromMs: number): void {
		if (call.stage === 'ended') return;
		call.nextStep = this.context.clock.schedule(this.#nextDueMs(call, fromMs), (dueMs) => {
			this.#advance(call, dueMs);
			this.#schedule(call, dueMs);
		});
	}

	#nextDueMs(call: ExotelCall, fromMs: number): number {
		switch (call.stage) {
			case 'placed':
				return fromMs + RINGS_AFTER_MS;
			case 'ringing-from':
				return fromMs + FROM_RING_SECONDS * 1_000;
			case 'ringing-to':
				return fromMs + toRingSeconds(call) * 1_000;
			case 'talking':
				return fromMs + plannedSeconds(call) * 1_000;
			case 'ended':
				return fromMs;
		}
	}

	#advance(call: ExotelCall, dueMs: number): void {
		switch (call.stage) {
			case 'placed':
				call.stage = 'ringing-from';
				return;
			case 'ringing-from': {
				const { end } = call.fromOutcome;
				if (end !== 'completed') return this.#end(call, end, 0, dueMs);
				return this.#connectFrom(call, dueMs);
			}
			case 'ringing-to':
				if (isToAnswered(call)) return this.#connectTo(call, dueMs);
				return this.#end(
					call,
					call.outcome.end === 'completed' ? 'no-answer' : call.outcome.end,
					0,
					dueMs
				);
			case 'talking':
				return this.#end(call, 'completed', plannedSeconds(call), dueMs);
			case 'ended':
				return;
		}
	}

	#connectFrom(call: ExotelCall, dueMs: number): void {
		call.stage = 'ringing-to';
		call.fromAnsweredAtMs = dueMs;
		call.legs[0].status = 'in-progress';
		call.updatedAt = new Date();
		this.announcer.announceAnswered(call, dueMs);
	}

	#connectTo(call: ExotelCall, dueMs: number): void {
		call.stage = 'talking';
		call.talkStartedAtMs = dueMs;
		call.legs[1].status = 'in-progress';
		call.legs[1].answeredBy = call.outcome.isMachine ? 'Machine' : 'Human';
		call.updatedAt = new Date();
		this.announcer.announceAnswered(call, dueMs);
	}

	#end(call: ExotelCall, end: CallEnd, conversationSeconds: number, dueMs: number): void {
		if (call.stage === 'ended') return;
		call.nextStep?.cancel();
		call.nextStep = null;
		this.#endLegs(call, end, conversationSeconds, dueMs);
		call.stage = 'ended';
		call.status = end;
		call.conversationSeconds = conversationSeconds;
		call.wholeSeconds = FROM_RING_SECONDS + call.legs[0].onCallSeconds;
		call.endedAt = call.updatedAt = new Date();
		this.#fillsLater(call, dueMs);
		this.announcer.announceTerminal(call, dueMs);
	}

	/** The first leg lasts from the agent's answer on; the second only while both talk. */
	#endLegs(call: ExotelCall, end: LegStatus, conversationSeconds: number, dueMs: number): void {
		const [from, to] = call.legs;
		if (call.fromAnsweredAtMs === null) {
			from.status = end;
			return;
		}
		const talkStartedAtMs = call.talkStartedAtMs ?? dueMs;
		const waited = Math.round((talkStartedAtMs - call.fromAnsweredAtMs) / 1_000);
		from.status = 'completed';
		from.onCallSeconds = waited + conversationSeconds;
		to.status = end;
		to.onCallSeconds = conversationSeconds;
	}

	#fillsLater(call: ExotelCall, dueMs: number): void {
		const faults = this.announcer.outbox.faultsOf(call);
		const lateSeconds = faults.latePriceSeconds ?? USUAL_PRICE_SECONDS;
		this.context.clock.schedule(dueMs + lateSeconds * 1_000, () => {
			const minutes = call.conversationSeconds > 0 ? Math.ceil(call.wholeSeconds / 60) : 0;
			call.price = minutes * RUPEES_PER_MINUTE;
			call.updatedAt = new Date();
		});
	}
}
