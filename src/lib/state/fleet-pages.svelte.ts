import type { FleetInput } from '$lib/inputs';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { FleetPageView, FleetRowView, FleetTotalsView } from '$lib/views';
import { distinctBy } from './distinct-by';
import { keepOrder } from './keep-order';

/** After something happened the order is read anew, at most this often. */
const REFRESH_MS = 2_000;
/** The pace changes with time alone. */
const LOOK_MS = 30_000;

/**
 * The fleet as far as it was read, in its order. Figures of a row are live by themselves; the order, the
 * pace and the totals are read anew after news, and stand still while somebody points at the table.
 */
export class FleetPages {
	/** While it is true the order stays. */
	isHeld = $state(false);
	#client: TalktimeClient;
	#rows = $state.raw<FleetRowView[]>([]);
	#totals = $state.raw<FleetTotalsView>();
	#nextCursor = $state<string | null>(null);
	#filter: FleetInput = {};
	#isLoading = $state(false);
	#problem = $state<string | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#refreshedMs = 0;

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	get rows(): FleetRowView[] {
		return this.#rows;
	}

	get totals(): FleetTotalsView | undefined {
		return this.#totals;
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

	/** Begins with what the page brought. */
	take(filter: FleetInput, first: FleetPageView, totals: FleetTotalsView): void {
		this.#filter = filter;
		this.#rows = first.rows;
		this.#totals = totals;
		this.#nextCursor = first.nextCursor;
		this.#problem = null;
	}

	/** Something happened: the first time at once, then now and then. */
	hear(): void {
		if (this.#timer !== undefined) return;
		const waitMs = Math.max(0, this.#refreshedMs + REFRESH_MS - Date.now());
		this.#timer = setTimeout(() => void this.refresh(), waitMs);
	}

	/** Returns how to stop. */
	follow(): () => void {
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') this.hear();
		}, LOOK_MS);
		return () => {
			clearInterval(timer);
			clearTimeout(this.#timer);
			this.#timer = undefined;
		};
	}

	async refresh(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#refreshedMs = Date.now();
		const filter = this.#filter;
		try {
			const [page, totals] = await Promise.all([
				this.#client.admin.fleet.query(filter),
				this.#client.admin.fleetTotals.query()
			]);
			if (filter !== this.#filter) return;
			this.#totals = totals;
			this.#merge(page);
		} catch {
			// What is shown stays; the feed says by its state that the server cannot be reached.
		}
	}

	async more(): Promise<void> {
		const cursor = this.#nextCursor;
		if (cursor === null || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const page = await this.#client.admin.fleet.query({ ...this.#filter, cursor });
			this.#rows = distinctBy([...this.#rows, ...page.rows], idOf);
			this.#nextCursor = page.nextCursor;
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}

	/** New figures for rows that are there, and a new order unless somebody points at one. */
	#merge(page: FleetPageView): void {
		if (this.isHeld) {
			this.#rows = keepOrder(this.#rows, page.rows, idOf);
			return;
		}
		const isWhole = this.#nextCursor === null || this.#rows.length <= page.rows.length;
		if (isWhole) {
			this.#rows = page.rows;
			this.#nextCursor = page.nextCursor;
		} else this.#rows = distinctBy([...page.rows, ...this.#rows], idOf);
	}
}

const idOf = (row: FleetRowView) => String(row.organizationId);
