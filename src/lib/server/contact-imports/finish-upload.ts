import { and, eq, sql } from 'drizzle-orm';
import { guessColumns } from '$lib/domain/contacts/import-columns';
import { IMPORT_COLUMNS_MAX, IMPORT_ROWS_MAX } from '$lib/domain/contacts/import-limits';
import type { ImportIdInput } from '$lib/inputs';
import type { ContactImportView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactImportChunks, contactImports } from '../db/schema/index';
import { AppError } from '../errors';
import { getImport } from './get-import';
import { getImportRow, type ImportRow } from './import-rows';
import { readFormat, readRows, UnreadableFile } from './read-file';

const HEAD_ROWS = 12;
const GUESS_ROWS = 100;
const CELL_SHOWN_MAX = 200;

/** Reads a complete file from end to end: how it is written, how many rows it has, what its columns may hold. */
export async function finishUpload({
	ctx,
	input
}: {
	ctx: Context;
	input: ImportIdInput;
}): Promise<ContactImportView> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const row = await getImportRow(db, organizationId, input.importId);
	if (row.state !== 'uploading') return getImport({ ctx, input });
	await requireWhole(ctx, row);
	try {
		const found = await lookThrough(ctx, row);
		await db
			.update(contactImports)
			.set({ ...found, state: 'ready' })
			.where(and(eq(contactImports.id, row.id), eq(contactImports.state, 'uploading')));
	} catch (error) {
		if (!(error instanceof UnreadableFile)) throw error;
		await db.transaction(async (tx) => {
			await tx
				.update(contactImports)
				.set({ state: 'failed', problem: error.message })
				.where(eq(contactImports.id, row.id));
			await tx.delete(contactImportChunks).where(eq(contactImportChunks.importId, row.id));
		});
	}
	return getImport({ ctx, input });
}

async function requireWhole(ctx: Context, { id, byteSize }: ImportRow): Promise<void> {
	const [kept] = await ctx.services.database.db
		.select({ bytes: sql<string>`coalesce(sum(length(${contactImportChunks.bytes})), 0)` })
		.from(contactImportChunks)
		.where(eq(contactImportChunks.importId, id));
	if (Number(kept?.bytes) === byteSize) return;
	throw new AppError('conflict', 'The file did not arrive whole. Upload it again.');
}

async function lookThrough(ctx: Context, row: ImportRow) {
	const { database } = ctx.services;
	const format = await readFormat(database, row.id, row.byteSize);
	const head: string[][] = [];
	let totalRows = 0;
	for await (const { cells, line } of readRows(database, row.id, format)) {
		totalRows++;
		if (cells.length > IMPORT_COLUMNS_MAX) {
			throw new UnreadableFile(
				`Line ${line} has ${cells.length} columns; a file may have ${IMPORT_COLUMNS_MAX}. Remove those that are not needed.`
			);
		}
		if (totalRows > IMPORT_ROWS_MAX + 1) {
			throw new UnreadableFile(
				`The file has more than ${IMPORT_ROWS_MAX.toLocaleString('en')} rows. Split it and import the parts one after the other.`
			);
		}
		if (head.length < GUESS_ROWS) head.push(cells);
	}
	if (totalRows === 0) throw new UnreadableFile('There is no row in the file.');
	const { hasHeader, mapping } = guessColumns(head, row.defaultCountry ?? 'US');
	return {
		encoding: format.encoding,
		delimiter: format.delimiter,
		hasHeader,
		mapping,
		totalRows,
		headRows: head
			.slice(0, HEAD_ROWS)
			.map((cells) => cells.map((cell) => cell.slice(0, CELL_SHOWN_MAX).replaceAll('\0', '')))
	};
}
