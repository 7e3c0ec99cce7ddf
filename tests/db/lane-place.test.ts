import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '$lib/server/services';
import { setActive } from '$lib/server/organizations/set-active';
import { House, newNumber, placeCommand, TestClock } from '../support/house';
import { inTurn, openProcesses, tally } from '../support/house-lanes';

let house: House;
let processes: Services[];

beforeAll(async () => {
	house = await House.open();
	processes = await openProcesses(house, 2, 8);
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function countRows(table: string, organizationId: number): Promise<number> {
	const [row] = await house.sql<{ count: number }[]>`
		select count(*)::int as count from ${house.sql(table)} where organization_id = ${organizationId}`;
	return row?.count ?? -1;
}

describe('placing through the lane', () => {
	it.each([
		['one process', 1],
		['two processes with eight connections each', 2]
	])(
		'given credit for one call, when thirty start at once in %s, then one is placed and the rest are refused with the reason',
		async (_name, count) => {
			const { id, name } = await house.createTenant({ minutes: 3 });
			const lanes = processes.slice(0, count);
			const results = await Promise.all(
				Array.from({ length: 30 }, (_, index) => inTurn(lanes, index).lane.submit(placeCommand(id)))
			);
			expect(tally(results.map((result) => result.kind))).toEqual({ placed: 1, blocked: 29 });
			for (const result of results) {
				if (result.kind !== 'blocked') continue;
				expect(result.block).toMatchObject({
					code: 'minutes_exhausted',
					message: `The call was not placed. ${name} has 0 minutes left (3 are held by calls in progress).`,
					numbers: { remainingMinutes: 0, heldMinutes: 3 }
				});
			}
			const blocks = await house.sql`
				select code, numbers, message <> '' as told from blocks where organization_id = ${id}`;
			expect(blocks).toHaveLength(29);
			for (const block of blocks) {
				expect(block).toEqual({
					code: 'minutes_exhausted',
					numbers: { remainingMinutes: 0, heldMinutes: 3 },
					told: true
				});
			}
			expect(await house.credit(id)).toMatchObject({ total: 3, used: 0, held: 3, live: 1 });
			expect(await countRows('calls', id)).toBe(1);
		}
	);

	it("given the id of another organisation's call, when a call starts, then it is told whose it is and nothing changes", async () => {
		const [theirs, ours] = [
			await house.createTenant({ minutes: 9 }),
			await house.createTenant({ minutes: 9 })
		];
		const { id: callId } = await house.place(theirs.id);
		const before = await Promise.all([house.credit(theirs.id), house.credit(ours.id)]);
		for (const result of await Promise.all([
			house.services.lane.submit(placeCommand(ours.id, { callId })),
			house.services.lane.submit(placeCommand(ours.id, { callId }))
		])) {
			expect(result).toMatchObject({
				kind: 'placed',
				repeated: true,
				call: { organizationId: theirs.id }
			});
		}
		expect(await Promise.all([house.credit(theirs.id), house.credit(ours.id)])).toEqual(before);
		expect(await countRows('calls', ours.id)).toBe(0);
	});

	it('given credit for less than the estimate, when a call asks for no length, then it holds a minute and may talk for what is there', async () => {
		const { id } = await house.createTenant({ minutes: 2 });
		const call = await house.place(id);
		expect(call.timeLimitSeconds).toBe(120);
		expect(await house.credit(id)).toMatchObject({ held: 1 });
	});

	it('given less than the length insisted on, when a call starts, then it is refused and nothing is held', async () => {
		const { id } = await house.createTenant({ minutes: 4 });
		const result = await house.services.lane.submit(placeCommand(id, { estimateMinutes: 5 }));
		expect(result).toMatchObject({
			kind: 'blocked',
			block: { code: 'minutes_exhausted', numbers: { remainingMinutes: 4, heldMinutes: 0 } }
		});
		expect(await house.credit(id)).toMatchObject({ held: 0, live: 0 });
	});

	it('given an inactive organisation, when a call starts, then it is refused until it is switched on', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const ctx = house.commandLine();
		await setActive({ ctx, input: { organizationId: id, isActive: false } });
		const refused = await house.services.lane.submit(placeCommand(id));
		expect(refused).toMatchObject({ kind: 'blocked', block: { code: 'organization_inactive' } });
		await setActive({ ctx, input: { organizationId: id, isActive: true } });
		await house.place(id);
		expect(await countRows('blocks', id)).toBe(1);
	});

	it('given a switch-off and calls at once, when all are committed, then no call was placed after it', async () => {
		const { id } = await house.createTenant({ minutes: 300 });
		const places = Array.from({ length: 40 }, (_, index) =>
			inTurn(processes, index).lane.submit(placeCommand(id))
		);
		const actor = { kind: 'job' } as const;
		const off = inTurn(processes, 1).lane.submit({
			kind: 'set_active',
			organizationId: id,
			isActive: false,
			policy: null,
			actor
		});
		const later = off.then(() => house.services.lane.submit(placeCommand(id)));
		expect(await later).toMatchObject({ block: { code: 'organization_inactive' } });
		const kinds = tally((await Promise.all(places)).map((result) => result.kind));
		expect((kinds.placed ?? 0) + (kinds.blocked ?? 0)).toBe(40);
		const [row] = await house.sql`
			select (select seq from live_events where organization_id = ${id} and name = 'minutes:updated'
					and payload->>'isActive' = 'false' order by seq limit 1) >
				(select max(seq) from live_events where organization_id = ${id} and name = 'call:created') as in_order`;
		expect(row?.in_order ?? true).toBe(true);
	});

	it('given a live call to a number, when thirty more dial it, then each is refused as already being called', async () => {
		const { id } = await house.createTenant({ minutes: 300 });
		const to = newNumber();
		const results = await Promise.all(
			Array.from({ length: 31 }, (_, index) =>
				inTurn(processes, index).lane.submit(placeCommand(id, { to }))
			)
		);
		expect(tally(results.map((result) => result.kind))).toEqual({ placed: 1, blocked: 30 });
		expect(results.find((result) => result.kind === 'blocked')).toMatchObject({
			block: { code: 'already_calling' }
		});
		const other = await house.createTenant({ minutes: 3 });
		await house.place(other.id, { to });
	});

	it('given an unknown organisation, when a call starts, then it says so and stores nothing', async () => {
		const before = await house.fingerprint();
		const result = await house.services.lane.submit(placeCommand(2_147_483_000));
		expect(result).toEqual({ kind: 'unknown_organization' });
		expect(await house.fingerprint()).toEqual(before);
	});
});

describe('idempotency of placing', () => {
	it.each([
		['the same call id', () => ({ callId: uuid() })],
		['the same idempotency key', () => ({ idempotencyKey: uuid() })]
	])(
		'given %s, when it comes in one batch, in a later one and in another process, then there is one call',
		async (_name, makeKey) => {
			const { id } = await house.createTenant({ minutes: 300 });
			const key = makeKey();
			const submit = (index: number) => inTurn(processes, index).lane.submit(placeCommand(id, key));
			const together = await Promise.all(Array.from({ length: 12 }, (_, index) => submit(index)));
			const later = [await submit(0), await submit(1)];
			const answers = [...together, ...later].map((result) =>
				result.kind === 'placed' ? `${result.call.id} ${result.repeated}` : result.kind
			);
			const firsts = answers.filter((answer) => answer.endsWith(' false'));
			expect(firsts).toHaveLength(1);
			expect(new Set(answers.map((answer) => answer.split(' ')[0])).size).toBe(1);
			expect(await countRows('calls', id)).toBe(1);
			expect(await house.credit(id)).toMatchObject({ held: 3, live: 1 });
		}
	);

	it('given a call of an earlier day, when its key comes again with a new call in the batch, then both days are right', async () => {
		const clock = new TestClock();
		const later = await House.open({ databaseUrl: house.databaseUrl, clock, providers: {} });
		try {
			const { id } = await later.createTenant({ minutes: 30 });
			const { lane } = later.services;
			const idempotencyKey = uuid();
			const first = await later.place(id, { idempotencyKey });
			clock.advanceSeconds(5 * 86_400);
			const [again, another] = await Promise.all([
				lane.submit(placeCommand(id, { idempotencyKey })),
				lane.submit(placeCommand(id))
			]);
			expect(again).toMatchObject({ kind: 'placed', repeated: true, call: { id: first.id } });
			expect(another).toMatchObject({ kind: 'placed', repeated: false });
			const days = await later.sql`
				select total from call_stats_daily where organization_id = ${id} order by day`;
			expect(days).toEqual([{ total: 1 }, { total: 1 }]);
		} finally {
			await later.close();
		}
	});

	it('given one idempotency key in two organisations, when both place, then each has its own call', async () => {
		const first = await house.createTenant({ minutes: 3 });
		const second = await house.createTenant({ minutes: 3 });
		const idempotencyKey = uuid();
		const one = await house.place(first.id, { idempotencyKey });
		const two = await house.place(second.id, { idempotencyKey });
		expect(one.id).not.toBe(two.id);
	});

	it('given an allocation id, when it is granted ten times from two processes, then it counts once', async () => {
		const { id } = await house.createTenant();
		const allocationId = uuid();
		const results = await Promise.all(
			Array.from({ length: 10 }, (_, index) =>
				inTurn(processes, index).lane.submit({
					kind: 'allocate',
					allocationId,
					organizationId: id,
					minutes: 50,
					reason: 'once',
					priority: 100,
					expiresAtMs: null,
					actor: { kind: 'command_line' }
				})
			)
		);
		const repeats = results.map((result) => result.kind === 'allocated' && result.repeated);
		expect(repeats.filter((isRepeat) => !isRepeat)).toHaveLength(1);
		expect(await house.credit(id)).toMatchObject({ total: 50 });
		expect(await countRows('call_minutes_allocation_history', id)).toBe(1);
	});
});
