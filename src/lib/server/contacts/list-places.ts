import { sql } from 'drizzle-orm';
import type { Database } from '../db/client';
import type { ListPlace } from '../db/schema/contacts';

/** Takes a contact off every list. Returns where it stood. */
export async function leaveLists(
	tx: Pick<Database, 'execute'>,
	organizationId: number,
	contactId: string
): Promise<ListPlace[]> {
	const left = await tx.execute<{ lead_list_id: string; position: number }>(sql`
		delete from lead_list_members
		where organization_id = ${organizationId} and contact_id = ${contactId}
		returning lead_list_id, position`);
	return left.map((row) => ({ leadListId: row.lead_list_id, position: row.position }));
}

/**
 * Puts a contact on lists, where it stood if that place is free and at the end if not. A list that is gone is
 * left out, and so is one it is on.
 * @returns the lists it was put on
 */
export async function takePlaces(
	tx: Pick<Database, 'execute'>,
	organizationId: number,
	contactId: string,
	places: ListPlace[]
): Promise<string[]> {
	if (places.length === 0) return [];
	const listIds = JSON.stringify(places.map(({ leadListId }) => leadListId));
	// Two that append at once would give out the same positions.
	await tx.execute(sql`select id from lead_lists
		where organization_id = ${organizationId} and id in (select value::uuid from json_array_elements_text(${listIds}::json))
		order by id for update`);
	const taken = await tx.execute<{ lead_list_id: string }>(sql`
		insert into lead_list_members (organization_id, lead_list_id, contact_id, position)
		select ${organizationId}::int, l.id, ${contactId}::uuid,
			case when p.position is null or exists (
				select from lead_list_members m where m.lead_list_id = l.id and m.position = p.position)
			then coalesce((select max(m.position) + 1 from lead_list_members m where m.lead_list_id = l.id), 0)
			else p.position end
		from json_to_recordset(${JSON.stringify(places)}::json) as p("leadListId" uuid, position int)
		join lead_lists l on l.id = p."leadListId" and l.organization_id = ${organizationId}
		on conflict (lead_list_id, contact_id) do nothing
		returning lead_list_id`);
	return taken.map((row) => row.lead_list_id);
}
