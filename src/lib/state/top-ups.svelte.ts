import { v7 as uuid } from 'uuid';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';

export type TopUpAmount = 50 | 100;
export const TOP_UP_AMOUNTS = [50, 100] as const;

/**
 * Payments being started. The id of an attempt lives until it is known what became of it, so that asking
 * again after a lost answer opens the same payment page and never a second payment.
 */
export class TopUps {
	#client: TalktimeClient;
	#attemptIds: Partial<Record<TopUpAmount, string>> = {};
	#opening = $state<TopUpAmount | null>(null);
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	/** The amount whose payment page is being opened. */
	get opening(): TopUpAmount | null {
		return this.#opening;
	}

	/** Why no payment page opened. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Returns the address of the payment page, or null when there is none; `problem` says why. */
	async start(amount: TopUpAmount): Promise<string | null> {
		if (this.#opening !== null) return null;
		this.#opening = amount;
		this.#problem = null;
		const attemptId = (this.#attemptIds[amount] ??= uuid());
		try {
			const { url } = await this.#client.wallet.startTopUp.mutate({ attemptId, amount });
			delete this.#attemptIds[amount];
			return url;
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			// What Stripe did not answer may have begun: the same attempt finds it again.
			const isOver = refusal.isDecided && refusal.code !== 'BAD_GATEWAY';
			if (isOver) delete this.#attemptIds[amount];
			this.#problem = refusal.message;
			this.#opening = null;
			return null;
		}
	}

	/** The person is on the page again. */
	forget(): void {
		this.#opening = null;
	}
}
