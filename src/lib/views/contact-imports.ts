import type { ImportField } from '../domain/contacts/import-columns';
import type { DuplicateRule } from '../domain/contacts/import-row';

export type ImportState =
	'uploading' | 'ready' | 'running' | 'done' | 'undoing' | 'undone' | 'failed';

/** A file of contacts and how far it is. */
export interface ContactImportView {
	id: string;
	fileName: string;
	byteSize: number;
	state: ImportState;
	userName: string | null;
	/** How the file is written, in words. */
	writtenAs: string | null;
	hasHeader: boolean;
	/** The first lines, cell by cell. */
	headRows: string[][];
	mapping: (ImportField | null)[];
	/** ISO country of numbers without a country code. */
	defaultCountry: string | null;
	duplicates: DuplicateRule;
	leadListId: string | null;
	leadListName: string | null;
	/** The header not counted; null until the file was read. */
	totalRows: number | null;
	doneRows: number;
	createdRows: number;
	updatedRows: number;
	skippedRows: number;
	refusedRows: number;
	undoneRows: number;
	keptRows: number;
	/** Why it failed, in a sentence. */
	problem: string | null;
	createdAt: string;
	startedAt: string | null;
	finishedAt: string | null;
	undoneAt: string | null;
}

/** What would become of a row. */
export interface ImportRowView {
	/** In the file. */
	line: number;
	outcome: 'created' | 'updated' | 'skipped' | 'refused';
	name: string;
	/** E.164; as the file has it where it is refused. */
	phone: string;
	company: string | null;
	/** Why it is refused or skipped, or what was put right, in a sentence. */
	note: string | null;
}

/** What an import would do, from the first rows of the file. */
export interface ImportPreviewView {
	lookedAt: number;
	counts: Record<ImportRowView['outcome'], number>;
	/** The first rows. */
	sample: ImportRowView[];
	/** Rows with something to say, the first of them. */
	noted: ImportRowView[];
}
