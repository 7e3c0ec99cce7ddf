import type { TalktimeClient } from '$lib/trpc/client';
import type { StuckView } from '$lib/views';

const LOOK_MS = 30_000;

/** What is stuck in the fleet. No event tells of silence, so it is asked for. */
export class StuckCalls {
	#client: TalktimeClient;
	#rows = $state.raw<StuckView[]>([]);

	constructor(client: TalktimeClient, first: StuckView[]) {
		this.#client = client;
		this.#rows = first;
	}

	get rows(): StuckView[] {
		return this.#rows;
	}

	/** Looks again and again while the page is in front. Returns how to stop. */
	follow(): () => void {
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') void this.refresh();
		}, LOOK_MS);
		return () => clearInterval(timer);
	}

	async refresh(): Promise<void> {
		try {
			this.#rows = await this.#client.calls.stuck.query({});
		} catch {
			// What is shown stays; the feed says by its state that the server cannot be reached.
		}
	}
}
