import { SvelteSet } from 'svelte/reactivity';

/** The leads that are ticked, by contact. It belongs to one list and its filters. */
export class LeadSelection {
	#ids = new SvelteSet<string>();

	get ids(): string[] {
		return [...this.#ids];
	}

	get size(): number {
		return this.#ids.size;
	}

	has(contactId: string): boolean {
		return this.#ids.has(contactId);
	}

	toggle(contactId: string): void {
		if (!this.#ids.delete(contactId)) this.#ids.add(contactId);
	}

	/** Ticks all of them, or none when all are ticked. */
	toggleAll(contactIds: string[]): void {
		const areAll = contactIds.every((id) => this.#ids.has(id));
		for (const id of contactIds) {
			if (areAll) this.#ids.delete(id);
			else this.#ids.add(id);
		}
	}

	clear(): void {
		this.#ids.clear();
	}
}
