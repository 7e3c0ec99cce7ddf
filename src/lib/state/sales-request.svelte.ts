import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';

/** One request to sales: on its way, sent, or not sent and why. */
export class SalesRequest {
	#client: TalktimeClient;
	#step = $state<'unsent' | 'sending' | 'sent'>('unsent');
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	get isSending(): boolean {
		return this.#step === 'sending';
	}

	get isSent(): boolean {
		return this.#step === 'sent';
	}

	get problem(): string | null {
		return this.#problem;
	}

	async send(message: string): Promise<void> {
		if (this.#step !== 'unsent') return;
		this.#step = 'sending';
		this.#problem = null;
		try {
			await this.#client.sales.request.mutate({ message });
			this.#step = 'sent';
		} catch (thrown) {
			this.#step = 'unsent';
			this.#problem = `The request was not sent. ${readRefusal(thrown).message}`;
		}
	}
}
