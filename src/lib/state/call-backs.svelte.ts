import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { Refusal } from '$lib/trpc/refusal';
import type { CallBackView } from '$lib/views';
import type { ServerClock } from './server-clock.svelte';

const LOOK_EVERY_MS = 5_000;

export interface CallBacksOptions {
	userId: string;
	client: TalktimeClient;
	clock: ServerClock;
	/** One of this person's is due now. */
	onDue: (callBack: CallBackView) => void;
	onRefused: (refusal: Refusal) => void;
}

/** The calls this person has promised: kept up to date by the feed, and told of when they are due. */
export class CallBacks {
	readonly #options: CallBacksOptions;
	#known = new SvelteMap<string, CallBackView>();
	#told = new SvelteSet<string>();
	#open = $derived(
		[...this.#known.values()]
			.filter(({ state, userId }) => state === 'open' && userId === this.#options.userId)
			.sort((one, other) => Date.parse(one.dueAt) - Date.parse(other.dueAt))
	);

	constructor(options: CallBacksOptions) {
		this.#options = options;
	}

	/** Open ones, the most urgent first. */
	get open(): CallBackView[] {
		return this.#open;
	}

	/** Those whose time has come. */
	get due(): CallBackView[] {
		const nowMs = this.#options.clock.calmMs;
		return this.#open.filter(({ dueAt }) => Date.parse(dueAt) <= nowMs);
	}

	hear(callBack: CallBackView): void {
		const known = this.#known.get(callBack.id);
		if (known && known.updatedAt > callBack.updatedAt) return;
		if (known && known.dueAt !== callBack.dueAt) this.#told.delete(callBack.id);
		this.#known.set(callBack.id, callBack);
	}

	/** Reads what is promised, then looks now and then what is due. Returns how to stop. */
	start(): () => void {
		void this.#read().then(() => this.#look({ isFirst: true }));
		const timer = setInterval(() => this.#look({ isFirst: false }), LOOK_EVERY_MS);
		return () => clearInterval(timer);
	}

	/** Closes it, or opens it again. Says whether that was taken. */
	async change(taskId: string, state: CallBackView['state']): Promise<boolean> {
		try {
			this.hear(await this.#options.client.outcomes.changeCallBack.mutate({ taskId, state }));
			return true;
		} catch (thrown) {
			this.#options.onRefused(readRefusal(thrown));
			return false;
		}
	}

	async #read(): Promise<void> {
		try {
			for (const one of await this.#options.client.outcomes.callBacks.query({})) this.hear(one);
		} catch {
			// The page's own data has them too, and the feed tells of every new one.
		}
	}

	/** What was due before the page was opened stands in the list; only what comes due now is told. */
	#look({ isFirst }: { isFirst: boolean }): void {
		const nowMs = this.#options.clock.nowMs();
		for (const one of this.#open) {
			if (Date.parse(one.dueAt) > nowMs || this.#told.has(one.id)) continue;
			this.#told.add(one.id);
			if (!isFirst) this.#options.onDue(one);
		}
	}
}
