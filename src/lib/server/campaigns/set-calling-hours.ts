import { and, eq, inArray, sql } from 'drizzle-orm';
import type { CallingHoursInput } from '$lib/inputs';
import type { CallingHoursView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { campaigns, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { HOURS } from './calling-hours';

/** Leads of one transaction: short, so that no look at the campaign waits long. */
const LEADS_MAX = 2_000;

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
	const hours = await changeHours(ctx, organizationId, input);
	// After the commit: the organisation's row is what every call waits for.
	const alive = await ctx.services.database.db
		.select({ id: campaigns.id })
		.from(campaigns)
		.where(
			and(
				eq(campaigns.organizationId, organizationId),
				inArray(campaigns.status, ['running', 'paused'])
			)
		);
	for (const { id } of alive) await wakeLeads(ctx, id);
	return hours;
}

function changeHours(
	ctx: Context,
	organizationId: number,
	input: CallingHoursInput
): Promise<CallingHoursView> {
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
		const action = 'organization.calling_hours';
		await writeAudit(tx, ctx, { organizationId, action, before, after });
		return after;
	});
}

/** Makes leads due that wait for what other hours may end. A look under way ends first, by the campaign's lock. */
async function wakeLeads(ctx: Context, campaignId: string): Promise<void> {
	const { db } = ctx.services.database;
	for (let woken = LEADS_MAX; woken === LEADS_MAX;) {
		woken = await db.transaction(async (tx) => {
			await tx
				.select({ id: campaigns.id })
				.from(campaigns)
				.where(eq(campaigns.id, campaignId))
				.for('no key update');
			const rows = await tx.execute(sql`
				update campaign_leads l set next_attempt_at = to_timestamp(${ctx.nowMs} / 1000.0)
				from (select position from campaign_leads
					where campaign_id = ${campaignId} and state = 'waiting' and reason in ('calling_hours', 'attempt_cap')
						and next_attempt_at > to_timestamp(${ctx.nowMs} / 1000.0) limit ${LEADS_MAX}) due
				where l.campaign_id = ${campaignId} and l.position = due.position returning l.position`);
			return rows.length;
		});
	}
}
