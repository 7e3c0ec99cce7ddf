import { readRefusal } from '$lib/trpc/refusal';

/** Texts being changed and sent together; what the server refuses stands beside its field. */
export class SettingsForm<Fields extends Record<string, string>> {
	fields = $state({}) as Fields;
	#saved: Fields;
	#isSending = $state(false);
	#errors = $state.raw<Record<string, string>>({});
	#problem = $state<string | null>(null);

	constructor(saved: Fields) {
		this.#saved = saved;
		this.fields = { ...saved };
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	get errors(): Record<string, string> {
		return this.#errors;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Names of the fields that differ from what is saved. */
	get changed(): (keyof Fields & string)[] {
		return Object.keys(this.fields).filter((name) => this.fields[name] !== this.#saved[name]);
	}

	reset(): void {
		this.fields = { ...this.#saved };
		this.#errors = {};
		this.#problem = null;
	}

	/** Sends it. Returns the answer, or null when something is to be put right first. */
	async send<Answer>(save: () => Promise<Answer>): Promise<Answer | null> {
		if (this.#isSending) return null;
		this.#isSending = true;
		this.#errors = {};
		this.#problem = null;
		try {
			const answer = await save();
			this.#saved = { ...this.fields };
			return answer;
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			this.#errors = refusal.fields;
			const isShown = Object.keys(refusal.fields).some((name) => name in this.fields);
			if (!isShown) this.#problem = refusal.message;
			return null;
		} finally {
			this.#isSending = false;
		}
	}
}
