import type { LeadState } from '$lib/domain/campaigns/campaign';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { CampaignLeadView, Page } from '$lib/views';
import { distinctBy } from './distinct-by';

const PAUSE_MS = 1_000;

/** The leads of a campaign as far as they were read; read again while the campaign moves. */
export class CampaignLeads {
	#client: TalktimeClient;
	#query: { campaignId: string; state?: LeadState };
	#pages = $state.raw<Page<CampaignLeadView>[]>([]);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);
	#isReading = false;
	#isStale = false;

	constructor(
		client: TalktimeClient,
		query: { campaignId: string; state: LeadState | null },
		first: Page<CampaignLeadView>
	) {
		this.#client = client;
		this.#query = { campaignId: query.campaignId, ...(query.state && { state: query.state }) };
		this.#pages = [first];
	}

	get rows(): CampaignLeadView[] {
		return distinctBy(
			this.#pages.flatMap((page) => page.rows),
			({ position }) => String(position)
		);
	}

	get nextCursor(): string | null {
		return this.#pages.at(-1)?.nextCursor ?? null;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	async more(): Promise<void> {
		const cursor = this.nextCursor;
		if (!cursor || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			this.#pages = [...this.#pages, await this.#read(cursor)];
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}

	/** Reads every page again: what is heard of meanwhile is read once more after it. */
	async refresh(): Promise<void> {
		this.#isStale = true;
		if (this.#isReading) return;
		this.#isReading = true;
		try {
			while (this.#isStale) {
				this.#isStale = false;
				await this.#reread();
				await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
			}
		} catch {
			// The feed says by its state that the server cannot be reached; the next event reads again.
		} finally {
			this.#isReading = false;
		}
	}

	async #reread(): Promise<void> {
		const count = this.#pages.length;
		const pages: Page<CampaignLeadView>[] = [];
		for (let page = 0; page < count; page++) {
			const cursor = pages.at(-1)?.nextCursor ?? undefined;
			if (page > 0 && cursor === undefined) break;
			pages.push(await this.#read(cursor));
		}
		// More was loaded meanwhile: the next event reads that too.
		if (this.#pages.length === count) this.#pages = pages;
	}

	#read(cursor: string | undefined): Promise<Page<CampaignLeadView>> {
		return this.#client.campaigns.leads.query({ ...this.#query, cursor });
	}
}
