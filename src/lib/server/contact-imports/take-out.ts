/**
 * Takes out again what an import brought in, in chunks that may each be repeated: changed contacts get back what
 * they had where it is still what the import made of it; contacts leave the list that the import put them on;
 * contacts it made are deleted, unless they were called or changed by somebody since.
 */
import type postgres from 'postgres';
import { valuesToGiveBack } from '$lib/domain/contacts/merge';
import type { ImportTarget } from '$lib/domain/contacts/import-row';
import type { Context } from '../context';
import { BookOfContacts } from './book';
import { getImportRow } from './import-rows';
import type { Lease } from './work-imports';

const CHUNK = 1_000;
const FOREIGN_KEY = '23503';
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export async function takeOut(ctx: Context, lease: Lease): Promise<void> {
	const { db, sql } = ctx.services.database;
	const row = await getImportRow(db, lease.organizationId, lease.importId);
	const steps = [
		giveBackChunk,
		...(row.leadListId ? [unlistChunk(row.leadListId)] : []),
		deleteChunk
	];
	for (const step of steps) {
		let after: string | null = FIRST_ID;
		while (after !== null) {
			if (lease.isStopping()) return;
			const from: string = after;
			after = await sql.begin((tx) => step(tx, lease, from));
		}
	}
	await finish(ctx, lease, row.madeList ? row.leadListId : null);
}

/** A step does what comes after an id, and says up to which, or null when it was the last. */
type Step = (tx: postgres.TransactionSql, lease: Lease, after: string) => Promise<string | null>;

interface ChangedContact {
	id: string;
	phone: string;
	before: Partial<ImportTarget>;
	after: Partial<ImportTarget>;
}

const giveBackChunk: Step = async (tx, { importId, organizationId }, from) => {
	// Of several rows about one contact the first knows how it was, and the last how it became.
	const changed = await tx<ChangedContact[]>`
		select k.id, k.phone, n.before, n.after from (
			select r.contact_id,
				(select jsonb_object_agg(e.key, e.value) from (
					select distinct on (b.key) b.key, b.value from contact_import_rows x, jsonb_each(x.before) b
					where x.import_id = r.import_id and x.contact_id = r.contact_id order by b.key, x.row) e) as before,
				(select jsonb_object_agg(e.key, e.value) from (
					select distinct on (b.key) b.key, b.value from contact_import_rows x, jsonb_each(x.after) b
					where x.import_id = r.import_id and x.contact_id = r.contact_id order by b.key, x.row desc) e) as after
			from (select distinct import_id, contact_id from contact_import_rows
				where import_id = ${importId} and outcome = 'updated' and contact_id > ${from}
				order by contact_id limit ${CHUNK}) r) n
		join contacts k on k.organization_id = ${organizationId} and k.id = n.contact_id
		order by k.id`;
	const last = changed.at(-1);
	if (!last) return null;
	const phones = changed.map(({ phone }) => phone);
	const book = await BookOfContacts.open(tx, organizationId, phones, true);
	const records = changed.flatMap(({ id, phone, before, after }) => {
		const current = book.contacts.get(phone);
		if (!current || current.id !== id) return [];
		const given = valuesToGiveBack<ImportTarget>(current.values, parsed(before), parsed(after));
		return Object.keys(given).length > 0 ? [{ id, ...current.values, ...given }] : [];
	});
	if (records.length > 0) {
		await tx`
			update contacts k set name = r.name, email = r.email, company = r.company, timezone = r.timezone,
				address = r.address, city = r.city, region = r.region, postal_code = r."postalCode", country = r.country,
				about = r.about, external_id = r."externalId", do_not_call = r."doNotCall",
				do_not_call_reason = r."doNotCallReason",
				do_not_call_at = case when r."doNotCall" then k.do_not_call_at end, updated_at = now()
			from json_to_recordset(${JSON.stringify(records)}::json) as r(id uuid, name text, email text, company text,
				timezone text, address text, city text, region text, "postalCode" text, country text, about text,
				"externalId" text, "doNotCall" boolean, "doNotCallReason" text)
			where k.organization_id = ${organizationId} and k.id = r.id`;
	}
	return last.id;
};

/** Drizzle leaves JSON as the text it comes as. */
function parsed(value: unknown): Partial<ImportTarget> {
	return (typeof value === 'string' ? JSON.parse(value) : (value ?? {})) as Partial<ImportTarget>; // as it was written
}

const unlistChunk =
	(listId: string): Step =>
	async (tx, { importId, organizationId }, from) => {
		const rows = await tx<{ id: string }[]>`
			select contact_id as id from contact_import_rows
			where import_id = ${importId} and listed and contact_id > ${from} order by contact_id limit ${CHUNK}`;
		const last = rows.at(-1);
		if (!last) return null;
		const ids = JSON.stringify(rows.map(({ id }) => id));
		await tx`
			delete from lead_list_members where organization_id = ${organizationId} and lead_list_id = ${listId}
				and contact_id in (select value::uuid from json_array_elements_text(${ids}::json))`;
		return last.id;
	};

const deleteChunk: Step = async (tx, { importId, organizationId, until }, from) => {
	const rows = await tx<{ id: string; is_used: boolean }[]>`
		select k.id, k.last_called_at is not null or k.merged_into is not null
				or exists (select from calls c where c.contact_id = k.id)
				or exists (select from audit_log a where a.organization_id = ${organizationId} and a.action like 'contact.%'
					and a.after ->> 'contactId' = k.id::text) as is_used
		from (select id, last_called_at, merged_into from contacts
			where import_id = ${importId} and id > ${from} order by id limit ${CHUNK} for update) k order by k.id`;
	const last = rows.at(-1);
	if (!last) return null;
	const ids = JSON.stringify(rows.filter((row) => !row.is_used).map(({ id }) => id));
	const gone = await tx
		.savepoint(
			(inner) => inner`
				delete from contacts where organization_id = ${organizationId}
					and id in (select value::uuid from json_array_elements_text(${ids}::json))`
		)
		.catch((error: unknown) => {
			if (!(error instanceof Error && 'code' in error && error.code === FOREIGN_KEY)) throw error;
			// Something refers to one of them: put away, they are as good as gone.
			return tx`
				update contacts set archived_at = now(), archived_places = '[]'::jsonb
				where organization_id = ${organizationId} and archived_at is null
					and id in (select value::uuid from json_array_elements_text(${ids}::json))`;
		});
	await tx`
		update contact_imports set undone_rows = undone_rows + ${gone.count}, kept_rows = kept_rows + ${rows.length - gone.count},
			lease_until = ${until()}
		where id = ${importId}`;
	return last.id;
};

async function finish(
	ctx: Context,
	{ importId, organizationId }: Lease,
	madeListId: string | null
): Promise<void> {
	const { sql } = ctx.services.database;
	const now = new Date(ctx.services.clock()).toISOString();
	await sql`delete from contact_import_chunks where import_id = ${importId}`;
	if (madeListId) {
		// One that others have put somebody on, or that a campaign refers to, stays.
		await sql`
			delete from lead_lists l where l.organization_id = ${organizationId} and l.id = ${madeListId}
				and not exists (select from lead_list_members m where m.lead_list_id = l.id)`.catch(
			(error: unknown) => {
				if (!(error instanceof Error && 'code' in error && error.code === FOREIGN_KEY)) throw error;
			}
		);
	}
	await sql`
		update contact_imports set state = 'undone', undone_at = ${now}
		where id = ${importId} and state = 'undoing'`;
}
