import { checkMapping, type ImportField } from '$lib/domain/contacts/import-columns';
import type { DuplicateRule } from '$lib/domain/contacts/import-row';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { ContactImportView, ImportPreviewView } from '$lib/views';

export type ListChoice = 'none' | 'new' | (string & {});

/** How a file is to be imported: chosen here, looked at on the server, and started. */
export class ContactImportPlan {
	hasHeader = $state(true);
	mapping = $state<(ImportField | null)[]>([]);
	duplicates = $state<DuplicateRule>('skip');
	/** `none`, `new`, or the id of a list. */
	list = $state<ListChoice>('none');
	newListName = $state('');
	#client: TalktimeClient;
	#importId: string;
	#preview = $state.raw<ImportPreviewView | null>(null);
	#isLooking = $state(false);
	#isStarting = $state(false);
	#problem = $state<string | null>(null);
	#fields = $state.raw<Record<string, string>>({});
	#looking = 0;

	constructor(client: TalktimeClient, found: ContactImportView) {
		this.#client = client;
		this.#importId = found.id;
		this.hasHeader = found.hasHeader;
		this.mapping = [...found.mapping];
		this.newListName = found.fileName.replace(/\.[^.]*$/, '').slice(0, 120);
	}

	get preview(): ImportPreviewView | null {
		return this.#preview;
	}

	get isLooking(): boolean {
		return this.#isLooking;
	}

	get isStarting(): boolean {
		return this.#isStarting;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** What is wrong with a field the server refused. */
	get fields(): Record<string, string> {
		return this.#fields;
	}

	/** What keeps the columns from being imported; null when nothing does. */
	get mappingProblem(): string | null {
		return checkMapping(this.mapping);
	}

	/** Looks at the first rows with what is chosen now; of several looks the last one counts. */
	async look(): Promise<void> {
		if (this.mappingProblem !== null) {
			this.#preview = null;
			return;
		}
		const looking = ++this.#looking;
		this.#isLooking = true;
		this.#problem = null;
		try {
			const preview = await this.#client.contacts.imports.preview.mutate(this.#chosen());
			if (looking === this.#looking) this.#preview = preview;
		} catch (thrown) {
			if (looking === this.#looking) this.#problem = readRefusal(thrown).message;
		} finally {
			if (looking === this.#looking) this.#isLooking = false;
		}
	}

	/** Starts the import. Returns whether it runs. */
	async start(): Promise<boolean> {
		this.#isStarting = true;
		this.#problem = null;
		this.#fields = {};
		try {
			await this.#client.contacts.imports.start.mutate({
				...this.#chosen(),
				...(this.list === 'new' && { newListName: this.newListName }),
				...(this.list !== 'new' && this.list !== 'none' && { listId: this.list })
			});
			return true;
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			this.#fields = refusal.fields;
			if (!('newListName' in refusal.fields)) this.#problem = refusal.message;
			return false;
		} finally {
			this.#isStarting = false;
		}
	}

	#chosen() {
		return {
			importId: this.#importId,
			hasHeader: this.hasHeader,
			mapping: $state.snapshot(this.mapping),
			duplicates: this.duplicates
		};
	}
}
