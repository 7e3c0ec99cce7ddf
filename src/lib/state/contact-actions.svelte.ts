import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';

/** What is done with a contact beside its form: each says null when it is done, else why not. */
export class ContactActions {
	#client: TalktimeClient;
	#changed: () => Promise<void>;
	#isBusy = $state(false);

	/** @param changed loads the page anew */
	constructor(client: TalktimeClient, changed: () => Promise<void>) {
		this.#client = client;
		this.#changed = changed;
	}

	get isBusy(): boolean {
		return this.#isBusy;
	}

	archive(contactId: string): Promise<string | null> {
		return this.#do(() => this.#client.contacts.archive.mutate({ contactId }));
	}

	restore(contactId: string): Promise<string | null> {
		return this.#do(() => this.#client.contacts.restore.mutate({ contactId }));
	}

	erase(contactId: string, confirmation: string): Promise<string | null> {
		return this.#do(() => this.#client.contacts.erase.mutate({ contactId, confirmation }));
	}

	setDoNotCall(contactId: string, isOn: boolean, reason: string | null): Promise<string | null> {
		return this.#do(() => this.#client.contacts.setDoNotCall.mutate({ contactId, isOn, reason }));
	}

	setList(contactId: string, listId: string, isOn: boolean): Promise<string | null> {
		return this.#do(() => this.#client.contacts.setList.mutate({ contactId, listId, isOn }));
	}

	merge(
		requestId: string,
		keepId: string,
		mergeId: string,
		take: string[]
	): Promise<string | null> {
		return this.#do(() => this.#client.contacts.merge.mutate({ requestId, keepId, mergeId, take }));
	}

	undoMerge(mergeId: string): Promise<string | null> {
		return this.#do(() => this.#client.contacts.undoMerge.mutate({ mergeId }));
	}

	async #do(send: () => Promise<unknown>): Promise<string | null> {
		this.#isBusy = true;
		try {
			await send();
			await this.#changed();
			return null;
		} catch (thrown) {
			return readRefusal(thrown).message;
		} finally {
			this.#isBusy = false;
		}
	}
}
