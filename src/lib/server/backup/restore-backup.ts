import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import {
	quote,
	quoteAll,
	readSchemaVersion,
	readTables,
	type Speaker,
	type TableShape
} from './tables';
import { BACKUP_FORMAT, ROWS_AT_ONCE } from './write-backup';

const END = '\\.';

/**
 * Puts the rows of a backup into an empty database of the same schema, all or none. Rules that hold for
 * rows as they come, append-only triggers and foreign keys, are lifted for the while: the keys are checked
 * for all rows at the end.
 * @throws AppError when the database is not empty or its schema is another
 */
export async function restoreBackup({
	ctx,
	input
}: {
	ctx: Context;
	input: { file: string };
}): Promise<{ tables: number; rows: number; takenAt: string }> {
	requirePermission(ctx, 'rates.write');
	return ctx.services.unbound.sql.begin(async (tx) => {
		const lines = new LineReader(input.file);
		try {
			const header = readHeader(await lines.next());
			await refuseOtherDatabase(tx, header.schema);
			const tables = await readTables(tx);
			const putBack = await liftRules(tx, tables);
			let rows = 0;
			let restored = 0;
			for (let line = await lines.next(); line !== null; line = await lines.next()) {
				rows += await fillTable(tx, JSON.parse(line) as TableShape, lines); // written by writeBackup
				restored++;
			}
			if (restored !== tables.length) {
				throw new AppError('invalid', 'The backup is not whole: it ends before its last table.');
			}
			await setCounters(tx, tables);
			await putBack();
			return { tables: restored, rows, takenAt: header.takenAt };
		} finally {
			lines.close();
		}
	});
}

function readHeader(line: string | null): { schema: string; takenAt: string } {
	const header: unknown = line === null ? null : JSON.parse(line);
	const isOurs =
		typeof header === 'object' && header !== null && 'format' in header && 'schema' in header;
	if (!isOurs || header.format !== BACKUP_FORMAT) {
		throw new AppError('invalid', 'file is not a backup of Talktime.');
	}
	return header as unknown as { schema: string; takenAt: string }; // written by writeBackup
}

async function refuseOtherDatabase(tx: Speaker, schema: string): Promise<void> {
	if ((await readSchemaVersion(tx)) !== schema) {
		throw new AppError(
			'conflict',
			'Nothing was restored: the backup has another schema. Restore it with the version of Talktime that took it, then upgrade.'
		);
	}
	const [found] = await tx.unsafe<{ is: boolean }[]>(
		'select exists (select 1 from organizations) or exists (select 1 from users) as is'
	);
	if (found?.is) {
		throw new AppError('conflict', 'Nothing was restored: the database is not empty.');
	}
}

/** Empties the tables and lifts what holds for single rows. @returns how to put it back */
async function liftRules(tx: Speaker, tables: TableShape[]): Promise<() => Promise<void>> {
	const keys = await tx.unsafe<{ table: string; name: string; definition: string }[]>(`
		select conrelid::regclass::text as "table", quote_ident(conname) as name,
			pg_get_constraintdef(oid) as definition
		from pg_constraint
		where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0
		order by 1, 2`);
	const each = async (change: string) => {
		for (const { name } of tables) await tx.unsafe(`alter table ${quote(name)} ${change}`);
	};
	for (const { table, name } of keys)
		await tx.unsafe(`alter table ${table} drop constraint ${name}`);
	await each('disable trigger user');
	await tx.unsafe(`truncate ${quoteAll(tables.map(({ name }) => name))}`);
	return async () => {
		for (const { table, name, definition } of keys) {
			await tx.unsafe(`alter table ${table} add constraint ${name} ${definition}`);
		}
		await each('enable trigger user');
	};
}

/** Fills one table with the lines that follow. @returns how many rows */
async function fillTable(tx: Speaker, shape: TableShape, lines: LineReader): Promise<number> {
	let rows = 0;
	let waiting: string[] = [];
	const insert = async () => {
		if (waiting.length > 0) await insertRows(tx, shape, waiting);
		waiting = [];
	};
	for (let line = await lines.next(); line !== END; line = await lines.next()) {
		if (line === null) throw new AppError('invalid', `The backup ends within ${shape.name}.`);
		waiting.push(line);
		rows++;
		if (waiting.length >= ROWS_AT_ONCE) await insert();
	}
	await insert();
	return rows;
}

/** Row-level security lets the service insert; ids that the database would give are given back. */
async function insertRows(
	tx: Speaker,
	{ name, columns }: TableShape,
	rows: string[]
): Promise<void> {
	const own = quoteAll(columns);
	await tx.unsafe(
		`insert into ${quote(name)} (${own}) overriding system value
			select ${own} from jsonb_populate_recordset(null::${quote(name)}, ($1::text)::jsonb)`,
		[`[${rows.join(',')}]`]
	);
}

/** New rows are numbered after those that came back. */
async function setCounters(tx: Speaker, tables: TableShape[]): Promise<void> {
	for (const { name } of tables) {
		const counted = await tx.unsafe<{ column: string; sequence: string }[]>(`
			select a.attname as column, pg_get_serial_sequence('${quote(name)}', a.attname) as sequence
			from pg_attribute a
			where a.attrelid = '${quote(name)}'::regclass and a.attidentity <> ''`);
		for (const { column, sequence } of counted) {
			await tx.unsafe(
				`select setval('${sequence}', coalesce(max(${quote(column)}), 0) + 1, false) from ${quote(name)}`
			);
		}
	}
}

/** The lines of a compressed file, one at a time. */
class LineReader {
	private readonly source;
	private readonly lines: AsyncIterator<string>;

	constructor(file: string) {
		this.source = createReadStream(file);
		const text = this.source.pipe(createGunzip());
		this.source.on('error', (error) => text.destroy(error));
		this.lines = iterateLines(text);
	}

	async next(): Promise<string | null> {
		const { value, done } = await this.lines.next();
		return done ? null : value;
	}

	close(): void {
		this.source.destroy();
	}
}

/** Split at line feeds alone: JSON writes those within a row as \\n. */
async function* iterateLines(text: Readable): AsyncGenerator<string> {
	let rest = '';
	text.setEncoding('utf8');
	for await (const chunk of text as AsyncIterable<string>) {
		const parts = (rest + chunk).split('\n');
		rest = parts.pop() ?? '';
		yield* parts;
	}
	if (rest !== '') throw new AppError('invalid', 'The backup ends in the middle of a line.');
}
