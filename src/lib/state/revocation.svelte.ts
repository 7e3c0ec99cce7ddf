import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';

export interface RevocationTarget {
	organizationId: number;
	allocationId: string;
}

/** Takes back what an allocation has left. A second time finds nothing, so repeating it is harmless. */
export class Revocation {
	#client: TalktimeClient;
	#isSending = $state(false);
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	get problem(): string | null {
		return this.#problem;
	}

	forget(): void {
		this.#problem = null;
	}

	/** Returns the minutes taken back, or null when none were; `problem` says why. */
	async send(target: RevocationTarget, reason: string): Promise<number | null> {
		if (this.#isSending) return null;
		this.#isSending = true;
		this.#problem = null;
		try {
			const { organizationId, allocationId } = target;
			const { revokedMinutes } = await this.#client.admin.minutes.revoke.mutate({
				organizationId,
				allocationId,
				reason: reason.trim()
			});
			return revokedMinutes;
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
			return null;
		} finally {
			this.#isSending = false;
		}
	}
}
