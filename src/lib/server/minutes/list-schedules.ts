import { and, eq } from 'drizzle-orm';
import type { ListSchedulesInput } from '$lib/inputs';
import type { AllocationScheduleView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { allocationSchedules as schedules } from '../db/schema/allocation-schedules';
import { selectSchedules, toScheduleView } from './schedule-rows';

const SCHEDULES_MAX = 500;

/** Grants that are planned, the next to run first; of one organisation or of all. */
export async function listSchedules({
	ctx,
	input: { organizationId }
}: {
	ctx: Context;
	input: ListSchedulesInput;
}): Promise<AllocationScheduleView[]> {
	requirePermission(ctx, 'minutes.allocate');
	const rows = await selectSchedules(ctx.services.database.db)
		.where(
			and(
				schedules.isActive,
				organizationId === undefined ? undefined : eq(schedules.organizationId, organizationId)
			)
		)
		.limit(SCHEDULES_MAX);
	return rows.map(toScheduleView);
}
