import { and, count, eq, inArray, ne } from 'drizzle-orm';
import type { StartPowerDialInput } from '$lib/inputs';
import type { PowerDialView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { leadListMembers as members, leadLists, powerDials } from '../db/schema/index';
import { AppError } from '../errors';
import { advancePowerDial } from './advance-power-dial';
import { getPowerDial } from './power-dial-rows';

/** Begins to go through a lead list, and finds its first lead. What the person went through before stops. */
export async function startPowerDial({
	ctx,
	input
}: {
	ctx: Context;
	input: StartPowerDialInput;
}): Promise<PowerDialView> {
	const person = requirePerson(ctx, 'outcomes.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { powerDialId: id, leadListId } = input;
	const owner = { organizationId, userId: person.userId };
	await ctx.services.database.db.transaction(async (tx) => {
		const [list] = await tx
			.select({ id: leadLists.id })
			.from(leadLists)
			.where(and(eq(leadLists.organizationId, organizationId), eq(leadLists.id, leadListId)));
		if (!list) throw new AppError('not_found', 'There is no such lead list.');
		await tx
			.update(powerDials)
			.set({ state: 'stopped', contactId: null, updatedAt: new Date(ctx.nowMs) })
			.where(
				and(
					eq(powerDials.organizationId, organizationId),
					eq(powerDials.userId, person.userId),
					inArray(powerDials.state, ['running', 'paused']),
					ne(powerDials.id, id)
				)
			);
		const [{ total } = { total: 0 }] = await tx
			.select({ total: count() })
			.from(members)
			.where(and(eq(members.organizationId, organizationId), eq(members.leadListId, leadListId)));
		const startedAt = new Date(ctx.nowMs);
		const [made] = await tx
			.insert(powerDials)
			.values({ id, ...owner, leadListId, total, startedAt, updatedAt: startedAt })
			.onConflictDoNothing()
			.returning();
		if (made) await advancePowerDial(tx, ctx, made);
	});
	return getPowerDial(ctx.services.database.db, owner, id);
}
