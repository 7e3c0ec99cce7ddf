/**
 * Contacts by filters, a page at a time. A search looks at the best two thousand matches at most: names that
 * begin with what was typed, then whatever has it somewhere. The database finds those (`search_contacts`),
 * because row-level security keeps a member's own query from using the index of a search.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { readContactSearch } from '$lib/domain/contacts/search';
import { ListContactsInput, type ContactFilters } from '$lib/inputs';
import type { ContactsPageView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { getCountry, toContactRowView } from './contact-rows';

const MATCHES_MAX = 2_000;

type Fragment = postgres.PendingQuery<postgres.Row[]>;

interface FoundRow {
	id: string;
	name: string;
	phone: string;
	email: string | null;
	company: string | null;
	timezone: string | null;
	do_not_call: boolean;
	/** As the database writes moments. */
	last_called_at: string | null;
	created_at: string;
	archived_at: string | null;
	is_start: boolean;
	key: string;
	matches: number;
}

const Cursor = z.tuple([z.boolean(), z.string(), z.uuid()]);

export async function listContacts({
	ctx,
	input
}: {
	ctx: Context;
	input: ListContactsInput;
}): Promise<ContactsPageView> {
	const person = requirePerson(ctx, 'contacts.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { limit, cursor, ...filters } = ListContactsInput.parse(input);
	const { sql } = ctx.services.database;
	const country = filters.search ? await getCountry(ctx, organizationId) : '';
	const search = readContactSearch(filters.search ?? '', country);
	const order = orderOf(sql, filters);
	const rows = await sql<FoundRow[]>`
		with found as materialized (${
			search
				? sql`select contact_id, is_start from search_contacts(${search.start}, ${JSON.stringify(search.parts)}::jsonb, ${filters.isArchived}, ${MATCHES_MAX})`
				: sql`select null::uuid as contact_id, false as is_start where false`
		})
		select k.id, k.name, k.phone, k.email, k.company, k.timezone, k.do_not_call, k.last_called_at, k.created_at,
			k.archived_at, ${search ? sql`f.is_start` : sql`false as is_start`}, ${order.key}::text as key,
			(select count(*)::int from found) as matches
		from contacts k ${search ? sql`join found f on f.contact_id = k.id` : sql``}
		where k.organization_id = ${organizationId} ${conditionsOf(sql, filters)}
			${cursor === undefined ? sql`` : afterCursor(sql, readCursor(cursor), order, search !== null)}
		order by ${search ? sql`f.is_start desc,` : sql``} ${order.key} ${order.direction}, k.id ${order.direction}
		limit ${limit + 1}`;
	const shown = rows.slice(0, limit);
	const last = shown.at(-1);
	return {
		rows: shown.map((row) =>
			toContactRowView({
				...row,
				doNotCall: row.do_not_call,
				lastCalledAt: row.last_called_at === null ? null : new Date(row.last_called_at),
				createdAt: new Date(row.created_at),
				archivedAt: row.archived_at === null ? null : new Date(row.archived_at)
			})
		),
		nextCursor:
			rows.length > limit && last ? writeCursor([last.is_start, last.key, last.id]) : null,
		isPartial: (rows[0]?.matches ?? 0) >= MATCHES_MAX
	};
}

interface Order {
	key: Fragment;
	direction: Fragment;
	comparison: Fragment;
	/** The type of the key, for what a cursor says of it. */
	type: Fragment;
}

function orderOf(sql: postgres.Sql, { sort, isArchived }: ContactFilters): Order {
	const up = { direction: sql`asc`, comparison: sql`>`, type: sql`text` };
	const down = { direction: sql`desc`, comparison: sql`<`, type: sql`timestamptz` };
	if (isArchived) return { key: sql`k.archived_at`, ...down };
	switch (sort) {
		case 'name':
			return { key: sql`k.name_key collate "C"`, ...up };
		case 'company':
			return { key: sql`k.company_key collate "C"`, ...up };
		case 'newest':
			return { key: sql`k.created_at`, ...down };
	}
}

export function conditionsOf(sql: postgres.Sql, filters: ContactFilters): Fragment {
	const { doNotCall, isCalled, listId, importId, isArchived } = filters;
	const conditions = [
		isArchived
			? sql`and k.archived_at is not null and k.merged_into is null`
			: sql`and k.archived_at is null`,
		doNotCall === undefined
			? null
			: doNotCall
				? sql`and k.do_not_call`
				: sql`and not k.do_not_call`,
		isCalled === undefined
			? null
			: isCalled
				? sql`and k.last_called_at is not null`
				: sql`and k.last_called_at is null`,
		listId === undefined
			? null
			: sql`and k.id in (select m.contact_id from lead_list_members m where m.lead_list_id = ${listId})`,
		importId === undefined ? null : sql`and k.import_id = ${importId}`
	];
	return conditions.reduce<Fragment>(
		(all, one) => (one === null ? all : sql`${all} ${one}`),
		sql``
	);
}

function afterCursor(
	sql: postgres.Sql,
	[isStart, key, id]: z.infer<typeof Cursor>,
	order: Order,
	isSearch: boolean
): Fragment {
	const after = sql`(${order.key}, k.id) ${order.comparison} (${key}::${order.type}, ${id}::uuid)`;
	if (!isSearch) return sql`and ${after}`;
	return isStart ? sql`and (not f.is_start or ${after})` : sql`and not f.is_start and ${after}`;
}

function writeCursor(cursor: z.infer<typeof Cursor>): string {
	return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string): z.infer<typeof Cursor> {
	try {
		return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
	} catch {
		throw new AppError('invalid', 'cursor is not one of ours.');
	}
}

/** The condition that a search finds the contact. */
export function searchOf(
	sql: postgres.Sql,
	filters: ContactFilters,
	country: string,
	matchesMax: number
): Fragment {
	const search = readContactSearch(filters.search ?? '', country);
	if (!search) return sql``;
	const parts = JSON.stringify(search.parts);
	return sql`and k.id in (select contact_id
		from search_contacts(${search.start}, ${parts}::jsonb, ${filters.isArchived}, ${matchesMax}))`;
}
