import { and, eq, gt, inArray } from 'drizzle-orm';
import type { WaitReason } from '$lib/domain/campaigns/campaign';
import type { CallingHoursInput } from '$lib/inputs';
import type { CallingHoursView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { campaignLeads, campaigns, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { HOURS } from './calling-hours';

/** What a lead waits for that other hours may end. */
const WAITS: WaitReason[] = ['calling_hours', 'attempt_cap'];

/**
 * When leads may be called. Campaigns that run keep to it from their next claim on, and leads that wait for
 * the hours there were are looked at anew.
 */
export async function setCallingHours({
	ctx,
	input
}: {
	ctx: Context;
	input: CallingHoursInput;
}): Promise<CallingHoursView> {
	const person = requirePerson(ctx, 'campaigns.settings');
	const organizationId = requireOrganizationId(person, undefined);
	return ctx.services.database.db.transaction(async (tx) => {
		const isOurs = eq(organizations.id, organizationId);
		const [before] = await tx.select(HOURS).from(organizations).where(isOurs).for('update');
		if (!before) throw new AppError('not_found', 'There is no such organisation.');
		const [after = before] = await tx
			.update(organizations)
			.set({
				callingFromMinute: input.fromMinute,
				callingUntilMinute: input.untilMinute,
				callingDays: [...new Set(input.days)].sort((one, other) => one - other),
				callsPerNumberDay: input.callsPerNumberDay
			})
			.where(isOurs)
			.returning(HOURS);
		const alive = tx
			.select({ id: campaigns.id })
			.from(campaigns)
			.where(
				and(
					eq(campaigns.organizationId, organizationId),
					inArray(campaigns.status, ['running', 'paused'])
				)
			);
		await tx
			.update(campaignLeads)
			.set({ nextAttemptAt: new Date(ctx.nowMs) })
			.where(
				and(
					inArray(campaignLeads.campaignId, alive),
					eq(campaignLeads.state, 'waiting'),
					inArray(campaignLeads.reason, WAITS),
					gt(campaignLeads.nextAttemptAt, new Date(ctx.nowMs))
				)
			);
		const action = 'organization.calling_hours';
		await writeAudit(tx, ctx, { organizationId, action, before, after });
		return after;
	});
}
