import { readRefusal } from '$lib/trpc/refusal';
import type { Page } from '$lib/views';
import { distinctBy } from './distinct-by';

const PAUSE_MS = 500;

interface Options<Row> {
	/** The page that came with the page's data. */
	first: Page<Row>;
	keyOf: (row: Row) => string;
	/** Reads the page after the cursor, or the newest one without it. */
	read: (cursor?: string) => Promise<Page<Row>>;
}

/** Rows newest first: more on demand, and the newest read again when something was heard of. */
export class RowPages<Row> {
	#options: Options<Row>;
	#read = $state.raw<Page<Row>>({ rows: [], nextCursor: null });
	#isLoading = $state(false);
	#problem = $state<string | null>(null);
	#isRefreshing = false;
	#isStale = false;

	constructor(options: Options<Row>) {
		this.#options = options;
		this.#read = options.first;
	}

	get rows(): Row[] {
		return this.#read.rows;
	}

	get hasMore(): boolean {
		return this.#read.nextCursor !== null;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	/** Why the next page did not come. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Lays the newest page over what is known. When they do not touch, rows between them are missing: it begins anew. */
	lay(newest: Page<Row>): void {
		const { keyOf } = this.#options;
		const keys = newest.rows.map(keyOf);
		const touches = this.#read.rows.some((row) => keys.includes(keyOf(row)));
		this.#read = touches
			? { ...this.#read, rows: this.#joined(newest.rows, this.#read.rows) }
			: newest;
	}

	async more(): Promise<void> {
		const cursor = this.#read.nextCursor;
		if (cursor === null || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const { rows, nextCursor } = await this.#options.read(cursor);
			// A refresh meanwhile may have begun anew.
			if (this.#read.nextCursor === cursor) {
				this.#read = { rows: this.#joined(this.#read.rows, rows), nextCursor };
			}
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}

	/** Reads the newest rows again. What is heard of meanwhile is read once more after it. */
	async refresh(): Promise<void> {
		this.#isStale = true;
		if (this.#isRefreshing) return;
		this.#isRefreshing = true;
		try {
			while (this.#isStale) {
				this.#isStale = false;
				this.lay(await this.#options.read());
				// Many changes at once are one reading, not one each.
				await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
			}
		} catch {
			// The feed says by its state that the server cannot be reached; the next event reads again.
		} finally {
			this.#isRefreshing = false;
		}
	}

	#joined(newer: Row[], older: Row[]): Row[] {
		return distinctBy([...newer, ...older], this.#options.keyOf);
	}
}
