import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { TotpSetupView } from '$lib/views';

/** The second step of signing in being set up, renewed or removed. */
export class TotpSetup {
	#client: TalktimeClient;
	#setup = $state.raw<TotpSetupView | null>(null);
	#recoveryCodes = $state.raw<string[] | null>(null);
	#problem = $state<string | null>(null);
	#isSending = $state(false);

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	/** What the app scans, while it waits for its first code. */
	get setup(): TotpSetupView | null {
		return this.#setup;
	}

	/** New recovery codes, until they are put away. */
	get recoveryCodes(): string[] | null {
		return this.#recoveryCodes;
	}

	get problem(): string | null {
		return this.#problem;
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	start(): Promise<boolean> {
		return this.#send(async () => {
			this.#setup = await this.#client.account.startTotp.mutate();
		});
	}

	confirm(code: string): Promise<boolean> {
		return this.#send(async () => {
			const { recoveryCodes } = await this.#client.account.confirmTotp.mutate({ code });
			this.#setup = null;
			this.#recoveryCodes = recoveryCodes;
		});
	}

	renew(): Promise<boolean> {
		return this.#send(async () => {
			const { recoveryCodes } = await this.#client.account.renewRecoveryCodes.mutate();
			this.#recoveryCodes = recoveryCodes;
		});
	}

	remove(): Promise<boolean> {
		return this.#send(() => this.#client.account.removeTotp.mutate());
	}

	/** Puts away what was shown. */
	close(): void {
		this.#setup = null;
		this.#recoveryCodes = null;
		this.#problem = null;
	}

	/** Returns whether it was done. */
	async #send(send: () => Promise<unknown>): Promise<boolean> {
		if (this.#isSending) return false;
		this.#isSending = true;
		this.#problem = null;
		try {
			await send();
			return true;
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
			return false;
		} finally {
			this.#isSending = false;
		}
	}
}
