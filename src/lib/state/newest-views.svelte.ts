import { SvelteMap } from 'svelte/reactivity';
import type { CampaignProgressView, CreditsView, MetricsView, MinutesView } from '$lib/views';

/**
 * What the live feed and answers have told so far, by key. Data that a page loaded is laid under it:
 * of two views of one thing the newer is shown, in whatever order they came.
 */
export class NewestViews<View, Key extends number | string = number> {
	#views = new SvelteMap<Key, View>();
	#keyOf: (view: View) => Key;
	#isNewer: (view: View, than: View) => boolean;

	constructor(keyOf: (view: View) => Key, isNewer: (view: View, than: View) => boolean) {
		this.#keyOf = keyOf;
		this.#isNewer = isNewer;
	}

	/** Keeps the view when it is newer than what is known, and says whether it was. */
	merge(view: View): boolean {
		const key = this.#keyOf(view);
		const known = this.#views.get(key);
		if (known && !this.#isNewer(view, known)) return false;
		this.#views.set(key, view);
		return true;
	}

	/** The newer of a loaded view and what is known of the same thing. */
	newest(loaded: View): View {
		const known = this.#views.get(this.#keyOf(loaded));
		return known && this.#isNewer(known, loaded) ? known : loaded;
	}

	find(key: Key): View | null {
		return this.#views.get(key) ?? null;
	}
}

export type MinutesStore = NewestViews<MinutesView>;
export type CreditsStore = NewestViews<CreditsView>;
export type MetricsStore = NewestViews<MetricsView>;
export type CampaignsStore = NewestViews<CampaignProgressView, string>;

export function createMinutesStore(): MinutesStore {
	return new NewestViews<MinutesView>(
		(view) => view.organizationId,
		(view, than) => view.version > than.version
	);
}

export function createCreditsStore(): CreditsStore {
	return new NewestViews<CreditsView>(
		(view) => view.organizationId,
		(view, than) => view.version > than.version
	);
}

/** Of one version the later says more: why it does not dial changes with time alone. */
export function createCampaignsStore(): CampaignsStore {
	return new NewestViews<CampaignProgressView, string>(
		(view) => view.id,
		(view, than) =>
			view.version === than.version ? view.asOf > than.asOf : view.version > than.version
	);
}

/** Totals start again each day, so a later day is newer whatever its version. */
export function createMetricsStore(): MetricsStore {
	return new NewestViews<MetricsView>(
		(view) => view.organizationId,
		(view, than) => (view.day === than.day ? view.version > than.version : view.day > than.day)
	);
}
