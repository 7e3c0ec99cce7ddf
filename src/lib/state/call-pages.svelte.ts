import type { ListCallsInput } from '$lib/inputs';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { CallsPageView, CallView } from '$lib/views';
import { distinctBy } from './distinct-by';

/** The pages of a list of calls after the first, which comes with the page itself. */
export class CallPages {
	#client: TalktimeClient;
	#query: ListCallsInput;
	#pages = $state.raw<CallsPageView[]>([]);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient, query: ListCallsInput) {
		this.#client = client;
		this.#query = query;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Every call read so far, each once. */
	rows(first: CallsPageView): CallView[] {
		const rows = [first, ...this.#pages].flatMap((page) => page.rows);
		return distinctBy(rows, (call) => call.id);
	}

	nextCursor(first: CallsPageView): string | null {
		return (this.#pages.at(-1) ?? first).nextCursor;
	}

	/** ISO time down to which calls were looked through, when there are more before it. */
	searchedTo(first: CallsPageView): string | null {
		return (this.#pages.at(-1) ?? first).searchedTo;
	}

	async more(first: CallsPageView): Promise<void> {
		const cursor = this.nextCursor(first);
		if (!cursor || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const next = await this.#client.calls.list.query({ ...this.#query, cursor });
			this.#pages = [...this.#pages, next];
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}
}
