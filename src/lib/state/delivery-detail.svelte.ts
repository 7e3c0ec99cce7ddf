import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { DeliveryDetailView, ReplayView } from '$lib/views';

/** One delivery as it was received, and what replaying it did. */
export class DeliveryDetail {
	#client: TalktimeClient;
	#view = $state.raw<DeliveryDetailView | null>(null);
	#replayed = $state.raw<ReplayView | null>(null);
	#problem = $state<string | null>(null);
	#isReplaying = $state(false);
	#shownId: string | null = null;

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	get view(): DeliveryDetailView | null {
		return this.#view;
	}

	get replayed(): ReplayView | null {
		return this.#replayed;
	}

	get problem(): string | null {
		return this.#problem;
	}

	get isReplaying(): boolean {
		return this.#isReplaying;
	}

	async show(deliveryId: string | null): Promise<void> {
		if (deliveryId === this.#shownId) return;
		this.#shownId = deliveryId;
		this.#view = null;
		this.#replayed = null;
		this.#problem = null;
		if (deliveryId !== null) await this.#read(deliveryId);
	}

	async replay(): Promise<boolean> {
		const deliveryId = this.#shownId;
		if (deliveryId === null || this.#isReplaying) return false;
		this.#isReplaying = true;
		this.#problem = null;
		try {
			this.#replayed = await this.#client.admin.deliveries.replay.mutate({ deliveryId });
			await this.#read(deliveryId);
			return true;
		} catch (thrown) {
			this.#problem = `Nothing was replayed. ${readRefusal(thrown).message}`;
			return false;
		} finally {
			this.#isReplaying = false;
		}
	}

	async #read(deliveryId: string): Promise<void> {
		try {
			const view = await this.#client.admin.deliveries.get.query({ deliveryId });
			if (this.#shownId === deliveryId) this.#view = view;
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		}
	}
}
