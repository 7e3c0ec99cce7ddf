import { readRefusal } from '$lib/trpc/refusal';
import type { Page } from '$lib/views';
import { distinctBy } from './distinct-by';

/** Rows of a list that is read page by page, newest or first on top. */
export class PagedList<Row> {
	#read: (cursor?: string) => Promise<Page<Row>>;
	#keyOf: (row: Row) => string;
	#rows = $state.raw<Row[]>([]);
	#nextCursor = $state<string | null>(null);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);

	constructor(
		first: Page<Row>,
		read: (cursor?: string) => Promise<Page<Row>>,
		keyOf: (row: Row) => string
	) {
		this.#read = read;
		this.#keyOf = keyOf;
		this.#rows = first.rows;
		this.#nextCursor = first.nextCursor;
	}

	get rows(): Row[] {
		return this.#rows;
	}

	get hasMore(): boolean {
		return this.#nextCursor !== null;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	async more(): Promise<void> {
		const cursor = this.#nextCursor;
		if (cursor === null || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const page = await this.#read(cursor);
			this.#rows = distinctBy([...this.#rows, ...page.rows], this.#keyOf);
			this.#nextCursor = page.nextCursor;
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}

	/** Reads the first page anew; what was read beyond it stays below. */
	async refresh(): Promise<void> {
		try {
			const page = await this.#read();
			const isWhole = this.#rows.length <= page.rows.length || page.nextCursor === null;
			this.#rows = isWhole ? page.rows : distinctBy([...page.rows, ...this.#rows], this.#keyOf);
			if (isWhole) this.#nextCursor = page.nextCursor;
		} catch {
			// What is shown stays; the feed says by its state that the server cannot be reached.
		}
	}
}
