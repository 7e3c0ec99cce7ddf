import { readCallBackTime, suggestCallBacks } from '$lib/domain/outcomes/call-back-time';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { DispositionView, OutcomeView } from '$lib/views';
import type { NoteDraft } from './note-draft.svelte';

export interface OutcomeFormOptions {
	client: TalktimeClient;
	note: NoteDraft;
	/** IANA zone of the lead. */
	timezone: () => string;
	nowMs: () => number;
}

/** What becomes of one call, as it is being said. The same outcome twice is one, so that it may be sent again. */
export class OutcomeForm {
	readonly #options: OutcomeFormOptions;
	/** The field of the call-back time, for the keyboard. */
	atElement = $state<HTMLInputElement | null>(null);
	#chosen = $state.raw<DispositionView | null>(null);
	#at = $state<string | null>(null);
	#isSending = $state(false);
	#problem = $state<string | null>(null);
	#errors = $state.raw<Record<string, string>>({});

	constructor(options: OutcomeFormOptions) {
		this.#options = options;
	}

	get dispositionId(): string | null {
		return this.#chosen?.id ?? null;
	}

	get timezone(): string {
		return this.#options.timezone();
	}

	/** The outcome that was chosen needs a time, which is to be looked at before it is saved. */
	get asksTime(): boolean {
		return this.#chosen?.kind === 'call_back';
	}

	/** Wall time of the lead. */
	get at(): string {
		return this.#at ?? '';
	}

	set at(at: string) {
		this.#at = at;
		this.#errors = {};
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	get problem(): string | null {
		return this.#problem;
	}

	get errors(): Record<string, string> {
		return this.#errors;
	}

	choose(disposition: DispositionView): void {
		this.#chosen = disposition;
		this.#problem = null;
		if (disposition.kind !== 'call_back') return;
		const [, morning] = suggestCallBacks(this.#options.nowMs(), this.timezone);
		this.#at ??= morning?.at ?? '';
	}

	/** Returns what was recorded, or null when something is to be put right first. */
	async send(): Promise<OutcomeView | null> {
		const chosen = this.#chosen;
		if (!chosen || this.#isSending || !this.#check()) return null;
		const { client, note } = this.#options;
		this.#isSending = true;
		this.#problem = null;
		try {
			const { outcome } = await client.outcomes.record.mutate({
				callId: note.callId,
				dispositionId: chosen.id,
				note: note.asInput,
				...(this.asksTime && { callBack: { at: this.at, timezone: this.timezone } })
			});
			note.markSaved();
			return outcome;
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			this.#errors = refusal.fields;
			if (!('at' in refusal.fields)) this.#problem = `Nothing was saved. ${refusal.message}`;
			return null;
		} finally {
			this.#isSending = false;
		}
	}

	#check(): boolean {
		if (!this.asksTime) return true;
		const read = readCallBackTime(this.at, this.timezone, this.#options.nowMs());
		this.#errors = read.ok ? {} : { [read.field]: read.sentence };
		return read.ok;
	}
}
