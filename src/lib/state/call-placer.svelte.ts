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
	/** What the next call is made with; null: none can be made from here, which has been told. */
	chooseDevice: () => Promise<'browser' | 'phone' | null>;
	onPlaced: (call: CallView) => void;
	/** Blocked by something that passes by itself. */
	onBusy: (block: BlockView) => void;
	onRefused: (refusal: Refusal, retry: () => void) => void;
}

/** Whom to call: a contact, or a number that may be nobody's. */
export interface CallTarget {
	contactId: string | null;
	/** E.164; not needed for a contact. */
	to: string | null;
}

interface Agreement {
	isOverdraftAgreed?: true;
}

/**
 * Places calls. The request id of a target is kept until it is known what became of it, so that a retry
 * after a lost answer is the same request and never a second call. It becomes the id of the call, and calls
 * sort by it: hence version 7, by the server's clock.
 */
export class CallPlacer {
	#options: CallPlacerOptions;
	#placing = new SvelteSet<string>();
	#requests = new SvelteMap<string, { id: string; device: 'browser' | 'phone' }>();
	#blocked = $state.raw<{ target: CallTarget; block: BlockView } | null>(null);

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
		return this.#blocked !== null && this.isPlacing(keyOf(this.#blocked.target));
	}

	/** Repeats the blocked call, as a new request, with the agent's word that it may be owed. */
	async confirmOverdraft(): Promise<void> {
		const blocked = this.#blocked;
		if (blocked?.block.code !== 'overdraft_unconfirmed') return;
		await this.placeTo(blocked.target, { isOverdraftAgreed: true });
	}

	/** @param key id of a contact, or a number */
	isPlacing(key: string): boolean {
		return this.#placing.has(key);
	}

	async place(contactId: string): Promise<void> {
		await this.placeTo({ contactId, to: null });
	}

	async placeTo(target: CallTarget, agreement: Agreement = {}): Promise<void> {
		const key = keyOf(target);
		if (this.#placing.has(key)) return;
		this.#placing.add(key);
		try {
			await this.#place(key, target, agreement);
		} finally {
			this.#placing.delete(key);
		}
	}

	async #place(key: string, target: CallTarget, agreement: Agreement): Promise<void> {
		const request = this.#requests.get(key) ?? (await this.#newRequest());
		if (request === null) return;
		this.#requests.set(key, request);
		try {
			const answer = await this.#options.client.calls.place.mutate({
				requestId: request.id,
				device: request.device,
				...(target.contactId === null ? { to: target.to ?? '' } : { contactId: target.contactId }),
				...agreement
			});
			this.#requests.delete(key);
			this.#take(target, answer);
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			if (refusal.isDecided) this.#requests.delete(key);
			this.#options.onRefused(refusal, () => void this.placeTo(target, agreement));
		}
	}

	async #newRequest() {
		const device = await this.#options.chooseDevice();
		return device && { id: uuid({ msecs: this.#options.clock.nowMs() }), device };
	}

	#take(target: CallTarget, answer: PlaceCallView): void {
		const isPassing = !answer.placed && answer.block.code === 'already_calling';
		this.#blocked = answer.placed || isPassing ? null : { target, block: answer.block };
		if (answer.placed) this.#options.onPlaced(answer.call);
		else if (isPassing) this.#options.onBusy(answer.block);
	}
}

function keyOf({ contactId, to }: CallTarget): string {
	return contactId ?? to ?? '';
}
