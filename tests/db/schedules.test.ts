import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ScheduleAllocationInput } from '$lib/inputs';
import { cancelSchedule } from '$lib/server/minutes/cancel-schedule';
import { listSchedules } from '$lib/server/minutes/list-schedules';
import { runAllocationSchedules } from '$lib/server/minutes/run-allocation-schedules';
import { scheduleAllocation } from '$lib/server/minutes/schedule-allocation';
import type { Services } from '$lib/server/services';
import { House, TestClock } from '../support/house';
import { runTalktime } from '../support/house-command-line';
import { inTurn, openProcesses } from '../support/house-lanes';

const DAY_SECONDS = 86_400;

let house: House;
let clock: TestClock;
let processes: Services[];

beforeAll(async () => {
	// 15:30 in Kolkata.
	clock = new TestClock(() => Date.parse('2026-11-21T10:00:00Z'));
	house = await House.open({ clock, providers: {} });
	processes = await openProcesses(house, 2);
});
afterEach(async () => {
	await house.sql`update allocation_schedules set is_active = false`;
	await house.expectBooksToBalance();
});
afterAll(() => house.close());

async function plan(
	organizationId: number,
	when: ScheduleAllocationInput['when'],
	more: Partial<ScheduleAllocationInput> = {}
) {
	const input = {
		requestId: uuid(),
		organizationId,
		minutes: 100,
		reason: 'package',
		when,
		...more
	};
	return scheduleAllocation({ ctx: house.commandLine(), input });
}

const runAll = (services = house.services) =>
	runAllocationSchedules({ ctx: house.context({ kind: 'job' }, services) });

const grantsOf = (organizationId: number) =>
	house.sql`select minutes, priority, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as expires
		from minute_allocations where organization_id = ${organizationId} order by expires_at`;

async function inZone(zone: string): Promise<number> {
	const { id } = await house.createTenant();
	await house.sql`update organizations set timezone = ${zone} where id = ${id}`;
	return id;
}

describe('planned allocations', () => {
	it('given one for a day, when the day begins where the organisation is, then it is granted once and no more', async () => {
		const id = await inZone('Asia/Kolkata');
		const schedule = await plan(id, { kind: 'once', at: '2026-11-22' }, { priority: 7 });
		expect(schedule).toMatchObject({ nextRunAt: '2026-11-21T18:30:00.000Z', dayOfMonth: null });
		expect(await runAll()).toEqual({ granted: 0 });
		clock.advanceSeconds(8.5 * 3_600);
		expect(await runAll()).toEqual({ granted: 1 });
		expect(await runAll()).toEqual({ granted: 0 });
		expect(await grantsOf(id)).toEqual([{ minutes: 100, priority: 7, expires: null }]);
		expect(
			await listSchedules({ ctx: house.commandLine(), input: { organizationId: id } })
		).toEqual([]);
		expect(
			await house.sql`select kind, minutes, reason from call_minutes_allocation_history
			where organization_id = ${id}`
		).toEqual([{ kind: 'allocate', minutes: 100, reason: 'package' }]);
	});

	it('given one every month, when nobody worked for three months, then each month is granted once, as of its own day', async () => {
		const { id } = await house.createTenant();
		await plan(id, { kind: 'monthly', dayOfMonth: 31 }, { expiresAfterDays: 365 });
		clock.advanceSeconds(100 * DAY_SECONDS);
		expect(await runAll()).toEqual({ granted: 4 });
		expect(await grantsOf(id)).toMatchObject([
			{ expires: '2027-11-30 00:00' },
			{ expires: '2027-12-31 00:00' },
			{ expires: '2028-01-31 00:00' },
			{ expires: '2028-02-28 00:00' }
		]);
		const [next] = await listSchedules({ ctx: house.commandLine(), input: { organizationId: id } });
		expect(next).toMatchObject({
			nextRunAt: '2027-03-31T00:00:00.000Z',
			lastRunAt: '2027-02-28T00:00:00.000Z'
		});
	});

	it('given grants that would have expired meanwhile, when they are caught up with, then only those still good are granted', async () => {
		const { id } = await house.createTenant();
		await plan(id, { kind: 'monthly', dayOfMonth: 1 }, { expiresAfterDays: 31 });
		clock.advanceSeconds(80 * DAY_SECONDS);
		expect(await runAll()).toEqual({ granted: 1 });
		expect(await house.credit(id)).toMatchObject({ total: 100 });
	});

	it('given many due at once, when two workers run side by side, then each is granted once', async () => {
		const tenants = await Promise.all(Array.from({ length: 8 }, () => house.createTenant()));
		for (const { id } of tenants) await plan(id, { kind: 'once', at: soon() });
		clock.advanceSeconds(2);
		const reports = await Promise.all(
			Array.from({ length: 6 }, (_, index) => runAll(inTurn(processes, index)))
		);
		expect(reports.reduce((sum, { granted }) => sum + granted, 0)).toBe(8);
		for (const { id } of tenants) expect(await house.credit(id)).toMatchObject({ total: 100 });
	});

	it('given a crash after the grant and before its row, when it runs again, then the grant is a repeat', async () => {
		const { id } = await house.createTenant();
		const { id: scheduleId } = await plan(id, { kind: 'monthly', dayOfMonth: 5 });
		clock.advanceSeconds(31 * DAY_SECONDS);
		const before = await house.sql`select * from allocation_schedules where id = ${scheduleId}`;
		expect(await runAll()).toEqual({ granted: 1 });
		// As if the transaction of the row had never been committed.
		await house.sql`update allocation_schedules set next_run_at = ${before[0]?.next_run_at},
			last_run_at = null where id = ${scheduleId}`;
		expect(await runAll()).toEqual({ granted: 0 });
		expect(await house.credit(id)).toMatchObject({ total: 100 });
		expect(
			await house.sql`select last_run_at is not null as ran from allocation_schedules
			where id = ${scheduleId}`
		).toEqual([{ ran: true }]);
	});

	it('given one that cannot be granted, when others are due after it, then they are granted all the same', async () => {
		const [broken, fine] = [await house.createTenant(), await house.createTenant()];
		await plan(broken.id, { kind: 'once', at: soon() });
		await plan(fine.id, { kind: 'once', at: soon() });
		clock.advanceSeconds(5);
		await house.sql`update organization_call_minutes set total_minutes = 2147483647,
			used_minutes = 2147483647 where organization_id = ${broken.id}`;
		try {
			expect(await runAll()).toEqual({ granted: 1 });
			expect(await house.credit(fine.id)).toMatchObject({ total: 100 });
		} finally {
			await house.sql`update organization_call_minutes set total_minutes = 0, used_minutes = 0
				where organization_id = ${broken.id}`;
		}
		expect(await runAll()).toEqual({ granted: 1 });
	});

	it('given debt, when a planned grant comes, then the debt is paid first', async () => {
		const { id } = await house.createTenant({ mode: 'minutes', minutes: 1 });
		const call = await house.placeBound(id);
		await house.services.lane.submit({
			kind: 'apply_sweep',
			callId: call.callId,
			asked: { provider: 'twilio', providerCallId: call.sid },
			finding: {
				kind: 'event',
				event: {
					...{ provider: 'twilio', providerCallId: call.sid, callId: call.callId },
					...{ kind: 'status', facts: {} },
					...{ status: 'completed', rawStatus: 'completed', endReason: null, problems: [] },
					...{ occurredAtMs: clock.read(), talkSeconds: 300 }
				}
			}
		});
		await plan(id, { kind: 'once', at: soon() });
		clock.advanceSeconds(2);
		await runAll();
		expect(await house.credit(id)).toMatchObject({ total: 101, used: 5, debt: 0 });
	});
});

