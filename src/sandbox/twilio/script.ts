/**
 * The life of one call:
 *   placed -0.2 s-> initiated -0.6 s-> ringing -ring time-> talking -talk or TimeLimit-> ended
 * An unanswered call ends from ringing; a failed one ends without ringing. Steps are chained from
 * the moment each was due (simulated ms), so durations are exact at any speed.
 */
import type { CallEnd } from '../faults';
import type { FinishRequest, SandboxContext } from '../provider';
import type { Announcer } from './announce';
import { newSid, type TwilioCall } from './call-record';

const INITIATED_AFTER_MS = 200;
const RINGING_AFTER_MS = 600;
const FAILED_AFTER_MS = 400;
const RECORDING_AFTER_MS = 2_000;
const MACHINE_DETECTION_MS = 2_500;
const USUAL_PRICE_SECONDS = 20;
/** Hundred-thousandths of a dollar per started minute: $0.0140, outbound in the US. */
const RATE_PER_MINUTE = 1_400;

function ringSeconds({ outcome, parameters }: TwilioCall): number {
	return Math.min(outcome.ringSeconds ?? Infinity, parameters.timeoutSeconds);
}

function isAnswered({ outcome, parameters }: TwilioCall): boolean {
	if (outcome.end !== 'completed' || outcome.ringSeconds === null) return false;
	return outcome.ringSeconds <= parameters.timeoutSeconds;
}

/** Seconds the call will have talked when nobody hangs up: its TimeLimit is enforced. */
function plannedSeconds(call: TwilioCall): number {
	return Math.min(call.talkSeconds, call.timeLimitSeconds ?? Infinity);
}

function machineVerdict({ outcome, parameters }: TwilioCall): string {
	if (!outcome.isMachine) return 'human';
	return parameters.waitsForMessageEnd ? 'machine_end_beep' : 'machine_start';
}

export class CallScript {
	#nextSlotMs = 0;

	constructor(
		private readonly context: SandboxContext,
		private readonly announcer: Announcer,
		/** Calls the API starts in a second; more are queued (PROVIDERS.md 1.5). Null: any number. */
		private readonly callsPerSecond: number | null = null
	) {}

