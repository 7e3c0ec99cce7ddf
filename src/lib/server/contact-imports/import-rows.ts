import { and, eq } from 'drizzle-orm';
import { IMPORT_FIELDS, type ImportField } from '$lib/domain/contacts/import-columns';
import type { ContactImportView } from '$lib/views';
import type { Database } from '../db/client';
import { contactImports, leadLists, users } from '../db/schema/index';
import { AppError } from '../errors';

export type ImportRow = typeof contactImports.$inferSelect;

/** Imports with the names a person reads. Callers add where, order and limit. */
export function selectImports(db: Pick<Database, 'select'>) {
	return db
		.select({ row: contactImports, userName: users.name, listName: leadLists.name })
		.from(contactImports)
		.leftJoin(users, eq(users.id, contactImports.userId))
		.leftJoin(leadLists, eq(leadLists.id, contactImports.leadListId))
		.$dynamic();
}

/** @throws AppError `not_found` for another organisation's too */
export async function getImportRow(
	db: Pick<Database, 'select'>,
	organizationId: number,
	importId: string
): Promise<ImportRow> {
	const [row] = await db
		.select()
		.from(contactImports)
		.where(and(eq(contactImports.organizationId, organizationId), eq(contactImports.id, importId)));
	if (!row) throw new AppError('not_found', 'There is no such import.');
	return row;
}

const ENCODING_WORDS: Record<string, string> = {
	'utf-8': 'UTF-8',
	'utf-16le': 'UTF-16',
	'utf-16be': 'UTF-16',
	'windows-1252': 'Windows-1252'
};
const DELIMITER_WORDS: Record<string, string> = {
	',': 'commas',
	';': 'semicolons',
	'\t': 'tabs',
	'|': 'bars'
};

export function toImportView({
	row,
	userName,
	listName
}: Awaited<ReturnType<typeof selectImports>>[number]): ContactImportView {
	const encoding = ENCODING_WORDS[row.encoding ?? ''];
	const delimiter = DELIMITER_WORDS[row.delimiter ?? ''];
	return {
		id: row.id,
		fileName: row.fileName,
		byteSize: row.byteSize,
		state: row.state,
		userName,
		writtenAs: encoding && delimiter ? `${encoding}, cells separated by ${delimiter}` : null,
		hasHeader: row.hasHeader,
		headRows: row.headRows ?? [],
		mapping: readMapping(row.mapping),
		defaultCountry: row.defaultCountry,
		duplicates: row.duplicates,
		leadListId: row.leadListId,
		leadListName: listName,
		totalRows: row.totalRows === null ? null : row.totalRows - (row.hasHeader ? 1 : 0),
		doneRows: row.doneRows,
		createdRows: row.createdRows,
		updatedRows: row.updatedRows,
		skippedRows: row.skippedRows,
		refusedRows: row.refusedRows,
		undoneRows: row.undoneRows,
		keptRows: row.keptRows,
		problem: row.problem,
		createdAt: row.createdAt.toISOString(),
		startedAt: row.startedAt?.toISOString() ?? null,
		finishedAt: row.finishedAt?.toISOString() ?? null,
		undoneAt: row.undoneAt?.toISOString() ?? null
	};
}

export function readMapping(kept: (string | null)[] | null): (ImportField | null)[] {
	return (kept ?? []).map((name) => IMPORT_FIELDS.find((field) => field === name) ?? null);
}
