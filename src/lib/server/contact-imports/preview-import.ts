import { checkMapping } from '$lib/domain/contacts/import-columns';
import { IMPORT_PREVIEW_ROWS } from '$lib/domain/contacts/import-limits';
import { readImportRow } from '$lib/domain/contacts/import-row';
import type { PreviewImportInput } from '$lib/inputs';
import type { ImportPreviewView, ImportRowView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { BookOfContacts } from './book';
import { getImportRow } from './import-rows';
import { readFormat, readRows } from './read-file';

const SAMPLE_ROWS = 8;
const NOTED_ROWS = 50;

/** What an import would do with the first rows of its file. Nothing is written. */
export async function previewImport({
	ctx,
	input
}: {
	ctx: Context;
	input: PreviewImportInput;
}): Promise<ImportPreviewView> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const row = await getImportRow(ctx.services.database.db, organizationId, input.importId);
	if (row.state !== 'ready') throw new AppError('conflict', 'The import was started already.');
	const problem = checkMapping(input.mapping);
	if (problem) throw new AppError('invalid', problem, { mapping: problem });
	const country = row.defaultCountry ?? 'US';
	const readings = [];
	const { database } = ctx.services;
	const format = await readFormat(database, row.id, row.byteSize);
	for await (const read of readRows(database, row.id, format)) {
		if (read.row === 1 && input.hasHeader) continue;
		readings.push({ ...read, reading: readImportRow(read.cells, input.mapping, country) });
		if (readings.length === IMPORT_PREVIEW_ROWS) break;
	}
	const phones = readings.flatMap(({ reading }) => reading.draft?.phone ?? []);
	const book = await BookOfContacts.open(database.sql, organizationId, phones, false);
	const phoneColumn = input.mapping.indexOf('phone');
	const rows = readings.map(({ line, cells, reading }): ImportRowView => {
		if (!reading.draft) {
			const phone = (cells[phoneColumn] ?? '').slice(0, 60);
			const name = (cells[input.mapping.indexOf('name')] ?? '').slice(0, 60);
			return { line, outcome: 'refused', name, phone, company: null, note: reading.problem };
		}
		const { name, phone, company } = reading.draft;
		const { outcome, reason } = book.enter(reading.draft, input.duplicates, row.id);
		return { line, outcome, name, phone, company, note: reason ?? reading.note };
	});
	const counts = { created: 0, updated: 0, skipped: 0, refused: 0 };
	for (const { outcome } of rows) counts[outcome]++;
	return {
		lookedAt: rows.length,
		counts,
		sample: rows.slice(0, SAMPLE_ROWS),
		noted: rows.filter(({ note }) => note !== null).slice(0, NOTED_ROWS)
	};
}
