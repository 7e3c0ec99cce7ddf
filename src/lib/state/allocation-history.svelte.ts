import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { AllocationHistoryView } from '$lib/views';

/** Rows the page itself brings; fewer than these are all there are. */
const FIRST_ROWS = 30;

/** The allocation history of the fleet, or of one organization, as far as it was read. */
export class AllocationHistory {
	#client: TalktimeClient;
	#organizationId: number | null = null;
	#rows = $state.raw<AllocationHistoryView[]>([]);
	#nextCursor = $state<string | null>(null);
	/** Rows came with the page: where they end is not known to the server's paging yet. */
	#isFromPage = true;
	#hasMore = $state(false);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);
	#reading = 0;

	constructor(
		client: TalktimeClient,
		first: AllocationHistoryView[],
		organizationId: number | null = null
	) {
		this.#client = client;
		this.#organizationId = organizationId;
		this.#rows = first;
		this.#hasMore = first.length >= FIRST_ROWS;
	}

	get rows(): AllocationHistoryView[] {
		return this.#rows;
	}

	get hasMore(): boolean {
		return this.#hasMore;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Shows another organization's history, or with null everyone's. */
	async show(organizationId: number | null): Promise<void> {
		if (organizationId === this.#organizationId) return;
		this.#organizationId = organizationId;
		this.#rows = [];
		await this.refresh();
	}

	/** Reads the newest rows again; rows further back stay. */
	async refresh(): Promise<void> {
		await this.#read(null, (page) => {
			const older = this.#rows.length > page.rows.length && !this.#isFromPage;
			this.#rows = merged(page.rows, this.#rows);
			if (!older) this.#setNext(page.nextCursor);
		});
	}

	async more(): Promise<void> {
		if (this.#isLoading) return;
		if (this.#isFromPage) await this.refresh();
		if (!this.#nextCursor) return;
		await this.#read(this.#nextCursor, (page) => {
			this.#rows = merged(this.#rows, page.rows);
			this.#setNext(page.nextCursor);
		});
	}

	#setNext(cursor: string | null): void {
		this.#isFromPage = false;
		this.#nextCursor = cursor;
		this.#hasMore = cursor !== null;
	}

	async #read(cursor: string | null, take: (page: HistoryPage) => void): Promise<void> {
		const reading = ++this.#reading;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const page = await this.#client.admin.minutes.history.query({
				organizationId: this.#organizationId ?? undefined,
				cursor: cursor ?? undefined
			});
			if (reading === this.#reading) take(page);
		} catch (thrown) {
			if (reading === this.#reading) this.#problem = readRefusal(thrown).message;
		} finally {
			if (reading === this.#reading) this.#isLoading = false;
		}
	}
}

interface HistoryPage {
	rows: AllocationHistoryView[];
	nextCursor: string | null;
}

/** Both lists, newest first, each row once. */
function merged(
	first: AllocationHistoryView[],
	second: AllocationHistoryView[]
): AllocationHistoryView[] {
	const byId = new Map([...second, ...first].map((row) => [row.id, row]));
	return [...byId.values()].sort((one, other) => other.id - one.id);
}
