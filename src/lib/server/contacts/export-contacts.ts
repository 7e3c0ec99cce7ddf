/** Contacts as a CSV that an import reads back as they are. A page at a time, so that nothing waits for all of them. */
import { EXPORT_FIELDS, IMPORT_FIELD_WORDS } from '$lib/domain/contacts/import-columns';
import { CSV_BOM, toCsvLine, type CsvCell } from '$lib/domain/csv/cells';
import { localDay } from '$lib/domain/time-zone';
import type { ContactFilters } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { getCountry } from './contact-rows';
import { conditionsOf, searchOf } from './list-contacts';

const PAGE_ROWS = 1_000;
/** Of a search, everything it finds. */
const MATCHES_MAX = 1_000_000;

type ExportRow = Record<(typeof EXPORT_FIELDS)[number], string | boolean | null> & { id: string };

export async function exportContacts({
	ctx,
	input
}: {
	ctx: Context;
	input: ContactFilters;
}): Promise<{ fileName: string; lines: AsyncGenerator<string> }> {
	const person = requirePerson(ctx, 'contacts.export');
	const organizationId = requireOrganizationId(person, undefined);
	const country = await getCountry(ctx, organizationId);
	await writeAudit(ctx.services.database.db, ctx, {
		organizationId,
		action: 'contacts.exported',
		before: {},
		after: { ...input }
	});
	return {
		fileName: `contacts-${localDay(ctx.nowMs, 'UTC')}.csv`,
		lines: writeLines(ctx, organizationId, input, country)
	};
}

async function* writeLines(
	ctx: Context,
	organizationId: number,
	filters: ContactFilters,
	country: string
): AsyncGenerator<string> {
	const { sql } = ctx.services.database;
	yield CSV_BOM + toCsvLine(EXPORT_FIELDS.map((field) => IMPORT_FIELD_WORDS[field]));
	for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
		const rows: ExportRow[] = await sql<ExportRow[]>`
			select k.id, k.name, k.phone, k.email, k.company, k.timezone, k.address, k.city, k.region,
				k.postal_code as "postalCode", k.country, k.about, k.external_id as "externalId",
				k.do_not_call as "doNotCall", k.do_not_call_reason as "doNotCallReason"
			from contacts k
			where k.organization_id = ${organizationId} and k.id > ${after} ${conditionsOf(sql, filters)}
				${searchOf(sql, filters, country, MATCHES_MAX)}
			order by k.id limit ${PAGE_ROWS}`;
		yield rows.map((row) => toCsvLine(EXPORT_FIELDS.map((field) => cellOf(row[field])))).join('');
		const last = rows.at(-1);
		if (!last || rows.length < PAGE_ROWS) return;
		after = last.id;
	}
}

function cellOf(value: string | boolean | null): CsvCell {
	return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
