/**
 * What stands between Talktime and one provider: calls are spaced to what it takes, only so many requests
 * are under way, each has a deadline, and through a provider that stopped answering none goes at all.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Provider } from '$lib/domain/call/event';
import {
	afterAttempt,
	errorRate,
	mayTry,
	NEW_CIRCUIT,
	tryNow,
	type Circuit
} from '$lib/domain/providers/health';
import { takeTurn, turnsWithin, type Pace } from '$lib/domain/providers/pace';
import { isProviderUnusable } from '$lib/domain/providers/refusals';
import type { ProviderRegistry } from './registry';
import { Slots, SlotsFull } from './slots';
import type { CreateCallOutcome, CreateCallRequest, ProviderAdapter } from './types';

const CREATES_AT_ONCE = 20;
const CREATES_WAITING_MAX = 100;
const QUESTIONS_AT_ONCE = 8;
const QUESTIONS_WAITING_MAX = 1_000;
/** Hang-ups have room of their own: a call must end when its credit does, whatever else waits. */
const ORDERS_AT_ONCE = 20;
const ORDERS_WAITING_MAX = 1_000;

const NAMES: Record<Provider, string> = { twilio: 'Twilio', exotel: 'Exotel', bolna: 'Bolna' };

export interface ProviderHealth {
	provider: Provider;
	state: Circuit['state'];
	/** Share of the last minute's create requests that were not answered, 0 to 1. */
	errorRate: number;
	failuresInARow: number;
	lastSuccessAtMs: number | null;
	lastFailureAtMs: number | null;
	/** When the next call may try; null while calls go through. */
	nextTryAtMs: number | null;
}

export class ProviderGuard {
	/** The provider, asked through this guard. */
	readonly adapter: ProviderAdapter;
	private circuit = NEW_CIRCUIT;
	private pace: Pace = { dueAtMs: 0 };
	private readonly creates: Slots;
	private readonly questions: Slots;
	private readonly orders: Slots;

	constructor(
		private readonly guarded: ProviderAdapter,
		private readonly clock: () => number,
		deadlineMs: number
	) {
		this.creates = new Slots(CREATES_AT_ONCE, CREATES_WAITING_MAX, deadlineMs);
		this.questions = new Slots(QUESTIONS_AT_ONCE, QUESTIONS_WAITING_MAX, deadlineMs);
		this.orders = new Slots(ORDERS_AT_ONCE, ORDERS_WAITING_MAX, deadlineMs);
		const { name, fromNumber, capabilities, recordingSource, createDeviceToken } = guarded;
		this.adapter = {
			name,
			fromNumber,
			capabilities,
			recordingSource,
			...(createDeviceToken && { createDeviceToken }),
			createCall: (request) => this.create(request),
			findCall: (question) =>
				this.questions
					.run(() => guarded.findCall(question))
					.catch((error: unknown) => ({ kind: 'no_answer', error: wordsOf(error) })),
			setTimeLimit: (id, seconds) => this.orders.run(() => guarded.setTimeLimit(id, seconds)),
			hangUp: (id) => this.orders.run(() => guarded.hangUp(id)),
			listBill: (period) => guarded.listBill(period)
		};
	}

	/** Why no call may go through the provider now, in a sentence; null when one may. */
	get refusal(): string | null {
		const name = NAMES[this.guarded.name];
		if (!mayTry(this.circuit, this.clock())) {
			return `${name} does not answer right now, so no calls go through it. Try again in a moment, or choose another provider.`;
		}
		const turn = takeTurn(this.pace, this.guarded.capabilities.callsPerSecond, performance.now());
		if (turn === null || this.creates.isFull) {
			return `${name} takes ${this.guarded.capabilities.callsPerSecond} calls a second, and too many wait already. Try again in a moment.`;
		}
		return null;
	}

	/** Whether the provider may be asked at all now: it answers, or it is time to try. */
	get mayTry(): boolean {
		return mayTry(this.circuit, this.clock());
	}

	/** Calls that could be created now without waiting for a turn or for each other. */
	get turnsFree(): number {
		if (!this.mayTry) return 0;
		const { callsPerSecond } = this.guarded.capabilities;
		const turns = turnsWithin(this.pace, callsPerSecond, performance.now(), 0);
		return Math.min(turns, this.creates.free);
	}

	get health(): ProviderHealth {
		const nowMs = this.clock();
		const { state, failuresInARow, lastSuccessAtMs, lastFailureAtMs, waitsUntilMs } = this.circuit;
		return {
			provider: this.guarded.name,
			state,
			errorRate: errorRate(this.circuit, nowMs),
			failuresInARow,
			lastSuccessAtMs,
			lastFailureAtMs,
			nextTryAtMs: state === 'closed' ? null : waitsUntilMs
		};
	}

	private async create(request: CreateCallRequest): Promise<CreateCallOutcome> {
		const refusal = this.refusal;
		const turn = takeTurn(this.pace, this.guarded.capabilities.callsPerSecond, performance.now());
		if (refusal !== null || turn === null) return unavailable(refusal ?? '');
		this.pace = turn.pace;
		const mustWait = turn.waitMs > 0 || this.creates.free === 0;
		if (turn.waitMs > 0) await delay(turn.waitMs);
		let isSent = false;
		let isGivenUp = false;
		const send = async (): Promise<CreateCallOutcome> => {
			const whyNot = mustWait ? await request.askWhyNot?.() : null;
			if (whyNot) return whyNot;
			// It took so long to ask that the call was given up.
			if (isGivenUp) return unavailable('');
			const trying = tryNow(this.circuit, this.clock());
			if (trying === null) return unavailable(this.refusal ?? '');
			this.circuit = trying;
			isSent = true;
			return this.guarded.createCall(request);
		};
		try {
			const outcome = await this.creates.run(send);
			if (isSent) this.remember(isAnswer(outcome));
			return outcome;
		} catch (error) {
			if (error instanceof SlotsFull) return unavailable(error.message);
			isGivenUp = true;
			if (!isSent) return unavailable('Talktime could not find out whether it still may be.');
			// Sent, and no answer in time: it may be ringing.
			this.remember(false);
			return { kind: 'unknown', message: wordsOf(error) };
		}
	}

	private remember(isAnswered: boolean): void {
		this.circuit = afterAttempt(this.circuit, isAnswered, this.clock());
	}
}

/** A refused number is an answer like any other; silence, and credentials that open nothing, are not. */
function isAnswer(outcome: CreateCallOutcome): boolean {
	if (outcome.kind === 'refused') return !isProviderUnusable(outcome.endReason);
	return outcome.kind === 'accepted';
}

/** A refusal of our own: nothing was sent, so nothing was placed. */
function unavailable(sentence: string): CreateCallOutcome {
	const message = `The call was not placed. ${sentence}`;
	return { kind: 'refused', endReason: 'provider_unavailable', message };
}

function wordsOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

export type ProviderGuards = Partial<Record<Provider, ProviderGuard>>;

/** Puts a guard before every provider. */
export function guardProviders(
	registry: ProviderRegistry,
	clock: () => number,
	deadlineMs: number
): { guards: ProviderGuards; providers: ProviderRegistry } {
	const guards: ProviderGuards = {};
	const providers: ProviderRegistry = {};
	for (const adapter of Object.values(registry)) {
		const guard = new ProviderGuard(adapter, clock, deadlineMs);
		guards[adapter.name] = guard;
		providers[adapter.name] = guard.adapter;
	}
	return { guards, providers };
}
