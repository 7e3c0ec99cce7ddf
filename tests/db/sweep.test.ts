import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import { startWorker } from '$lib/server/jobs/worker';
import { newNumber, type Tenant } from '../support/house';
import { FAST, SandboxHouse, STANDING } from '../support/house-sandbox';

let room: SandboxHouse;
let tenant: Tenant;

beforeAll(async () => {
	room = await SandboxHouse.open();
});
beforeEach(async () => {
	tenant = await room.house.createTenant({ minutes: 10 });
});
afterEach(async () => {
	room.reset();
	await room.house.expectBooksToBalance();
});
afterAll(() => room.close());

function creditOf(one: Tenant) {
	return room.house.credit(one.id);
}

function setSpeed(speed: number): void {
	room.sandbox.control.context.clock.setSpeed(speed);
}

describe('a create without a clear answer', () => {
	it.each([
		['91', 'answered 500'],
		['93', 'never answered']
	])(
		'given a number ending in %s (create %s, nothing placed), when the listing delay is over, then the sweeper releases the hold and nothing is billed',
		async (suffix) => {
			const call = await room.dial(tenant, suffix);
			expect(await room.house.callRow(call.id)).toMatchObject({
				status: 'initiated',
				submit_state: 'unknown'
			});
			expect(await room.sweep()).toMatchObject({ asked: 1, ended: 0 });
			expect(await creditOf(tenant)).toMatchObject({ held: 3, live: 1 });
			expect(await room.sweep(61)).toMatchObject({ asked: 1, ended: 1 });
			expect(await room.house.callRow(call.id)).toMatchObject({
				status: 'failed',
				end_reason: 'never_placed',
				billed_minutes: 0
			});
			expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
			expect(await room.sweep(120)).toMatchObject({ asked: 0 });
		}
	);

	it('given a number ending in 92 (create hangs, yet placed), when its callbacks come, then they settle it', async () => {
		setSpeed(STANDING);
		const call = await room.dial(tenant, '92');
		expect(await room.house.callRow(call.id)).toMatchObject({
			submit_state: 'unknown',
			provider_call_id: null
		});
		setSpeed(FAST);
		expect(await room.untilEnded(call.id)).toMatchObject({
			status: 'completed',
			duration: 30,
			billed_minutes: 1,
			submit_state: 'accepted'
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, live: 0 });
	});

	it('given a number ending in 92 whose callbacks are all lost, when the sweeper lists, then it is found and settled once', async () => {
		room.sandbox.control.context.faults.add({ dropAll: true });
		setSpeed(STANDING);
		const call = await room.dial(tenant, '92');
		expect(await room.sweep()).toMatchObject({ ended: 0 });
		const { provider_call_id: sid } = await room.house.callRow(call.id);
		expect(sid).toMatch(/^CA/);
		room.finish(String(sid), 61);
		await Promise.all([room.sweep(), room.sweep(61), room.sweep()]);
		expect(await room.house.callRow(call.id)).toMatchObject({ duration: 61, billed_minutes: 2 });
		expect(await creditOf(tenant)).toMatchObject({ used: 2, held: 0, live: 0 });
	});

	it('given an earlier call to the same number, when a create right after it was never placed, then the hold is released all the same', async () => {
		const to = newNumber('10');
		const busy = await room.dial(tenant, '10', to);
		await room.untilEnded(busy.id);
		room.sandbox.control.context.faults.add({ createStatus: 500, next: 1 });
		const lost = await room.dial(tenant, '10', to);
		await room.sweep(61);
		expect(await room.house.callRow(lost.id)).toMatchObject({
			status: 'failed',
			end_reason: 'never_placed'
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});

	it('given another organisation calling the same number, when our create was never placed, then its call is not taken for ours and our hold is released', async () => {
		const to = newNumber('61');
		room.sandbox.control.context.faults.add({ createStatus: 500, next: 1 });
		const lost = await room.dial(tenant, '61', to);
		const other = await room.house.createTenant({ minutes: 10 });
		const theirs = await room.dial(other, '61', to);
		await room.untilEnded(theirs.id);
		await room.sweep(61);
		expect(await creditOf(other)).toMatchObject({ used: 2, held: 0, live: 0 });
		expect(await room.house.callRow(lost.id)).toMatchObject({
			status: 'failed',
			end_reason: 'never_placed'
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});
});

describe('a final callback that never comes', () => {
	it('given a number ending in 94, when sweepers of two processes ask at once, then it is settled once', async () => {
		const other = await room.house.openServices();
		const call = await room.dial(tenant, '94');
		const row = await room.until(call.id, ({ status }) => status === 'in_progress');
		room.finish(String(row.provider_call_id));
		await Promise.all([room.sweep(), room.sweep(0, other), room.sweep(), room.sweep(0, other)]);
		const ended = await room.untilEnded(call.id);
		expect(ended).toMatchObject({ status: 'completed', billed_minutes: 1 });
		const charges = await room.house.sql`
			select minutes_consumed from call_minutes_usage_log where call_id = ${call.id}`;
		expect(charges).toEqual([{ minutes_consumed: 1 }]);
		expect(await room.sweep()).toMatchObject({ ended: 0 });
		expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, live: 0 });
	});

	it('given a fifth of all final callbacks lost, when sweepers of two processes ask beside those that come, then every call is settled, and none twice', async () => {
		const busy = await room.house.createTenant({ minutes: 1_000 });
		const other = await room.house.openServices();
		room.sandbox.control.context.faults.add({ dropFinal: 0.2 });
		// One after the other: a busy machine must not look like a provider that does not answer.
		for (let dialled = 0; dialled < 40; dialled++) await room.dial(busy, '61');
		for (let asked = 0; asked < 200; asked++) {
			await Promise.all([room.sweep(), room.sweep(0, other)]);
			if ((await creditOf(busy))?.live === 0) break;
		}
		const [found] = await room.house.sql`
			select count(*) filter (where c.billed_minutes = 2)::int as billed,
				count(*) filter (where not exists (select from deliveries d where d.call_id = c.id
					and d.event->>'status' = 'completed'))::int as unheard
			from calls c where c.organization_id = ${busy.id} and c.status = 'completed'`;
		const charges = await room.house.sql`
			select call_id from call_minutes_usage_log where organization_id = ${busy.id}`;
		expect(found?.billed).toBe(40);
		expect(found?.unheard).toBeGreaterThanOrEqual(3);
		expect(new Set(charges.map(({ call_id: id }) => id)).size).toBe(40);
		expect(charges).toHaveLength(40);
		expect(await creditOf(busy)).toMatchObject({ used: 80, held: 0, live: 0 });
	});

	it('given a nonsense final callback (98), when the sweeper asks, then REST decides: 42 seconds, one minute', async () => {
		const call = await room.dial(tenant, '98');
		const row = await room.until(call.id, ({ status }) => status === 'in_progress');
		const sid = String(row.provider_call_id);
		const callbacks = await room.callbacksOf(sid, 4);
		expect(callbacks.map(({ answer }) => answer.body)).toEqual([
			'applied',
			'applied',
			'applied',
			'failed'
		]);
		expect(await room.house.callRow(call.id)).toMatchObject({ status: 'in_progress' });
		expect(await room.sweep()).toMatchObject({ ended: 1 });
		expect(await room.house.callRow(call.id)).toMatchObject({ duration: 42, billed_minutes: 1 });
	});

	it('given a provider that is down, when the sweeper asks, then the call keeps its hold and is asked about again', async () => {
		const call = await room.dial(tenant, '94');
		const row = await room.until(call.id, ({ status }) => status === 'in_progress');
		room.finish(String(row.provider_call_id));
		room.sandbox.control.context.faults.add({ apiStatus: 503 });
		expect(await room.sweep()).toMatchObject({ ended: 0 });
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 3, live: 1 });
		room.sandbox.control.context.faults.clear();
		expect(await room.sweep()).toMatchObject({ ended: 1 });
		expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, live: 0 });
	});

	it('given live calls, when nothing is due, then the sweeper asks about none', async () => {
		setSpeed(STANDING);
		const call = await room.dial(tenant, '61');
		const ctx = room.house.context({ kind: 'job' });
		expect(await sweepCalls({ ctx, input: { everyLiveCall: false } })).toMatchObject({ asked: 0 });
		setSpeed(FAST);
		await room.untilEnded(call.id);
	});
});

describe('after a crash', () => {
	it('given calls whose ends nobody heard, when a process starts its worker, then they settle by themselves', async () => {
		room.sandbox.control.context.faults.add({ dropFinal: 1 });
		const calls = await Promise.all([1, 2, 3].map(() => room.dial(tenant, '61')));
		for (const call of calls) {
			const row = await room.until(call.id, ({ status }) => status === 'in_progress');
			room.finish(String(row.provider_call_id), 61);
		}
		expect(await creditOf(tenant)).toMatchObject({ used: 0, live: 3 });
		const worker = await startWorker(room.house.services);
		try {
			for (const call of calls) {
				expect(await room.untilEnded(call.id)).toMatchObject({ billed_minutes: 2 });
			}
		} finally {
			await worker.stop();
		}
		expect(await creditOf(tenant)).toMatchObject({ used: 6, held: 0, live: 0 });
	});
});
