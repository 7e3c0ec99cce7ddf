import { eq } from 'drizzle-orm';
import type { Context } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';

/**
 * Tells an organisation that has nothing yet from one that is not there. A member's own is there.
 * @throws AppError `not_found`
 */
export async function requireKnownOrganization(
	ctx: Context,
	organizationId: number
): Promise<void> {
	if (ctx.caller.kind === 'person' && ctx.caller.person.organizationId === organizationId) return;
	const [found] = await ctx.services.database.db
		.select({ id: organizations.id })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	if (!found) throw new AppError('not_found', 'There is no such organisation.');
}
