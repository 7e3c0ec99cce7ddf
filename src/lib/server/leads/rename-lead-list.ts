import { and, eq } from 'drizzle-orm';
import type { RenameLeadListInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { isTaken } from '../db/trouble';
import { leadLists } from '../db/schema/index';
import { AppError } from '../errors';
import { requireList } from './lead-filters';

/** Gives a lead list another name. Names are unique within the organisation. */
export async function renameLeadList({
	ctx,
	input
}: {
	ctx: Context;
	input: RenameLeadListInput;
}): Promise<{ renamed: true }> {
	const person = requirePerson(ctx, 'leads.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { listId, name } = input;
	const before = await requireList(ctx, organizationId, listId);
	try {
		await ctx.services.database.db.transaction(async (tx) => {
			await tx
				.update(leadLists)
				.set({ name })
				.where(and(eq(leadLists.organizationId, organizationId), eq(leadLists.id, listId)));
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'lead_list.renamed',
				before,
				after: { id: listId, name }
			});
		});
	} catch (error) {
		throw isTaken(error, 'lead_lists_name_key') ? nameTaken(name) : error;
	}
	return { renamed: true };
}

export function nameTaken(name: string): AppError {
	const sentence = `There is a list with the name ${name} already: choose another.`;
	return new AppError('invalid', sentence, { name: sentence });
}
