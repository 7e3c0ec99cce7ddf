import { toCsvLine, CSV_BOM } from '$lib/domain/csv/cells';
import type { ImportIdInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { getImportRow } from './import-rows';

const PAGE_ROWS = 1_000;

/** The refused rows of an import as a CSV with the reason of each, to be put right and imported. */
export async function listRefusedRows({
	ctx,
	input
}: {
	ctx: Context;
	input: ImportIdInput;
}): Promise<{ fileName: string; lines: AsyncGenerator<string> }> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const row = await getImportRow(ctx.services.database.db, organizationId, input.importId);
	const fileName = `${row.fileName.replace(/\.[^.]*$/, '')} refused.csv`;
	const width = Math.max(0, ...(row.headRows ?? []).map((cells) => cells.length));
	const heads = Array.from(
		{ length: width },
		(_, column) =>
			(row.hasHeader ? row.headRows?.[0]?.[column] : undefined) ?? `Column ${column + 1}`
	);
	return { fileName, lines: writeLines(ctx, row.id, heads) };
}

async function* writeLines(
	ctx: Context,
	importId: string,
	heads: string[]
): AsyncGenerator<string> {
	const { sql } = ctx.services.database;
	yield CSV_BOM + toCsvLine([...heads, 'Line in the file', 'Why it was refused']);
	for (let after = 0; ;) {
		const rows = await sql<{ row: number; line: number; reason: string; cells: string }[]>`
			select row, line, reason, cells::text as cells from contact_import_rows
			where import_id = ${importId} and outcome = 'refused' and row > ${after} order by row limit ${PAGE_ROWS}`;
		for (const { row, line, reason, cells } of rows) {
			const read: string[] = JSON.parse(cells);
			const filled = heads.map((_, column) => read[column] ?? '');
			yield toCsvLine([...filled, line, reason]);
			after = row;
		}
		if (rows.length < PAGE_ROWS) return;
	}
}
