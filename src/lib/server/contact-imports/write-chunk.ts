import type postgres from 'postgres';
import { BookOfContacts, type Entry } from './book';
import type { ReadRow } from './bring-in';
import type { ImportRow } from './import-rows';
import type { Lease } from './work-imports';

/** One of the contacts was made by somebody else between the look and the writing. */
export class ChunkRaced extends Error {}

interface Written extends Entry {
	read: ReadRow;
}

/**
 * Writes a thousand rows of a file with a handful of statements, and how far the import is with them.
 * @returns false when the import was taken from us, or is to be undone
 */
export async function writeChunk(
	tx: postgres.TransactionSql,
	lease: Lease,
	row: ImportRow,
	chunk: ReadRow[]
): Promise<boolean> {
	const { importId, organizationId } = lease;
	const first = (chunk[0]?.row ?? 0) - (row.hasHeader ? 1 : 0);
	const [ours] = await tx`
		select 1 from contact_imports where id = ${importId} and state = 'running' and done_rows = ${first - 1}
		for update`;
	if (!ours) return false;
	const phones = chunk.flatMap(({ reading }) => reading.draft?.phone ?? []);
	const isLocked = row.duplicates !== 'skip';
	const book = await BookOfContacts.open(tx, organizationId, phones, isLocked);
	const written = chunk.flatMap((read): Written[] =>
		read.reading.draft
			? [{ read, ...book.enter(read.reading.draft, row.duplicates, importId) }]
			: []
	);
	await insertContacts(tx, lease, book);
	await updateContacts(tx, lease, book);
	const listed = await putOnList(tx, lease, row.leadListId, written);
	await insertRows(tx, lease, chunk, written, listed);
	const count = (outcome: Entry['outcome']) =>
		written.filter((entry) => entry.outcome === outcome).length;
	await tx`
		update contact_imports set done_rows = done_rows + ${chunk.length},
			created_rows = created_rows + ${count('created')}, updated_rows = updated_rows + ${count('updated')},
			skipped_rows = skipped_rows + ${count('skipped')},
			refused_rows = refused_rows + ${chunk.length - written.length}, lease_until = ${lease.until()}
		where id = ${importId}`;
	return true;
}

async function insertContacts(
	tx: postgres.TransactionSql,
	{ importId, organizationId }: Lease,
	book: BookOfContacts
): Promise<void> {
	const made = [...book.contacts.values()].filter(({ isNew }) => isNew);
	if (made.length === 0) return;
	const records = JSON.stringify(made.map(({ id, values }) => ({ id, ...values })));
	const inserted = await tx`
		insert into contacts (id, organization_id, import_id, phone, name, email, company, timezone, address, city, region,
			postal_code, country, about, external_id, do_not_call, do_not_call_reason, do_not_call_at)
		select id, ${organizationId}::int, ${importId}::uuid, phone, name, email, company, timezone, address, city, region,
			"postalCode", country, about, "externalId", "doNotCall", "doNotCallReason", case when "doNotCall" then now() end
		from json_to_recordset(${records}::json) as r(id uuid, phone text, name text, email text, company text,
			timezone text, address text, city text, region text, "postalCode" text, country text, about text,
			"externalId" text, "doNotCall" boolean, "doNotCallReason" text)
		on conflict (organization_id, phone) where archived_at is null do nothing`;
	if (inserted.count !== made.length) throw new ChunkRaced();
}

async function updateContacts(
	tx: postgres.TransactionSql,
	{ organizationId }: Lease,
	book: BookOfContacts
): Promise<void> {
	const changed = [...book.contacts.values()].filter(({ isNew, isChanged }) => isChanged && !isNew);
	if (changed.length === 0) return;
	const records = JSON.stringify(changed.map(({ id, values }) => ({ id, ...values })));
	await tx`
		update contacts k set name = r.name, email = r.email, company = r.company, timezone = r.timezone,
			address = r.address, city = r.city, region = r.region, postal_code = r."postalCode", country = r.country,
			about = r.about, external_id = r."externalId", do_not_call = r."doNotCall",
			do_not_call_reason = r."doNotCallReason",
			do_not_call_at = case when r."doNotCall" then coalesce(k.do_not_call_at, now()) end, updated_at = now()
		from json_to_recordset(${records}::json) as r(id uuid, name text, email text, company text, timezone text,
			address text, city text, region text, "postalCode" text, country text, about text, "externalId" text,
			"doNotCall" boolean, "doNotCallReason" text)
		where k.organization_id = ${organizationId} and k.id = r.id`;
}

/** Returns those that were not on the list before. */
async function putOnList(
	tx: postgres.TransactionSql,
	{ organizationId }: Lease,
	listId: string | null,
	written: Written[]
): Promise<Set<string>> {
	if (listId === null || written.length === 0) return new Set();
	// Two that append at once would give out the same positions.
	await tx`select id from lead_lists where id = ${listId} for update`;
	const ids = JSON.stringify([...new Set(written.map(({ contactId }) => contactId))]);
	const added = await tx<{ id: string }[]>`
		insert into lead_list_members (organization_id, lead_list_id, contact_id, position)
		select ${organizationId}::int, ${listId}::uuid, n.id,
			coalesce((select max(position) from lead_list_members where lead_list_id = ${listId}), -1)
				+ row_number() over (order by n.place)
		from (select value::uuid as id, ordinality as place
			from json_array_elements_text(${ids}::json) with ordinality) n
		where not exists (select from lead_list_members m where m.lead_list_id = ${listId} and m.contact_id = n.id)
		returning contact_id as id`;
	return new Set(added.map(({ id }) => id));
}

/** What became of the rows that made no new contact. */
async function insertRows(
	tx: postgres.TransactionSql,
	{ importId, organizationId }: Lease,
	chunk: ReadRow[],
	written: Written[],
	listed: Set<string>
): Promise<void> {
	const refused = chunk.flatMap(({ row, line, cells, reading }) =>
		reading.draft === null
			? [
					{
						...{ row, line, outcome: 'refused', reason: reading.problem },
						cells: cells.map((cell) => cell.replaceAll('\0', ''))
					}
				]
			: []
	);
	const others = written
		.filter(({ outcome }) => outcome !== 'created')
		.map(({ read, contactId, outcome, reason, before, after }) => ({
			...{ row: read.row, line: read.line, outcome, reason, contactId, before, after },
			// The first row of a contact that was put on the list says so.
			listed: listed.delete(contactId)
		}));
	const records = [...refused, ...others];
	if (records.length === 0) return;
	await tx`
		insert into contact_import_rows (organization_id, import_id, row, line, outcome, reason, contact_id, before, after,
			listed, cells)
		select ${organizationId}::int, ${importId}::uuid, row, line, outcome, reason, "contactId", before, after,
			coalesce(listed, false), cells
		from json_to_recordset(${JSON.stringify(records)}::json) as r(row int, line int, outcome text, reason text,
			"contactId" uuid, before jsonb, after jsonb, listed boolean, cells jsonb)`;
}
