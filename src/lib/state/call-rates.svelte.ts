import { SvelteMap } from 'svelte/reactivity';
import { parseMicros } from '$lib/domain/money';
import type { TalktimeClient } from '$lib/trpc/client';

/** What a minute to a number costs, asked once for each number that is being called. */
export class CallRates {
	readonly #client: TalktimeClient;
	#perMinute = new SvelteMap<string, bigint>();
	// Nothing on a page follows it.
	// eslint-disable-next-line svelte/prefer-svelte-reactivity
	#asked = new Set<string>();

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	/** Micro-dollars a minute; null until the answer is there. */
	of(to: string): bigint | null {
		return this.#perMinute.get(to) ?? null;
	}

	/** @param ratePerMinute dollars, as an estimate has them */
	know(to: string, ratePerMinute: string): void {
		this.#asked.add(to);
		this.#perMinute.set(to, parseMicros(ratePerMinute));
	}

	/** Asks for it, unless that was done. */
	async learn(to: string): Promise<void> {
		if (this.#asked.has(to)) return;
		this.#asked.add(to);
		try {
			const { ratePerMinute } = await this.#client.wallet.estimate.query({ phone: to });
			this.know(to, ratePerMinute);
		} catch {
			// Without it the balance stands still until the call has ended; asked again with the next call.
			this.#asked.delete(to);
		}
	}
}
