import { and, eq } from 'drizzle-orm';
import type { CancelScheduleInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { allocationSchedules as schedules } from '../db/schema/index';
import { AppError } from '../errors';

/** Cancels what a schedule has not granted yet. A run under way is waited for: after this, none follows. */
export async function cancelSchedule({
	ctx,
	input: { organizationId, scheduleId }
}: {
	ctx: Context;
	input: CancelScheduleInput;
}): Promise<{ cancelled: true }> {
	requirePermission(ctx, 'minutes.allocate');
	await ctx.services.database.db.transaction(async (tx) => {
		const [cancelled] = await tx
			.update(schedules)
			.set({ isActive: false })
			.where(
				and(
					eq(schedules.id, scheduleId),
					eq(schedules.organizationId, organizationId),
					schedules.isActive
				)
			)
			.returning();
		if (!cancelled) {
			throw new AppError('conflict', 'Nothing was cancelled: nothing more is planned under it.');
		}
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'minutes.unschedule',
			before: {
				scheduleId,
				minutes: cancelled.minutes,
				nextRunAt: cancelled.nextRunAt.toISOString()
			}
		});
	});
	return { cancelled: true };
}
