/**
 * The life of one execution:
 *   (scheduled ->) queued -0.2 s-> initiated -0.6 s-> ringing -ring time-> in-progress -talk->
 *   call-disconnected -3 s-> completed
 * An unanswered call ends from ringing as no-answer, busy, failed or canceled. Every change but
 * `queued` is posted to the agent's webhook. Steps are chained from the moment each was due.
 */
import type { CallEnd } from '../faults';
import { Outbox } from '../outbox';
import type { FinishRequest, SandboxContext } from '../provider';
import type { BolnaCall, BolnaStatus } from './call';
import { conversationSeconds, toExecution } from './wire';

const INITIATED_AFTER_MS = 200;
const RINGING_AFTER_MS = 600;
const RINGS_AT_MOST_SECONDS = 45;
const RESCHEDULED_SECONDS = 60;
const PROCESSED_AFTER_SECONDS = 3;
const RETRY_AFTER_SECONDS = [60, 300, 900];
/** Cents per second, about what payloads/bolna/execution.completed.real.2025-11.json cost. */
const CENTS_PER_SECOND = 0.146;

export interface AgentSettings {
	webhookUrl: string | null;
	/** `task_config.call_terminate`: the longest talk, in seconds. */
	terminateAfterSeconds: number;
	/** Calls at once; more are queued. */
	mostAtOnce: number;
}

const UNANSWERED: Record<
	Exclude<CallEnd, 'completed'>,
	{ by: string; reason: string; code: number }
> = {
	busy: { by: 'Carrier', reason: 'Call recipient busy', code: 3010 },
	'no-answer': { by: 'Carrier', reason: 'Call unanswered', code: 3020 },
	failed: { by: 'Carrier', reason: 'Number unreachable', code: 2000 },
	canceled: { by: 'API Request', reason: 'Cancelled', code: 1010 }
};

export class BolnaScript {
	readonly outbox: Outbox;
	#waiting: BolnaCall[] = [];
	readonly #begun = new Set<BolnaCall>();

	constructor(
		private readonly context: SandboxContext,
		readonly settings: AgentSettings
	) {
		this.outbox = new Outbox(context, 'bolna');
	}

	get liveCalls(): number {
		return this.#begun.size;
	}

	/** Starts an execution, at its scheduled time and when there is room. */
	start(call: BolnaCall): void {
		if (call.order.scheduledAt === null) return this.#queue(call, call.placedAtMs);
		this.#announce(call, call.placedAtMs);
		const dueMs = call.placedAtMs + call.order.scheduledAt.getTime() - call.createdAt.getTime();
		call.nextStep = this.context.clock.schedule(dueMs, (atMs) => this.#queue(call, atMs));
	}

	/** Runs the whole script now and settles when every callback had its first attempt. */
	async runAtOnce(call: BolnaCall): Promise<void> {
		this.#begun.add(call);
		let dueMs = call.placedAtMs;
		while (call.stage !== 'ended') {
			dueMs = this.#nextDueMs(call, dueMs);
			this.#advance(call, dueMs);
		}
		await call.deliveries;
	}

	/** Stops a call that has not begun. False when it is too late. */
	stop(call: BolnaCall): boolean {
		if (call.stage !== 'waiting') return false;
		this.#waiting = this.#waiting.filter((one) => one !== call);
		this.#end(call, 'stopped', this.context.clock.nowMs());
		return true;
	}

	/** Ends a live call as the control API asks. */
	finish(call: BolnaCall, { status = 'completed', seconds }: FinishRequest): void {
		const nowMs = this.context.clock.nowMs();
		call.nextStep?.cancel();
		this.#waiting = this.#waiting.filter((one) => one !== call);
		if (status !== 'completed') {
			call.hangUp = UNANSWERED[status];
			return this.#end(call, status, nowMs);
		}
		const talked = Math.round((nowMs - (call.answeredAtMs ?? nowMs)) / 1_000);
		call.answeredAtMs ??= nowMs;
		this.#disconnect(call, seconds ?? Math.min(talked, this.#plannedSeconds(call)), nowMs);
		this.#complete(call, nowMs);
	}

	clear(): void {
		this.#waiting = [];
		this.#begun.clear();
	}

	#queue(call: BolnaCall, nowMs: number): void {
		if (call.stage !== 'waiting') return;
		const wasScheduled = call.status !== 'queued';
		call.status = 'queued';
		if (wasScheduled) this.#announce(call, nowMs);
		if (this.#begun.size >= this.settings.mostAtOnce) {
			this.#waiting.push(call);
			return;
		}
		this.#begun.add(call);
		this.#schedule(call, nowMs);
	}

