import type postgres from 'postgres';
import { setImmediate as breathe } from 'node:timers/promises';
import { readImportRow, type RowReading } from '$lib/domain/contacts/import-row';
import { writeAudit } from '../audit/write-audit';
import type { Context } from '../context';
import { getImportRow, readMapping, type ImportRow } from './import-rows';
import { readFormat, readRows, UnreadableFile, type FileRow } from './read-file';
import type { Lease } from './work-imports';
import { ChunkRaced, writeChunk } from './write-chunk';

/** Few enough that a chunk is written in some tenths of a second. */
const CHUNK_ROWS = 1_000;
/** Rows read before others may go on: about two milliseconds. */
const BREATH_ROWS = 50;
const ATTEMPTS_MAX = 5;

export interface ReadRow extends FileRow {
	reading: RowReading;
}

/** Brings in an import from its first row that is not there yet. */
export async function bringIn(ctx: Context, lease: Lease): Promise<void> {
	const { database } = ctx.services;
	const row = await getImportRow(database.db, lease.organizationId, lease.importId);
	try {
		const format = await readFormat(database, row.id, row.byteSize);
		let chunk: ReadRow[] = [];
		for await (const read of readChosen(readRows(database, row.id, format), row)) {
			chunk.push(read);
			if (chunk.length < CHUNK_ROWS) continue;
			if (lease.isStopping() || !(await write(database.sql, lease, row, chunk))) return;
			chunk = [];
		}
		if (chunk.length > 0 && !(await write(database.sql, lease, row, chunk))) return;
	} catch (error) {
		if (!(error instanceof UnreadableFile)) throw error;
		await database.sql`update contact_imports set state = 'failed', problem = ${error.message} where id = ${row.id}`;
		return;
	}
	await finish(ctx, lease);
}

/** The rows that are to come, each read, with breaths between for everybody else. */
async function* readChosen(rows: AsyncGenerator<FileRow>, row: ImportRow): AsyncGenerator<ReadRow> {
	const mapping = readMapping(row.mapping);
	const before = (row.hasHeader ? 1 : 0) + row.doneRows;
	for await (const one of rows) {
		if (one.row <= before) continue;
		if (one.row % BREATH_ROWS === 0) await breathe();
		yield { ...one, reading: readImportRow(one.cells, mapping, row.defaultCountry ?? 'US') };
	}
}

/** Returns false when the import is no longer ours to go on with. */
async function write(
	sql: postgres.Sql,
	lease: Lease,
	row: ImportRow,
	chunk: ReadRow[]
): Promise<boolean> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await sql.begin((tx) => writeChunk(tx, lease, row, chunk));
		} catch (error) {
			// Somebody made one of the contacts meanwhile, or two waited for each other: it is read again.
			if (!isPassing(error) || attempt === ATTEMPTS_MAX) throw error;
		}
	}
}

const PASSING_CODES = new Set(['40P01', '40001', '23505', '55P03']);

function isPassing(error: unknown): boolean {
	if (error instanceof ChunkRaced) return true;
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return PASSING_CODES.has(code);
}

async function finish(ctx: Context, { importId, organizationId }: Lease): Promise<void> {
	const { db, sql } = ctx.services.database;
	const now = new Date(ctx.services.clock()).toISOString();
	const [done] = await sql<Record<string, number>[]>`
		update contact_imports set state = 'done', finished_at = ${now}
		where id = ${importId} and state = 'running'
		returning created_rows as created, updated_rows as updated, skipped_rows as skipped, refused_rows as refused`;
	if (!done) return;
	await sql`delete from contact_import_chunks where import_id = ${importId}`;
	await writeAudit(db, ctx, {
		organizationId,
		action: 'contacts.imported',
		before: {},
		after: { importId, ...done }
	});
}
