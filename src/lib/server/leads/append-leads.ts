import { sql, type SQL } from 'drizzle-orm';
import type { Database } from '../db/client';

/** Appends leads to a list, behind those that are there; one that is there stays where it is. */
export async function appendLeads(
	tx: Pick<Database, 'execute'>,
	organizationId: number,
	listId: string,
	leads: SQL
): Promise<number> {
	// Two that append at once would give out the same positions.
	await tx.execute(sql`select id from lead_lists where id = ${listId} for update`);
	const added = await tx.execute(sql`
		insert into lead_list_members (organization_id, lead_list_id, contact_id, position)
		select ${organizationId}::int, ${listId}::uuid, n.contact_id,
			coalesce((select max(position) + 1 from lead_list_members where lead_list_id = ${listId}), 0)
				+ row_number() over (order by n.position) - 1
		from (${leads}) n
		where not exists (select from lead_list_members m
			where m.lead_list_id = ${listId} and m.contact_id = n.contact_id)
		returning contact_id`);
	return added.length;
}