	/** Starts the script of a call that was just created. */
	start(call: TwilioCall): void {
		if (this.callsPerSecond === null || call.direction !== 'outbound-api') {
			return this.#schedule(call);
		}
		const startMs = Math.max(call.placedAtMs, this.#nextSlotMs);
		this.#nextSlotMs = startMs + 1_000 / this.callsPerSecond;
		this.#schedule(call, startMs);
	}

	/** A softphone takes an incoming call. */
	answerNow(call: TwilioCall): void {
		if (call.stage === 'talking' || call.stage === 'ended') return;
		const nowMs = this.context.clock.nowMs();
		this.#answer(call, nowMs);
		this.#schedule(call, nowMs);
	}

	/** Runs the whole script now and settles when every callback had its first attempt. */
	async runAtOnce(call: TwilioCall): Promise<void> {
		let dueMs = call.placedAtMs;
		while (call.stage !== 'ended') {
			dueMs = this.#nextDueMs(call, dueMs);
			this.#advance(call, dueMs);
		}
		await call.deliveries;
	}

	/** Hangs up: a talking call completes with the seconds it had, any other is canceled. */
	hangUp(call: TwilioCall): void {
		if (call.hooks?.hangUp) return call.hooks.hangUp();
		const nowMs = this.context.clock.nowMs();
		if (call.answeredAtMs === null) this.#end(call, 'canceled', 0, nowMs);
		else this.#end(call, 'completed', this.#elapsedSeconds(call, nowMs), nowMs);
	}

	/** Changes the longest talk (seconds from the answer); one that has passed ends the call now. */
	setTimeLimit(call: TwilioCall, timeLimitSeconds: number): void {
		const nowMs = this.context.clock.nowMs();
		const elapsedSeconds = this.#elapsedSeconds(call, nowMs);
		call.timeLimitSeconds = timeLimitSeconds;
		if (call.answeredAtMs === null) return;
		if (elapsedSeconds >= timeLimitSeconds) this.#end(call, 'completed', elapsedSeconds, nowMs);
		else this.#schedule(call, call.answeredAtMs);
	}

	/** Ends a live call as the control API asks; `seconds` counts only for a completed call. */
	finish(call: TwilioCall, { status = 'completed', seconds }: FinishRequest): void {
		if (call.hooks?.hangUp) return call.hooks.hangUp();
		const nowMs = this.context.clock.nowMs();
		if (status !== 'completed') return this.#end(call, status, 0, nowMs);
		if (call.answeredAtMs === null) {
			this.#answer(call, nowMs);
			this.#end(call, 'completed', seconds ?? plannedSeconds(call), nowMs);
		} else {
			this.#end(call, 'completed', seconds ?? this.#elapsedSeconds(call, nowMs), nowMs);
		}
	}

	#schedule(call: TwilioCall, fromMs = call.placedAtMs): void {
		call.nextStep?.cancel();
		call.nextStep = null;
		if (call.stage === 'ended') return;
		call.nextStep = this.context.clock.schedule(this.#nextDueMs(call, fromMs), (dueMs) => {
			this.#advance(call, dueMs);
			this.#schedule(call, dueMs);
		});
	}

	#nextDueMs(call: TwilioCall, fromMs: number): number {
		switch (call.stage) {
			case 'placed':
				return fromMs + INITIATED_AFTER_MS;
			case 'initiated':
				return fromMs + (call.outcome.end === 'failed' ? FAILED_AFTER_MS : RINGING_AFTER_MS);
			case 'ringing':
				return fromMs + ringSeconds(call) * 1_000;
			case 'talking':
				return fromMs + plannedSeconds(call) * 1_000;
			case 'ended':
				return fromMs;
		}
	}

	#advance(call: TwilioCall, dueMs: number): void {
		switch (call.stage) {
			case 'placed':
				call.stage = 'initiated';
				call.startedAt = call.updatedAt = new Date();
				return this.announcer.announce(call, 'initiated', dueMs);
			case 'initiated':
				if (call.outcome.end === 'failed') return this.#end(call, 'failed', 0, dueMs);
				call.stage = call.status = 'ringing';
				call.updatedAt = new Date();
				return this.announcer.announce(call, 'ringing', dueMs);
			case 'ringing':
				if (isAnswered(call)) return this.#answer(call, dueMs);
				return this.#end(call, this.#unansweredEnd(call), 0, dueMs);
			case 'talking':
				return this.#end(call, 'completed', plannedSeconds(call), dueMs);
			case 'ended':
				return;
		}
	}

	#unansweredEnd({ outcome }: TwilioCall): CallEnd {
		return outcome.end === 'completed' ? 'no-answer' : outcome.end;
	}

	#answer(call: TwilioCall, dueMs: number): void {
		call.stage = 'talking';
		call.status = 'in-progress';
		call.answeredAtMs = dueMs;
		call.updatedAt = new Date();
		if (call.parameters.detectsMachine) call.answeredBy = machineVerdict(call);
		this.announcer.announce(call, 'answered', dueMs);
		call.hooks?.answered?.(dueMs);
		if (call.parameters.detectsMachine && call.parameters.machineCallback !== null) {
			this.context.clock.schedule(dueMs + MACHINE_DETECTION_MS, () =>
				this.announcer.announceMachineDetection(call, MACHINE_DETECTION_MS)
			);
		}
	}

	#end(call: TwilioCall, end: CallEnd, durationSeconds: number, dueMs: number): void {
		if (call.stage === 'ended') return;
		call.nextStep?.cancel();
		call.nextStep = null;
		call.stage = 'ended';
		call.status = end;
		call.durationSeconds = durationSeconds;
		call.endedAt = call.updatedAt = new Date();
		call.sipResponseCode = end === 'completed' ? 200 : end === 'failed' ? 404 : 487;
		if (durationSeconds > 0) {
			this.#keepRecording(call, durationSeconds, dueMs);
			this.#pricesLater(call, durationSeconds, dueMs);
		}
		this.announcer.announce(call, 'completed', dueMs);
		call.hooks?.ended?.(dueMs);
	}

	#keepRecording(call: TwilioCall, durationSeconds: number, dueMs: number): void {
		if (!call.parameters.isRecorded) return;
		const startedAt = call.startedAt ?? call.createdAt;
		call.recording = { sid: newSid('RE'), durationSeconds, startedAt };
		this.context.clock.schedule(dueMs + RECORDING_AFTER_MS, () =>
			this.announcer.announceRecording(call)
		);
	}

	#pricesLater(call: TwilioCall, durationSeconds: number, dueMs: number): void {
		const faults = this.context.faults.forCall('twilio', call.takenPlans);
		const price = (Math.ceil(durationSeconds / 60) * RATE_PER_MINUTE) / 100_000;
		const lateSeconds = faults.latePriceSeconds ?? USUAL_PRICE_SECONDS;
		this.context.clock.schedule(dueMs + lateSeconds * 1_000, () => {
			call.price = (-price).toFixed(5);
			call.updatedAt = new Date();
		});
	}

	#elapsedSeconds(call: TwilioCall, nowMs: number): number {
		if (call.answeredAtMs === null) return 0;
		const seconds = Math.round(Math.max(0, nowMs - call.answeredAtMs) / 1_000);
		return Math.min(seconds, plannedSeconds(call));
	}
}
