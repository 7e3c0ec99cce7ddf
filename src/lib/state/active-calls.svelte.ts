import { SvelteSet } from 'svelte/reactivity';
import { calleeName, drainingSentence, isDraining, statusWord } from '$lib/components/format/calls';
import { isTerminal } from '$lib/domain/call/status';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { Refusal } from '$lib/trpc/refusal';
import type { CallView } from '$lib/views';
import type { CallStore } from './call-store.svelte';
import type { ServerClock } from './server-clock.svelte';

/** Until then the end of the call should have been heard of; after it one may ask again. */
const HANG_UP_AGAIN_AFTER_MS = 8_000;

export interface ActiveCallsOptions {
	userId: string;
	calls: CallStore;
	client: TalktimeClient;
	clock: ServerClock;
	/** A call of this person has ended. */
	onEnded: (call: CallView) => void;
	onRefused: (refusal: Refusal) => void;
}

/** The live calls of the signed-in person: what the dock shows, and how to hang up. */
export class ActiveCalls {
	#options: ActiveCallsOptions;
	#hangingUp = new SvelteSet<string>();
	#announcement = $state('');
	#mine = $derived.by(() => this.#options.calls.live().filter((call) => this.isMine(call)));

	constructor(options: ActiveCallsOptions) {
		this.#options = options;
	}

	get mine(): CallView[] {
		return this.#mine;
	}

	/** The newest change of a call of this person, for a screen reader. */
	get announcement(): string {
		return this.#announcement;
	}

	isMine(call: CallView): boolean {
		return call.userId === this.#options.userId;
	}

	isHangingUp(callId: string): boolean {
		return this.#hangingUp.has(callId);
	}

	/** Takes what the feed says of a call: what is newer is kept, a change of status is told once. */
	hear(call: CallView): void {
		const before = this.#options.calls.find(call.id);
		if (!this.#options.calls.merge(call)) return;
		if (isTerminal(call.status)) this.#hangingUp.delete(call.id);
		if (!this.isMine(call)) return;
		this.#announceCredit(before, call);
		if (before?.status === call.status) return;
		if (!isTerminal(call.status)) {
			this.#announcement = `${calleeName(call)}: ${statusWord(call.status).toLowerCase()}`;
		} else if (before && !isTerminal(before.status)) {
			this.#announcement = '';
			this.#options.onEnded(call);
		}
	}

	/** Says once that credit runs out, and once that there is more. */
	#announceCredit(before: CallView | null, call: CallView): void {
		const was = before !== null && isDraining(before);
		const is = isDraining(call);
		if (was === is) return;
		if (is) this.#announcement = drainingSentence(call, this.#options.clock.nowMs());
		else if (!isTerminal(call.status)) {
			this.#announcement = `There is credit again: the call with ${calleeName(call)} goes on`;
		}
	}

	/** Asks the phone provider to end the call; the feed tells when it has. */
	async hangUp(callId: string): Promise<void> {
		if (this.#hangingUp.has(callId)) return;
		this.#hangingUp.add(callId);
		try {
			await this.#options.client.calls.hangUp.mutate({ callId });
			setTimeout(() => this.#hangingUp.delete(callId), HANG_UP_AGAIN_AFTER_MS);
		} catch (thrown) {
			this.#hangingUp.delete(callId);
			this.#options.onRefused(readRefusal(thrown));
		}
	}
}