	#schedule(call: BolnaCall, fromMs: number): void {
		if (call.stage === 'ended') return;
		call.nextStep = this.context.clock.schedule(this.#nextDueMs(call, fromMs), (dueMs) => {
			this.#advance(call, dueMs);
			this.#schedule(call, dueMs);
		});
	}

	#ringSeconds({ outcome }: BolnaCall): number {
		return Math.min(outcome.ringSeconds ?? Infinity, RINGS_AT_MOST_SECONDS);
	}

	#plannedSeconds({ outcome }: BolnaCall): number {
		return Math.min(outcome.talkSeconds, this.settings.terminateAfterSeconds);
	}

	#nextDueMs(call: BolnaCall, fromMs: number): number {
		switch (call.status) {
			case 'queued':
				return fromMs + INITIATED_AFTER_MS;
			case 'rescheduled':
				return fromMs + RESCHEDULED_SECONDS * 1_000;
			case 'initiated':
				return fromMs + RINGING_AFTER_MS;
			case 'ringing':
				return fromMs + this.#ringSeconds(call) * 1_000;
			case 'in-progress':
				return fromMs + this.#plannedSeconds(call) * 1_000;
			case 'call-disconnected':
				return fromMs + PROCESSED_AFTER_SECONDS * 1_000;
			default:
				return fromMs;
		}
	}

	#advance(call: BolnaCall, dueMs: number): void {
		const { special, end } = call.outcome;
		switch (call.status) {
			case 'queued':
				if (special === 'rescheduled' && call.rescheduledAt === null) {
					call.rescheduledAt = new Date(Date.now() + RESCHEDULED_SECONDS * 1_000);
					return this.#change(call, 'rescheduled', dueMs);
				}
				if (special === 'balance-low') return this.#end(call, 'balance-low', dueMs);
				call.stage = 'live';
				return this.#change(call, 'initiated', dueMs);
			case 'rescheduled':
				call.stage = 'live';
				return this.#change(call, 'initiated', dueMs);
			case 'initiated':
				if (special === 'error') return this.#end(call, 'error', dueMs);
				if (end === 'failed') return this.#miss(call, 'failed', dueMs);
				return this.#change(call, 'ringing', dueMs);
			case 'ringing':
				if (end !== 'completed') return this.#miss(call, end, dueMs);
				call.answeredAtMs = dueMs;
				return this.#change(call, 'in-progress', dueMs);
			case 'in-progress':
				return this.#disconnect(call, this.#plannedSeconds(call), dueMs);
			default:
				return this.#complete(call, dueMs);
		}
	}

	#miss(call: BolnaCall, end: Exclude<CallEnd, 'completed'>, dueMs: number): void {
		call.hangUp = UNANSWERED[end];
		this.#end(call, end, dueMs);
	}

	/** The talk is over; duration and cost are not told yet (PROVIDERS.md 3.2). */
	#disconnect(call: BolnaCall, talkSeconds: number, dueMs: number): void {
		const isCut = talkSeconds === this.settings.terminateAfterSeconds;
		call.hangUp = isCut
			? { by: 'Plivo', reason: 'Ended because call limit exceeded', code: 4000 }
			: { by: 'Callee', reason: 'Call recipient hungup', code: 4000 };
		this.#change(call, 'call-disconnected', dueMs);
		call.talkSeconds = talkSeconds;
	}

	#complete(call: BolnaCall, dueMs: number): void {
		const cost = Math.round(conversationSeconds(call) * CENTS_PER_SECOND * 100) / 100;
		const lateSeconds = this.outbox.faultsOf(call).latePriceSeconds ?? 0;
		if (lateSeconds === 0) call.totalCost = cost;
		else {
			this.context.clock.schedule(dueMs + lateSeconds * 1_000, () => {
				call.totalCost = cost;
				call.updatedAt = new Date();
			});
		}
		this.#end(call, 'completed', dueMs);
	}

	#end(call: BolnaCall, status: BolnaStatus, dueMs: number): void {
		call.nextStep?.cancel();
		call.nextStep = null;
		this.#begun.delete(call);
		call.stage = 'ended';
		call.endedAt = new Date();
		this.#change(call, status, dueMs);
		const next = this.#waiting.shift();
		if (next !== undefined) this.#queue(next, dueMs);
	}

	#change(call: BolnaCall, status: BolnaStatus, dueMs: number): void {
		call.status = status;
		call.updatedAt = new Date();
		this.#announce(call, dueMs);
	}

	#announce(call: BolnaCall, dueMs: number): void {
		const { webhookUrl } = this.settings;
		if (webhookUrl !== null) {
			const keepsUserData = this.outbox.faultsOf(call).dropUserData !== true;
			const execution = toExecution(call, this.context.baseUrl(), keepsUserData);
			const isFinal = call.stage === 'ended';
			if (isFinal && call.outcome.callbacks === 'nonsense-final') {
				Object.assign(execution, { status: 'exploded', conversation_duration: -7 });
			}
			const body = JSON.stringify(execution);
			const headers = {
				accept: '*/*',
				'user-agent': 'python-requests/2.32.3',
				'content-type': 'application/json',
				'content-length': String(Buffer.byteLength(body))
			};
			const retryAfterSeconds = RETRY_AFTER_SECONDS;
			const job = { url: webhookUrl, method: 'POST' as const, headers, body, retryAfterSeconds };
			this.outbox.release(call, job, isFinal, dueMs);
		}
		if (call.stage === 'ended') this.outbox.sendHeldInReverse(call);
	}
}
