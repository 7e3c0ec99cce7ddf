import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { WebhookEndpointView } from '$lib/views';

const LOOK_MS = 5_000;

/** The addresses that an organization's alerts are posted to, and the secret that was just made. */
export class Webhooks {
	#client: TalktimeClient;
	#rows = $state.raw<WebhookEndpointView[]>([]);
	#isSending = $state(false);
	#urlError = $state<string | null>(null);
	/** Shown until it is put away: it is never shown again. */
	#secret = $state.raw<{ endpointId: string; secret: string } | null>(null);

	constructor(client: TalktimeClient, first: WebhookEndpointView[]) {
		this.#client = client;
		this.#rows = first;
	}

	get rows(): WebhookEndpointView[] {
		return this.#rows;
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	/** What is wrong with the address that was entered. */
	get urlError(): string | null {
		return this.#urlError;
	}

	secretOf(endpointId: string): string | null {
		return this.#secret?.endpointId === endpointId ? this.#secret.secret : null;
	}

	putSecretAway(): void {
		this.#secret = null;
	}

	/** Looks how messages fare while the page is in front. Returns how to stop. */
	follow(): () => void {
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') void this.refresh();
		}, LOOK_MS);
		return () => clearInterval(timer);
	}

	async refresh(): Promise<void> {
		try {
			this.#rows = await this.#client.webhooks.list.query();
		} catch {
			// What is shown stays.
		}
	}

	/** Returns whether it is posted to from now on. */
	async add(url: string): Promise<boolean> {
		this.#isSending = true;
		this.#urlError = null;
		try {
			const { endpoint, secret } = await this.#client.webhooks.add.mutate({ url: url.trim() });
			this.#rows = [...this.#rows, endpoint];
			this.#secret = { endpointId: endpoint.id, secret };
			return true;
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			this.#urlError = refusal.fields.url ?? refusal.message;
			return false;
		} finally {
			this.#isSending = false;
		}
	}

	/** Each of these returns null when it is done, else why it is not. */
	async rotate(endpointId: string): Promise<string | null> {
		return this.#change(async () => {
			const { secret } = await this.#client.webhooks.rotate.mutate({ endpointId });
			this.#secret = { endpointId, secret };
		});
	}

	async test(endpointId: string): Promise<string | null> {
		return this.#change(() => this.#client.webhooks.test.mutate({ endpointId }));
	}

	async remove(endpointId: string): Promise<string | null> {
		return this.#change(() => this.#client.webhooks.remove.mutate({ endpointId }));
	}

	async #change(send: () => Promise<unknown>): Promise<string | null> {
		try {
			await send();
		} catch (thrown) {
			return readRefusal(thrown).message;
		}
		await this.refresh();
		return null;
	}
}
