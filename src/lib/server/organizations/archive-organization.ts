import { eq } from 'drizzle-orm';
import type { ArchiveOrganizationInput } from '$lib/inputs';
import type { LiveEvent } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { appendCredit, lockOrganization } from '../live/append-credit';

/**
 * Puts an organisation away, or takes it out again. It is switched off first, so that no call starts
 * any more; its books stay as they are. Taken out again it stays off until somebody switches it on.
 */
export async function archiveOrganization({
	ctx,
	input: { organizationId, isArchived }
}: {
	ctx: Context;
	input: ArchiveOrganizationInput;
}): Promise<{ archivedAt: string | null }> {
	requirePermission(ctx, 'organizations.update');
	if (isArchived) {
		const actor = actorOf(ctx);
		await ctx.services.lane.submit({
			...{ kind: 'set_active', organizationId, isActive: false, policy: null },
			actor
		});
	}
	const archivedAt = isArchived ? new Date(ctx.nowMs) : null;
	let events: LiveEvent[] = [];
	await ctx.services.database.db.transaction(async (tx) => {
		await lockOrganization(tx, organizationId);
		const isOurs = eq(organizations.id, organizationId);
		const [before] = await tx
			.select({ archivedAt: organizations.archivedAt })
			.from(organizations)
			.where(isOurs)
			.for('update');
		if ((before?.archivedAt !== null) === isArchived) {
			throw new AppError('conflict', `It is ${isArchived ? 'archived already' : 'not archived'}.`);
		}
		await tx.update(organizations).set({ archivedAt }).where(isOurs);
		await writeAudit(tx, ctx, {
			organizationId,
			action: isArchived ? 'organization.archive' : 'organization.restore',
			before: { isArchived: !isArchived },
			after: { isArchived }
		});
		events = await appendCredit(tx, organizationId, ctx.nowMs);
	});
	ctx.services.hub.publish(events);
	return { archivedAt: archivedAt?.toISOString() ?? null };
}
