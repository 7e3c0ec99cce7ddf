import { DISPOSITIONS_MAX, type DispositionKind } from '$lib/domain/outcomes/dispositions';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { DispositionView } from '$lib/views';

export interface DispositionRow {
	/** Of the row on the page. */
	key: number;
	/** Null until it is saved for the first time. */
	id: string | null;
	kind: DispositionKind;
	label: string;
}

/** What agents may say became of a call, as it is being changed. */
export class DispositionForm {
	readonly #client: TalktimeClient;
	#rows = $state<DispositionRow[]>([]);
	#saved = $state.raw('');
	#isSending = $state(false);
	#problem = $state<string | null>(null);
	#keys = 0;

	constructor(client: TalktimeClient, offered: DispositionView[]) {
		this.#client = client;
		this.#take(offered);
	}

	/** In the order of the keys that choose them. */
	get rows(): DispositionRow[] {
		return this.#rows;
	}

	get isFull(): boolean {
		return this.#rows.length >= DISPOSITIONS_MAX;
	}

	get isChanged(): boolean {
		return this.#asText() !== this.#saved;
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	get problem(): string | null {
		return this.#problem;
	}

	add(): void {
		if (!this.isFull) this.#rows.push({ key: ++this.#keys, id: null, kind: 'other', label: '' });
	}

	remove(index: number): void {
		this.#rows.splice(index, 1);
	}

	move(index: number, step: 1 | -1): void {
		const [row] = this.#rows.splice(index, 1);
		if (row) this.#rows.splice(index + step, 0, row);
	}

	/** Says whether it is saved. */
	async save(): Promise<boolean> {
		this.#problem = this.#check();
		if (this.#problem !== null || this.#isSending) return false;
		this.#isSending = true;
		try {
			const offered = await this.#client.outcomes.setDispositions.mutate({
				dispositions: this.#rows.map(({ id, kind, label }) => ({
					...(id !== null && { id }),
					kind,
					label
				}))
			});
			this.#take(offered);
			return true;
		} catch (thrown) {
			this.#problem = `Nothing was saved. ${readRefusal(thrown).message}`;
			return false;
		} finally {
			this.#isSending = false;
		}
	}

	#check(): string | null {
		if (this.#rows.length === 0) return 'Keep at least one outcome.';
		return this.#rows.some(({ label }) => label.trim() === '')
			? 'Give each outcome a name of 1 to 40 letters.'
			: null;
	}

	#take(offered: DispositionView[]): void {
		this.#rows = offered.map(({ id, kind, label }) => ({ key: ++this.#keys, id, kind, label }));
		this.#saved = this.#asText();
	}

	#asText(): string {
		return JSON.stringify(this.#rows.map(({ id, kind, label }) => [id, kind, label.trim()]));
	}
}
