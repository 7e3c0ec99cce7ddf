import type { LeadsPageInput } from '$lib/inputs';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { LeadView, Page } from '$lib/views';
import { distinctBy } from './distinct-by';

export type LeadQuery = Omit<LeadsPageInput, 'cursor'>;

/** The pages of leads after the first, which comes with the page itself. */
export class LeadPages {
	#client: TalktimeClient;
	#query: LeadQuery;
	#pages = $state.raw<Page<LeadView>[]>([]);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient, query: LeadQuery) {
		this.#client = client;
		this.#query = query;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Every lead read so far; one that moved between pages shows once. */
	rows(first: Page<LeadView>): LeadView[] {
		const rows = [first, ...this.#pages].flatMap((page) => page.rows);
		return distinctBy(rows, (lead) => lead.contactId);
	}

	nextCursor(first: Page<LeadView>): string | null {
		return (this.#pages.at(-1) ?? first).nextCursor;
	}

	async more(first: Page<LeadView>): Promise<void> {
		const cursor = this.nextCursor(first);
		if (!cursor || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const next = await this.#client.leads.page.query({
				...this.#query,
				cursor
			});
			this.#pages = [...this.#pages, next.leads];
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}
}
