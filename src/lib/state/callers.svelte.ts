import { SvelteMap } from 'svelte/reactivity';
import type { TalktimeClient } from '$lib/trpc/client';

/** Who calls in, by the organisation's own contacts. */
export class Callers {
	readonly #client: TalktimeClient;
	#names = new SvelteMap<string, string>();

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	nameOf(number: string): string | null {
		return this.#names.get(number) ?? null;
	}

	async learn(number: string): Promise<void> {
		try {
			const { contact } = await this.#client.dialer.lookUp.query({ phone: number });
			if (contact) this.#names.set(number, contact.name);
		} catch {
			// The number itself is shown.
		}
	}
}
