import type { CreateLeadListInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { isTaken } from '../db/trouble';
import { leadLists } from '../db/schema/index';
import { appendLeads } from './append-leads';
import { chosenLeads } from './lead-filters';
import { nameTaken } from './rename-lead-list';

/** Makes a lead list, empty or with leads. The same request again answers with the same list. */
export async function createLeadList({
	ctx,
	input
}: {
	ctx: Context;
	input: CreateLeadListInput;
}): Promise<{ listId: string; added: number }> {
	const person = requirePerson(ctx, 'leads.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { requestId: listId, name, choice } = input;
	const leads = choice && (await chosenLeads(ctx, organizationId, choice));
	try {
		return await ctx.services.database.db.transaction(async (tx) => {
			const [made] = await tx
				.insert(leadLists)
				.values({ id: listId, organizationId, name, createdAt: new Date(ctx.nowMs) })
				.onConflictDoNothing({ target: leadLists.id })
				.returning({ id: leadLists.id });
			if (!made) return { listId, added: 0 };
			const added = leads ? await appendLeads(tx, organizationId, listId, leads) : 0;
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'lead_list.created',
				before: {},
				after: { listId, name, leads: added }
			});
			return { listId, added };
		});
	} catch (error) {
		throw isTaken(error, 'lead_lists_name_key') ? nameTaken(name) : error;
	}
}
