import { sql } from 'drizzle-orm';
import type { ChangeLeadListInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { chosenLeads, requireList } from './lead-filters';

/** Takes leads off a list; the contacts stay. Says which they were, so that it can be undone. */
export async function removeLeads({
	ctx,
	input
}: {
	ctx: Context;
	input: ChangeLeadListInput;
}): Promise<{ removedContactIds: string[] }> {
	const person = requirePerson(ctx, 'leads.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { id: listId, name } = await requireList(ctx, organizationId, input.listId);
	const leads = await chosenLeads(ctx, organizationId, input.choice);
	return ctx.services.database.db.transaction(async (tx) => {
		const removed = await tx.execute<{ contact_id: string }>(sql`
			delete from lead_list_members where organization_id = ${organizationId} and lead_list_id = ${listId}
				and contact_id in (select n.contact_id from (${leads}) n) returning contact_id`);
		if (removed.length > 0) {
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'lead_list.shortened',
				before: {},
				after: { listId, name, removed: removed.length }
			});
		}
		return { removedContactIds: removed.map((row) => row.contact_id) };
	});
}
