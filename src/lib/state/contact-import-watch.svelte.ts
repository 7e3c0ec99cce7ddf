import type { TalktimeClient } from '$lib/trpc/client';
import type { ContactImportView } from '$lib/views';

const LOOK_MS = 700;

/** An import as it goes on: asked for while something happens, and no longer. */
export class ContactImportWatch {
	#client: TalktimeClient;
	#found = $state.raw<ContactImportView | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	/** The newest that is known. */
	newest(loaded: ContactImportView): ContactImportView {
		return this.#found?.id === loaded.id ? this.#found : loaded;
	}

	/** Takes what an answer said. */
	take(found: ContactImportView): void {
		this.#found = found;
	}

	/** Follows an import until it rests. Returns how to stop. */
	follow(importId: string): () => void {
		let isStopped = false;
		const look = async () => {
			try {
				this.#found = await this.#client.contacts.imports.get.query({ importId });
			} catch {
				// The next look finds the server again, or the page is loaded anew.
			}
			const isMoving = this.#found?.state === 'running' || this.#found?.state === 'undoing';
			if (!isStopped && (isMoving || this.#found === null)) this.#timer = setTimeout(look, LOOK_MS);
		};
		void look();
		return () => {
			isStopped = true;
			clearTimeout(this.#timer);
		};
	}
}
