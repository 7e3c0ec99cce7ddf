import type { CallbackDelivery, CallbackJob } from './callback';
import type { Faults, ProviderName, TakenPlans } from './faults';
import { LATE_CALLBACK_SECONDS, type Outcome } from './outcomes';
import type { SandboxContext } from './provider';

/** The next callback of a call does not wait longer than this for the one before it. */
const LONGEST_WAIT_REAL_MS = 1_000;

/** What the outbox needs to know of a call, and counts on it. */
export interface Caller {
	/** How many calls were created before this one: a seed that does not depend on the id. */
	readonly ordinal: number;
	readonly outcome: Outcome;
	readonly takenPlans: TakenPlans;
	heldCallbacks: CallbackJob[];
	/** Settles when every callback queued so far had its first attempt. */
	deliveries: Promise<void>;
	callbacksSent: number;
	callbacksFailed: number;
	/** Set by a reset: nothing more is sent for it. */
	isForgotten: boolean;
}

/** The callback part of a call that was just created. */
export function newCaller(): Pick<
	Caller,
	'heldCallbacks' | 'deliveries' | 'callbacksSent' | 'callbacksFailed' | 'isForgotten'
> {
	return {
		heldCallbacks: [],
		deliveries: Promise.resolve(),
		callbacksSent: 0,
		callbacksFailed: 0,
		isForgotten: false
	};
}

async function waitForFirstAttempt(delivery: CallbackDelivery): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const longest = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, LONGEST_WAIT_REAL_MS);
	});
	await Promise.race([delivery.firstAttempt, longest]);
	clearTimeout(timer);
}

/** Sends the callbacks of one provider's calls, with the habits and faults of each call. */
export class Outbox {
	constructor(
		private readonly context: SandboxContext,
		private readonly provider: ProviderName
	) {}

	faultsOf(call: Caller): Faults {
		return this.context.faults.forCall(this.provider, call.takenPlans);
	}

	/** Sends one callback, or drops, repeats, holds or delays it. `dueMs` is simulated time. */
	release(call: Caller, job: CallbackJob, isFinal: boolean, dueMs: number): void {
		const faults = this.faultsOf(call);
		if (this.#isDropped(call, isFinal, faults)) return;
		const habit = call.outcome.callbacks;
		const extraCopies = faults.duplicate ?? (habit === 'three-times' ? 2 : 0);
		const copies = Array.from({ length: 1 + extraCopies }, () => job);
		if (faults.reorder ?? habit === 'reversed') {
			call.heldCallbacks.push(...copies);
			return;
		}
		const lateSeconds = faults.delaySeconds ?? (habit === 'late' ? LATE_CALLBACK_SECONDS : 0);
		const send = (): void => copies.forEach((copy) => this.deliver(call, copy));
		if (lateSeconds === 0) send();
		else this.context.clock.schedule(dueMs + lateSeconds * 1_000, send);
	}

	/** Sends what a call held back, the last callback first. */
	sendHeldInReverse(call: Caller): void {
		const held = call.heldCallbacks.reverse();
		call.heldCallbacks = [];
		for (const job of held) this.deliver(call, job);
	}

	/** Callbacks of one call start one after the other; a retry may still be overtaken. */
	deliver(call: Caller, job: CallbackJob): void {
		call.deliveries = call.deliveries.then(async () => {
			if (call.isForgotten) return;
			const delivery = this.context.callbacks.send(job);
			void delivery.finished.then((outcome) => {
				call.callbacksSent += 1;
				if (!outcome.isDelivered) call.callbacksFailed += 1;
			});
			await waitForFirstAttempt(delivery);
		});
	}

	#isDropped(call: Caller, isFinal: boolean, faults: Faults): boolean {
		if (faults.dropAll === true) return true;
		if (!isFinal) return false;
		if (call.outcome.callbacks === 'no-final') return true;
		return this.context.faults.happens(faults.dropFinal ?? 0, 'drop-final', call.ordinal);
	}
}
