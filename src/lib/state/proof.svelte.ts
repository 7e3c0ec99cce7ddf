import { readRefusal } from '$lib/trpc/refusal';

export type ProofAnswer = { password: string } | { code: string };

/** Asks the person to show that it is them. Whoever asks meanwhile waits for the same answer. */
export class Proof {
	#isAsked = $state(false);
	#isSending = $state(false);
	#problem = $state<string | null>(null);
	#waiting: ((isProved: boolean) => void)[] = [];
	#prove: (answer: ProofAnswer) => Promise<unknown>;

	constructor(prove: (answer: ProofAnswer) => Promise<unknown>) {
		this.#prove = prove;
	}

	get isAsked(): boolean {
		return this.#isAsked;
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Resolves with whether it was shown. */
	ask(): Promise<boolean> {
		this.#isAsked = true;
		this.#problem = null;
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	async give(answer: ProofAnswer): Promise<void> {
		if (this.#isSending) return;
		this.#isSending = true;
		this.#problem = null;
		try {
			await this.#prove(answer);
			this.#end(true);
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isSending = false;
		}
	}

	cancel(): void {
		this.#end(false);
	}

	#end(isProved: boolean): void {
		this.#isAsked = false;
		for (const resolve of this.#waiting.splice(0)) resolve(isProved);
	}
}
