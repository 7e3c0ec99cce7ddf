import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { Page, RefusedCallView } from '$lib/views';

const LOOK_MS = 30_000;

/** Refused calls as far as they were read, newest first. */
export class RefusedCalls {
	#client: TalktimeClient;
	#rows = $state.raw<RefusedCallView[]>([]);
	#nextCursor = $state<string | null>(null);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);
	#isFresh = true;

	constructor(client: TalktimeClient, first: Page<RefusedCallView>) {
		this.#client = client;
		this.#rows = first.rows;
		this.#nextCursor = first.nextCursor;
	}

	get rows(): RefusedCallView[] {
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

	/** Those of others no event tells of: looks again while the page is in front. Returns how to stop. */
	follow(): () => void {
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') void this.refresh();
		}, LOOK_MS);
		return () => clearInterval(timer);
	}

	/** Reads the newest again; those further back stay. The first time the page itself has just read them. */
	async refresh(): Promise<void> {
		if (this.#isFresh) {
			this.#isFresh = false;
			return;
		}
		await this.#read(undefined, (page) => {
			const newest = this.#rows[0]?.id ?? 0;
			const isGap = page.rows.every((row) => row.id > newest) && page.nextCursor !== null;
			this.#rows = isGap ? page.rows : merged(page.rows, this.#rows);
			if (isGap) this.#nextCursor = page.nextCursor;
		});
	}

	async more(): Promise<void> {
		const cursor = this.#nextCursor;
		if (cursor === null || this.#isLoading) return;
		await this.#read(cursor, (page) => {
			this.#rows = merged(this.#rows, page.rows);
			this.#nextCursor = page.nextCursor;
		});
	}

	async #read(
		cursor: string | undefined,
		take: (page: Page<RefusedCallView>) => void
	): Promise<void> {
		this.#isLoading = true;
		this.#problem = null;
		try {
			take(await this.#client.calls.blocks.query({ cursor }));
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}
}

/** Both lists, newest first, each row once. */
function merged(first: RefusedCallView[], second: RefusedCallView[]): RefusedCallView[] {
	const byId = new Map([...second, ...first].map((row) => [row.id, row]));
	return [...byId.values()].sort((one, other) => other.id - one.id);
}
