import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { v7 as uuid } from 'uuid';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { Refusal } from '$lib/trpc/refusal';
import type { BlockView, CallView, PlaceCallView } from '$lib/views';
import type { ServerClock } from './server-clock.svelte';

export interface CallPlacerOptions {
	client: TalktimeClient;
	clock: ServerClock;
	onPlaced: (call: CallView) => void;
	/** Blocked by something that passes by itself. */
	onBusy: (block: BlockView) => void;
	onRefused: (refusal: Refusal, retry: () => void) => void;
}

/**
 * Places calls to contacts. The request id of a contact is kept until it is known what became of it,
 * so that a retry after a lost answer is the same request and never a second call. It becomes the id of
 * the call, and calls sort by it: hence version 7, by the server's clock.
 */
export class CallPlacer {
	#options: CallPlacerOptions;
	#placing = new SvelteSet<string>();
	#requestIds = new SvelteMap<string, string>();
	#blocked = $state.raw<{ contactId: string; block: BlockView } | null>(null);

	constructor(options: CallPlacerOptions) {
		this.#options = options;
	}

	/** The refusal to be explained in a dialog. */
	get block(): BlockView | null {
		return this.#blocked?.block ?? null;
	}

	dismissBlock(): void {
		this.#blocked = null;
	}

	/** Whether the call that the dialog is about is being placed after all. */
	get isConfirming(): boolean {
		return this.#blocked !== null && this.isPlacing(this.#blocked.contactId);
	}

	/** Repeats the blocked call, as a new request, with the agent's word that it may be owed. */
	async confirmOverdraft(): Promise<void> {
		const blocked = this.#blocked;
		if (blocked?.block.code !== 'overdraft_unconfirmed') return;
		await this.place(blocked.contactId, { isOverdraftAgreed: true });
	}

	isPlacing(contactId: string): boolean {
		return this.#placing.has(contactId);
	}

	async place(contactId: string, agreement: { isOverdraftAgreed?: true } = {}): Promise<void> {
		if (this.#placing.has(contactId)) return;
		this.#placing.add(contactId);
		const requestId =
			this.#requestIds.get(contactId) ?? uuid({ msecs: this.#options.clock.nowMs() });
		this.#requestIds.set(contactId, requestId);
		try {
			const answer = await this.#options.client.calls.place.mutate({
				requestId,
				contactId,
				...agreement
			});
			this.#requestIds.delete(contactId);
			this.#take(contactId, answer);
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			if (refusal.isDecided) this.#requestIds.delete(contactId);
			this.#options.onRefused(refusal, () => void this.place(contactId, agreement));
		} finally {
			this.#placing.delete(contactId);
		}
	}

	#take(contactId: string, answer: PlaceCallView): void {
		const isPassing = !answer.placed && answer.block.code === 'already_calling';
		this.#blocked = answer.placed || isPassing ? null : { contactId, block: answer.block };
		if (answer.placed) this.#options.onPlaced(answer.call);
		else if (isPassing) this.#options.onBusy(answer.block);
	}
}
