/**
 * The contacts that rows of a file are about, by number, while the rows are entered one after the other: a row
 * sees what the rows before it did. Decides; writes nothing.
 */
import type postgres from 'postgres';
import { v7 as uuid } from 'uuid';
import { CONTACT_FIELDS } from '$lib/domain/contacts/fields';
import {
	changesOf,
	type DuplicateRule,
	type ImportDraft,
	type ImportTarget
} from '$lib/domain/contacts/import-row';
import type { JsonObject } from '$lib/domain/json';

export interface BookedContact {
	id: string;
	values: ImportTarget;
	isNew: boolean;
	isChanged: boolean;
	importId: string | null;
}

export interface Entry {
	outcome: 'created' | 'updated' | 'skipped';
	contactId: string;
	reason: string | null;
	/** The values that changed, as they were and as they became. */
	before: JsonObject | null;
	after: JsonObject | null;
}

interface FoundRow extends ImportTarget {
	id: string;
	importId: string | null;
}

interface Bar {
	phone: string;
	reason: string | null;
}

export class BookOfContacts {
	private constructor(
		readonly contacts: Map<string, BookedContact>,
		private readonly barred: Map<string, string | null>
	) {}

	/** @param isLocked the contacts are to be changed: nobody else may meanwhile */
	static async open(
		sql: postgres.Sql | postgres.TransactionSql,
		organizationId: number,
		phones: string[],
		isLocked: boolean
	): Promise<BookOfContacts> {
		const asked = JSON.stringify([...new Set(phones)]);
		const found = await sql<FoundRow[]>`
			select id, import_id as "importId", name, phone, email, company, timezone, address, city, region,
				postal_code as "postalCode", country, about, external_id as "externalId", do_not_call as "doNotCall",
				do_not_call_reason as "doNotCallReason"
			from contacts where organization_id = ${organizationId} and archived_at is null
				and phone in (select value from json_array_elements_text(${asked}::json))
			order by id ${isLocked ? sql`for no key update` : sql``}`;
		const bars = await sql<Bar[]>`
			select phone, do_not_call_reason as reason from contacts
			where organization_id = ${organizationId} and archived_at is not null and do_not_call
				and phone in (select value from json_array_elements_text(${asked}::json))
			order by archived_at`;
		return new BookOfContacts(
			new Map(
				found.map(({ id, importId, ...values }) => [
					values.phone,
					{ id, importId, values, isNew: false, isChanged: false }
				])
			),
			new Map(bars.map(({ phone, reason }) => [phone, reason]))
		);
	}

	enter(draft: ImportDraft, rule: DuplicateRule, importId: string): Entry {
		const known = this.contacts.get(draft.phone);
		if (!known) return this.add(draft, importId);
		const changed = changesOf(known.values, draft, rule);
		const fields = Object.keys(changed) as (keyof ImportTarget)[]; // of changesOf
		if (fields.length === 0) {
			return { ...untouched(known.id), reason: skipReason(known, rule, importId) };
		}
		const before = Object.fromEntries(fields.map((field) => [field, known.values[field]]));
		known.values = { ...known.values, ...changed };
		known.isChanged = true;
		const after = Object.fromEntries(fields.map((field) => [field, known.values[field]]));
		return { outcome: 'updated', contactId: known.id, reason: null, before, after };
	}

	/** Who said once that a number must not be called is not called again because the contact is new. */
	private add(draft: ImportDraft, importId: string): Entry {
		const isBarred = this.barred.has(draft.phone);
		const values = Object.fromEntries(CONTACT_FIELDS.map((field) => [field, draft[field]]));
		const marks = {
			doNotCall: draft.doNotCall || isBarred,
			doNotCallReason: draft.doNotCallReason ?? this.barred.get(draft.phone) ?? null
		};
		const id = uuid();
		this.contacts.set(draft.phone, {
			...{ id, importId, isNew: true, isChanged: false },
			values: { ...(values as unknown as ImportTarget), ...marks } // every field was just named
		});
		return { ...untouched(id), outcome: 'created' };
	}
}

function untouched(contactId: string): Entry {
	return { outcome: 'skipped', contactId, reason: null, before: null, after: null };
}

function skipReason(known: BookedContact, rule: DuplicateRule, importId: string): string {
	if (known.importId === importId) return 'A row before it has the same number.';
	return rule === 'skip'
		? `${known.values.name} has this number already.`
		: `${known.values.name} is there already and says the same.`;
}
