import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { quote, quoteAll, readSchemaVersion, readTables, type Speaker } from './tables';

export const BACKUP_FORMAT = 1;
export const ROWS_AT_ONCE = 500;

/**
 * Writes every row of the database into a file, as of one moment. The file is there only once it is whole.
 * @throws when the file or the database fails; nothing is left behind then
 */
export async function writeBackup({
	ctx,
	input
}: {
	ctx: Context;
	input: { file: string };
}): Promise<{ tables: number }> {
	requirePermission(ctx, 'rates.write');
	const { sql } = ctx.services.unbound;
	const unfinished = `${input.file}.part`;
	let tables = 0;
	try {
		await sql.begin('isolation level repeatable read read only', async (tx) => {
			const shapes = await readTables(tx);
			tables = shapes.length;
			const header = {
				format: BACKUP_FORMAT,
				schema: await readSchemaVersion(tx),
				takenAt: new Date(ctx.nowMs).toISOString()
			};
			async function* lines(): AsyncGenerator<string> {
				yield `${JSON.stringify(header)}\n`;
				for (const shape of shapes) {
					yield `${JSON.stringify(shape)}\n`;
					yield* rowsOf(tx, shape.name, shape.columns);
					yield '\\.\n';
				}
			}
			await pipeline(
				Readable.from(lines()),
				createGzip(),
				createWriteStream(unfinished, { mode: 0o600 })
			);
		});
		await rename(unfinished, input.file);
	} catch (error) {
		await rm(unfinished, { force: true });
		throw error;
	}
	return { tables };
}

/** By a cursor, each row as one line of JSON: a table may be larger than memory. */
async function* rowsOf(tx: Speaker, name: string, columns: string[]): AsyncGenerator<string> {
	await tx.unsafe(
		`declare backup_rows no scroll cursor for
			select to_jsonb(r)::text as line from (select ${quoteAll(columns)} from ${quote(name)}) r`
	);
	for (;;) {
		const rows = await tx.unsafe<{ line: string }[]>(`fetch ${ROWS_AT_ONCE} from backup_rows`);
		if (rows.length === 0) break;
		yield rows.map(({ line }) => `${line}\n`).join('');
	}
	await tx.unsafe('close backup_rows');
}
