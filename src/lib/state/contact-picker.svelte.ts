import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { ContactRowView, ContactView } from '$lib/views';

const SHOWN = 8;

/** Finds one contact among all. */
export class ContactPicker {
	search = $state('');
	#client: TalktimeClient;
	#exceptId: () => string;
	#rows = $state.raw<ContactRowView[]>([]);
	#chosen = $state.raw<ContactView | null>(null);
	#problem = $state<string | null>(null);

	/** @param exceptId of the contact that is never found */
	constructor(client: TalktimeClient, exceptId: () => string) {
		this.#client = client;
		this.#exceptId = exceptId;
	}

	get rows(): ContactRowView[] {
		return this.#rows;
	}

	get chosen(): ContactView | null {
		return this.#chosen;
	}

	get problem(): string | null {
		return this.#problem;
	}

	async find(text: string): Promise<void> {
		this.search = text;
		this.#chosen = null;
		this.#problem = null;
		if (text === '') {
			this.#rows = [];
			return;
		}
		try {
			const page = await this.#client.contacts.list.query({ search: text, limit: SHOWN + 1 });
			const exceptId = this.#exceptId();
			if (this.search !== text) return;
			this.#rows = page.rows.filter(({ id }) => id !== exceptId).slice(0, SHOWN);
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		}
	}

	async choose(contactId: string): Promise<void> {
		try {
			this.#chosen = (await this.#client.contacts.get.query({ contactId })).contact;
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		}
	}

	forget(): void {
		this.#chosen = null;
		this.#rows = [];
		this.search = '';
	}
}
