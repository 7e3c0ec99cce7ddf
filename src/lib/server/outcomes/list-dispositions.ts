import type { DispositionView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { readDispositions } from './disposition-rows';

/** What the caller's organisation offers, in the order of the keys. */
export async function listDispositions({ ctx }: { ctx: Context }): Promise<DispositionView[]> {
	const person = requirePerson(ctx, 'outcomes.read');
	const organizationId = requireOrganizationId(person, undefined);
	return readDispositions(ctx.services.database.db, organizationId);
}
