import { asc, eq } from 'drizzle-orm';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { leadLists } from '../db/schema/index';

const SHOWN_MAX = 200;

/** The lead lists a contact can be put on. */
export async function listLeadLists({
	ctx
}: {
	ctx: Context;
}): Promise<{ id: string; name: string }[]> {
	const person = requirePerson(ctx, 'contacts.read');
	return ctx.services.database.db
		.select({ id: leadLists.id, name: leadLists.name })
		.from(leadLists)
		.where(eq(leadLists.organizationId, requireOrganizationId(person, undefined)))
		.orderBy(asc(leadLists.name), asc(leadLists.id))
		.limit(SHOWN_MAX);
}
