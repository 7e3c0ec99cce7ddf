import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { CallDetailView } from '$lib/views';

/** One call read with its timeline and receipt. */
export class CallDetail {
	#client: TalktimeClient;
	#view = $state.raw<CallDetailView | null>(null);
	#problem = $state<string | null>(null);
	#callId: string | null = null;
	#reading = 0;

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	get view(): CallDetailView | null {
		return this.#view;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Reads a call. What is shown of the same call stays until the new reading is there. */
	show(callId: string | null): void {
		if (callId !== this.#callId) this.#view = null;
		this.#callId = callId;
		this.#problem = null;
		if (callId) void this.#read(callId);
	}

	async #read(callId: string): Promise<void> {
		const reading = ++this.#reading;
		try {
			const view = await this.#client.calls.get.query({ callId });
			if (reading === this.#reading) this.#view = view;
		} catch (thrown) {
			if (reading === this.#reading) this.#problem = readRefusal(thrown).message;
		}
	}
}
