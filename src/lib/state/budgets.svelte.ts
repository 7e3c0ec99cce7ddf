import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { BudgetView } from '$lib/views';

const PAUSE_MS = 500;

/** The budgets of an organization as the page shows them, read again when calls are heard of. */
export class Budgets {
	#client: TalktimeClient;
	#rows = $state.raw<BudgetView[]>([]);
	#isReading = false;
	#isStale = false;

	constructor(client: TalktimeClient, first: BudgetView[]) {
		this.#client = client;
		this.#rows = first;
	}

	get rows(): BudgetView[] {
		return this.#rows;
	}

	/** Reads the counters again. What is heard of meanwhile is read once more after it. */
	async refresh(): Promise<void> {
		this.#isStale = true;
		if (this.#isReading) return;
		this.#isReading = true;
		try {
			while (this.#isStale) {
				this.#isStale = false;
				this.#rows = (await this.#client.budgets.list.query({})).budgets;
				// Many calls at once are one reading, not one each.
				await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
			}
		} catch {
			// The feed says by its state that the server cannot be reached; the next event reads again.
		} finally {
			this.#isReading = false;
		}
	}

	/** Returns null when it is gone, else why it is not. */
	async remove({ id }: BudgetView): Promise<string | null> {
		return this.#change(() => this.#client.budgets.remove.mutate({ budgetId: id }));
	}

	/** Sets a removed budget again, as it was. */
	async restore({ scope, subjectId, period, limitMinutes }: BudgetView): Promise<string | null> {
		return this.#change(() =>
			this.#client.budgets.set.mutate({ scope, subjectId, period, limitMinutes })
		);
	}

	async #change(send: () => Promise<unknown>): Promise<string | null> {
		try {
			await send();
		} catch (thrown) {
			return readRefusal(thrown).message;
		}
		await this.refresh();
		return null;
	}
}
