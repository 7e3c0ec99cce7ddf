import { eq } from 'drizzle-orm';
import { nextMonthlyRun } from '$lib/domain/credit/schedule';
import { localDay, startOfLocalDay } from '$lib/domain/time-zone';
import type { ScheduleAllocationInput } from '$lib/inputs';
import type { AllocationScheduleView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { allocationSchedules as schedules, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { PRIORITY_DEFAULT } from './allocate-minutes';
import { findSchedule } from './schedule-rows';

/** Plans a grant for a later moment, or for a day of every month. The same `requestId` plans once. */
export async function scheduleAllocation({
	ctx,
	input
}: {
	ctx: Context;
	input: ScheduleAllocationInput;
}): Promise<AllocationScheduleView> {
	requirePermission(ctx, 'minutes.allocate');
	const { requestId: id, organizationId, minutes, reason, when } = input;
	const { db } = ctx.services.database;
	const [organization] = await db
		.select({ timezone: organizations.timezone })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	if (!organization) throw new AppError('not_found', 'organization_id names no organisation.');
	const nextRunAt = new Date(firstRunMs(when, ctx.nowMs, organization.timezone));
	const actor = actorOf(ctx);
	const actorUserId = actor.kind === 'user' ? actor.userId : null;
	await db.transaction(async (tx) => {
		const made = await tx
			.insert(schedules)
			.values({
				id,
				organizationId,
				minutes,
				reason,
				priority: input.priority ?? PRIORITY_DEFAULT,
				expiresAfterDays: input.expiresAfterDays ?? null,
				kind: when.kind,
				dayOfMonth: when.kind === 'monthly' ? when.dayOfMonth : null,
				nextRunAt,
				createdBy: actorUserId,
				createdAt: new Date(ctx.nowMs)
			})
			.onConflictDoNothing()
			.returning({ id: schedules.id });
		if (made.length === 0) return;
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'minutes.schedule',
			after: { scheduleId: id, minutes, reason, when, nextRunAt: nextRunAt.toISOString() }
		});
	});
	const view = await findSchedule(db, id);
	if (view?.organizationId !== organizationId) {
		throw new AppError('conflict', 'requestId is already in use.');
	}
	return view;
}

function firstRunMs(
	when: ScheduleAllocationInput['when'],
	nowMs: number,
	timeZone: string
): number {
	if (when.kind === 'monthly') return nextMonthlyRun(when.dayOfMonth, nowMs, timeZone);
	const isDate = when.at.length === '2026-11-21'.length;
	const isPast = isDate ? when.at < localDay(nowMs, timeZone) : Date.parse(when.at) < nowMs;
	if (isPast) {
		const sentence = 'The date must not be in the past.';
		throw new AppError('invalid', sentence, { at: sentence });
	}
	return isDate ? startOfLocalDay(when.at, timeZone) : Date.parse(when.at);
}
