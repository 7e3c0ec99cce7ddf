import type { ChangeLeadListInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { appendLeads } from './append-leads';
import { chosenLeads, requireList } from './lead-filters';

/** Adds leads to a list. One that is on it already stays where it is. */
export async function addLeads({
	ctx,
	input
}: {
	ctx: Context;
	input: ChangeLeadListInput;
}): Promise<{ added: number }> {
	const person = requirePerson(ctx, 'leads.write');
	const organizationId = requireOrganizationId(person, undefined);
	const list = await requireList(ctx, organizationId, input.listId);
	const leads = await chosenLeads(ctx, organizationId, input.choice);
	const added = await ctx.services.database.db.transaction(async (tx) => {
		const count = await appendLeads(tx, organizationId, input.listId, leads);
		if (count > 0) {
			const after = { listId: list.id, name: list.name, added: count };
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'lead_list.extended',
				before: {},
				after
			});
		}
		return count;
	});
	return { added };
}
