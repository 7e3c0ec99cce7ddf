import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { ContactEventView, ContactTimelineView } from '$lib/views';
import { distinctBy } from './distinct-by';

/** What happened with a contact: the newest part comes with the page, older parts are read when asked for. */
export class ContactTimeline {
	#client: TalktimeClient;
	#contactId: string;
	#older = $state.raw<ContactTimelineView[]>([]);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient, contactId: string) {
		this.#client = client;
		this.#contactId = contactId;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	events(first: ContactTimelineView): ContactEventView[] {
		const all = [first, ...this.#older].flatMap((part) => part.events);
		return distinctBy(all, (event) => `${event.kind} ${event.id}`);
	}

	nextCursor(first: ContactTimelineView): string | null {
		return (this.#older.at(-1) ?? first).nextCursor;
	}

	async more(first: ContactTimelineView): Promise<void> {
		const cursor = this.nextCursor(first);
		if (!cursor || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const contactId = this.#contactId;
			const next = await this.#client.contacts.timeline.query({ contactId, cursor });
			this.#older = [...this.#older, next];
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}
}
