import { asc, eq } from 'drizzle-orm';
import type { AllocationScheduleView } from '$lib/views';
import type { Database } from '../db/client';
import { allocationSchedules as schedules, organizations, users } from '../db/schema/index';

/** Schedules as pages show them, the next to run first. Callers add where and limit. */
export function selectSchedules(db: Database) {
	return db
		.select({
			schedule: schedules,
			organizationName: organizations.name,
			timezone: organizations.timezone,
			createdBy: users.name
		})
		.from(schedules)
		.innerJoin(organizations, eq(organizations.id, schedules.organizationId))
		.leftJoin(users, eq(users.id, schedules.createdBy))
		.orderBy(asc(schedules.nextRunAt), asc(schedules.id))
		.$dynamic();
}

export function toScheduleView({
	schedule,
	...names
}: Awaited<ReturnType<typeof selectSchedules>>[number]): AllocationScheduleView {
	return {
		id: schedule.id,
		organizationId: schedule.organizationId,
		...names,
		minutes: schedule.minutes,
		reason: schedule.reason,
		priority: schedule.priority,
		expiresAfterDays: schedule.expiresAfterDays,
		kind: schedule.kind,
		dayOfMonth: schedule.dayOfMonth,
		nextRunAt: schedule.nextRunAt.toISOString(),
		lastRunAt: schedule.lastRunAt?.toISOString() ?? null
	};
}

export async function findSchedule(
	db: Database,
	id: string
): Promise<AllocationScheduleView | null> {
	const [row] = await selectSchedules(db).where(eq(schedules.id, id));
	return row ? toScheduleView(row) : null;
}
