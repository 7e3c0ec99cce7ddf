import type { ContactFilters } from '$lib/inputs';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { ContactRowView, ContactsPageView } from '$lib/views';
import { distinctBy } from './distinct-by';

/** The pages of contacts after the first, which comes with the page itself. */
export class ContactPages {
	#client: TalktimeClient;
	#filters: ContactFilters;
	#pages = $state.raw<ContactsPageView[]>([]);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient, filters: ContactFilters) {
		this.#client = client;
		this.#filters = filters;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Every contact read so far; one that moved between pages shows once. */
	rows(first: ContactsPageView): ContactRowView[] {
		return distinctBy(
			[first, ...this.#pages].flatMap((page) => page.rows),
			(contact) => contact.id
		);
	}

	nextCursor(first: ContactsPageView): string | null {
		return (this.#pages.at(-1) ?? first).nextCursor;
	}

	async more(first: ContactsPageView): Promise<void> {
		const cursor = this.nextCursor(first);
		if (!cursor || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const next = await this.#client.contacts.list.query({ ...this.#filters, cursor });
			this.#pages = [...this.#pages, next];
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}
}