describe('cancelling and refusing', () => {
	it('given one that is cancelled, when its day comes, then nothing is granted and both are audited', async () => {
		const { id } = await house.createTenant();
		const ctx = house.commandLine();
		const { id: scheduleId } = await plan(id, { kind: 'once', at: soon() });
		const input = { organizationId: id, scheduleId };
		await cancelSchedule({ ctx, input });
		await expect(cancelSchedule({ ctx, input })).rejects.toMatchObject({ code: 'conflict' });
		clock.advanceSeconds(5);
		expect(await runAll()).toEqual({ granted: 0 });
		expect(
			await house.sql`select action from audit_log where organization_id = ${id}
			and action like 'minutes.%' order by id`
		).toEqual([{ action: 'minutes.schedule' }, { action: 'minutes.unschedule' }]);
	});

	it('given the same request twice, when it is planned, then there is one, and none under its id elsewhere', async () => {
		const [first, second] = [await house.createTenant(), await house.createTenant()];
		const requestId = uuid();
		const once = await plan(first.id, { kind: 'monthly', dayOfMonth: 2 }, { requestId });
		expect(await plan(first.id, { kind: 'monthly', dayOfMonth: 2 }, { requestId })).toEqual(once);
		await expect(
			plan(second.id, { kind: 'monthly', dayOfMonth: 2 }, { requestId })
		).rejects.toMatchObject({ code: 'conflict' });
	});

	it.each(['2020-01-01', '2026-11-20T00:00:00Z'])(
		'given the past day %s, when it is planned for it, then it is refused beside its field',
		async (at) => {
			const { id } = await house.createTenant();
			await expect(plan(id, { kind: 'once', at })).rejects.toMatchObject({
				code: 'invalid',
				fields: { at: 'The date must not be in the past.' }
			});
		}
	);

	it('given the command line, when it plans, lists and cancels, then each answers as JSON', async () => {
		const { id } = await house.createTenant();
		const run = async (...words: string[]) => {
			const outcome = await runTalktime(house.databaseUrl, ...words, '--org', String(id), '--json');
			expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
			return JSON.parse(outcome.stdout);
		};
		const grant = ['--minutes', '50', '--reason', 'monthly package'];
		const monthly = await run(
			'minutes',
			'schedule',
			...grant,
			'--monthly',
			'31',
			'--priority',
			'5'
		);
		expect(monthly).toMatchObject({ kind: 'monthly', dayOfMonth: 31, priority: 5 });
		await run('minutes', 'schedule', ...grant, '--at', '2099-01-01');
		expect(await run('minutes', 'schedules')).toHaveLength(2);
		await run('minutes', 'unschedule', '--schedule', monthly.id);
		expect(await run('minutes', 'schedules')).toMatchObject([{ kind: 'once' }]);
		const bad = await runTalktime(
			house.databaseUrl,
			...['minutes', 'schedule', ...grant, '--org', String(id)]
		);
		expect(bad.stderr).toBe('talktime: Give either --monthly with a day, or --at with a date.\n');
	});
});

function soon(): string {
	return new Date(clock.read() + 1_000).toISOString();
}
