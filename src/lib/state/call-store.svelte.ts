import { SvelteMap } from 'svelte/reactivity';
import { isTerminal } from '$lib/domain/call/status';
import type { CallView } from '$lib/views';
import { distinctBy } from './distinct-by';

const REMEMBERED_MAX = 1_000;

/** The calls heard of since the page was opened, each in its newest version. */
export class CallStore {
	#calls = new SvelteMap<string, CallView>();
	#newestByContact = new SvelteMap<string, CallView>();

	/** Keeps the call when it is newer than what is known, and says whether it was. */
	merge(call: CallView): boolean {
		const known = this.#calls.get(call.id);
		if (known && known.version >= call.version) return false;
		this.#calls.set(call.id, call);
		this.#mergeByContact(call);
		this.#forgetOldest();
		return true;
	}

	find(callId: string): CallView | null {
		return this.#calls.get(callId) ?? null;
	}

	/** The newer of a loaded call and what is known of it. */
	newest(loaded: CallView): CallView {
		const known = this.#calls.get(loaded.id);
		return known && known.version > loaded.version ? known : loaded;
	}

	/** The newest call to a contact, live or ended. */
	newestTo(contactId: string, loaded: CallView | null): CallView | null {
		const known = this.#newestByContact.get(contactId);
		if (known && (!loaded || (known.id !== loaded.id && isLater(known, loaded)))) return known;
		return loaded && this.newest(loaded);
	}

	/** A loaded list of recent calls with everything heard since on top, newest first. */
	recent(loaded: CallView[], limit: number): CallView[] {
		const newest = loaded.map((call) => this.newest(call));
		return distinctBy([...newest, ...this.#calls.values()], (call) => call.id)
			.sort(byLatest)
			.slice(0, limit);
	}

	/** The calls that live now, longest first, among those heard of and a loaded list. */
	live(loaded: CallView[] = []): CallView[] {
		return this.recent(loaded, Infinity)
			.filter((call) => !isTerminal(call.status))
			.reverse();
	}

	#mergeByContact(call: CallView): void {
		if (!call.contactId) return;
		const known = this.#newestByContact.get(call.contactId);
		if (!known || known.id === call.id || isLater(call, known)) {
			this.#newestByContact.set(call.contactId, call);
		}
	}

	/** A tab stays open for days: ended calls beyond the limit are let go, the oldest first. */
	#forgetOldest(): void {
		if (this.#calls.size <= REMEMBERED_MAX) return;
		for (const call of this.#calls.values()) {
			if (this.#calls.size <= REMEMBERED_MAX) return;
			if (!isTerminal(call.status)) continue;
			this.#calls.delete(call.id);
			if (call.contactId && this.#newestByContact.get(call.contactId)?.id === call.id) {
				this.#newestByContact.delete(call.contactId);
			}
		}
	}
}

/** Whether the first call was placed at or after the second; call ids rise with time. */
function isLater(first: CallView, second: CallView): boolean {
	return byLatest(first, second) <= 0;
}

function byLatest(first: CallView, second: CallView): number {
	const byTime = Date.parse(second.initiatedAt) - Date.parse(first.initiatedAt);
	return byTime !== 0 ? byTime : second.id.localeCompare(first.id);
}
