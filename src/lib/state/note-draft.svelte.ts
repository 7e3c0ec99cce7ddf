import { v7 as uuid } from 'uuid';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';

const SAVE_AFTER_MS = 800;

/** The note of one call while it is written: saved by itself, found again after a reload. */
export class NoteDraft {
	readonly callId: string;
	readonly #client: TalktimeClient;
	readonly #userId: string;
	#noteId = uuid();
	#text = $state('');
	#savedText = $state('');
	#problem = $state<string | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#saving: Promise<void> = Promise.resolve();

	constructor(client: TalktimeClient, callId: string, userId: string) {
		this.#client = client;
		this.callId = callId;
		this.#userId = userId;
	}

	get text(): string {
		return this.#text;
	}

	set text(text: string) {
		this.#text = text;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER_MS);
	}

	get isSaved(): boolean {
		return this.#text.trim() === this.#savedText;
	}

	/** Why it is not saved; null when nothing went wrong. */
	get problem(): string | null {
		return this.#problem;
	}

	/** As an outcome takes it along. */
	get asInput(): { noteId: string; text: string } {
		return { noteId: this.#noteId, text: this.#text.trim() };
	}

	/** Takes up what this person wrote about the call before the page was loaded. */
	async resume(): Promise<void> {
		try {
			const { notes } = await this.#client.outcomes.ofCall.query({ callId: this.callId });
			const own = notes.find(({ userId }) => userId === this.#userId);
			if (!own || this.#text !== '') return;
			this.#noteId = own.id;
			this.#text = this.#savedText = own.text;
		} catch {
			// A new note is written then, and the old one stays.
		}
	}

	/** Saves what is not saved yet, one after the other. */
	flush(): Promise<void> {
		clearTimeout(this.#timer);
		this.#saving = this.#saving.then(() => this.#save());
		return this.#saving;
	}

	/** It went along with an outcome. */
	markSaved(): void {
		clearTimeout(this.#timer);
		this.#savedText = this.#text.trim();
	}

	async #save(): Promise<void> {
		const text = this.#text.trim();
		if (text === this.#savedText) return;
		try {
			await this.#client.outcomes.saveNote.mutate({
				noteId: this.#noteId,
				callId: this.callId,
				text
			});
			this.#savedText = text;
			this.#problem = null;
		} catch (thrown) {
			this.#problem = `The note is not saved. ${readRefusal(thrown).message}`;
		}
	}
}
