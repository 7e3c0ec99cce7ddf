/**
 * Grants what is due. The row of a schedule stays locked while the lane commits its grant, so another
 * worker passes over it and a cancellation waits. The grant's id is made of the schedule and the moment
 * it was due: after a crash between grant and row the same grant is asked for again, and is a repeat.
 */
import { and, asc, eq, lte, notInArray } from 'drizzle-orm';
import { v5 as uuidOfName } from 'uuid';
import { nextMonthlyRun } from '$lib/domain/credit/schedule';
import { actorOf } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { allocationSchedules as schedules, organizations } from '../db/schema/index';

const RUNS_MAX = 1_000;
const DAY_MS = 86_400_000;

type Schedule = typeof schedules.$inferSelect;

/** Runs every schedule that is due, one that was missed several times once for each of them. */
export async function runAllocationSchedules({
	ctx
}: {
	ctx: Context;
}): Promise<{ granted: number }> {
	const { database, log } = ctx.services;
	const failedIds: string[] = [];
	let granted = 0;
	for (let run = 0; run < RUNS_MAX; run++) {
		let running: Schedule | null = null;
		try {
			const outcome = await database.db.transaction(async (tx) => {
				const due = await findDue(tx, ctx.nowMs, failedIds);
				if (!due) return null;
				running = due.schedule;
				const isGranted = await grant(ctx, due.schedule);
				await advance(tx, due.schedule, due.timezone);
				return { isGranted };
			});
			if (outcome === null) break;
			if (outcome.isGranted) granted++;
		} catch (error) {
			// One that fails must not keep the others from their minutes; it is tried again in a minute.
			const failed = running as Schedule | null;
			if (failed === null) throw error;
			failedIds.push(failed.id);
			log.error({ err: error, schedule: failed.id }, 'schedules: granting failed');
		}
	}
	return { granted };
}

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

async function findDue(tx: Transaction, nowMs: number, failedIds: string[]) {
	const [due] = await tx
		.select({ schedule: schedules, timezone: organizations.timezone })
		.from(schedules)
		.innerJoin(organizations, eq(organizations.id, schedules.organizationId))
		.where(
			and(
				schedules.isActive,
				lte(schedules.nextRunAt, new Date(nowMs)),
				failedIds.length > 0 ? notInArray(schedules.id, failedIds) : undefined
			)
		)
		.orderBy(asc(schedules.nextRunAt), asc(schedules.id))
		.limit(1)
		.for('update', { of: schedules, skipLocked: true });
	return due ?? null;
}

/** Minutes that would have expired by now are not granted: nobody could have used them. */
async function grant(ctx: Context, schedule: Schedule): Promise<boolean> {
	const dueAtMs = schedule.nextRunAt.getTime();
	const { expiresAfterDays } = schedule;
	const expiresAtMs = expiresAfterDays === null ? null : dueAtMs + expiresAfterDays * DAY_MS;
	if (expiresAtMs !== null && expiresAtMs <= ctx.nowMs) return false;
	const result = await ctx.services.lane.submit({
		kind: 'allocate',
		allocationId: uuidOfName(schedule.nextRunAt.toISOString(), schedule.id),
		organizationId: schedule.organizationId,
		minutes: schedule.minutes,
		reason: schedule.reason,
		priority: schedule.priority,
		expiresAtMs,
		actor: actorOf(ctx)
	});
	if (result.kind !== 'allocated') throw new Error(`The lane answered ${result.kind}`);
	return !result.repeated;
}

async function advance(tx: Transaction, schedule: Schedule, timezone: string): Promise<void> {
	const { nextRunAt, dayOfMonth } = schedule;
	const next =
		dayOfMonth === null
			? { isActive: false }
			: { nextRunAt: new Date(nextMonthlyRun(dayOfMonth, nextRunAt.getTime(), timezone)) };
	await tx
		.update(schedules)
		.set({ lastRunAt: nextRunAt, ...next })
		.where(eq(schedules.id, schedule.id));
}
