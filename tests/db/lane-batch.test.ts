import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ApplyDelivery, Command } from '$lib/domain/lane/commands';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import { readStatusCallback } from '$lib/server/providers/twilio/read';
import { bindCommand, House, newNumber, newSid, placeCommand } from '../support/house';
import { completedForm, post, storyOf, type Form } from '../support/house-callbacks';
import { inTurn, openProcesses, tally } from '../support/house-lanes';

const POISON_SID = 'CApoison';
const POISON_NUMBER = '+14155559999';
let house: House;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	await house.sql.unsafe(`
		alter table calls add constraint no_poison_sid check (provider_call_id is distinct from '${POISON_SID}');
		alter table calls add constraint no_poison_number check ("to" <> '${POISON_NUMBER}')`);
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

function deliveryOf(form: Form, callId: string | null): ApplyDelivery {
	const read = readStatusCallback(form, callId);
	if (!read) throw new Error('The form names no call.');
	return { kind: 'apply_delivery', deliveryId: uuid(), body: form, ...read };
}

function allocateCommand(organizationId: number, minutes: number): Command {
	return {
		kind: 'allocate',
		allocationId: uuid(),
		organizationId,
		minutes,
		reason: 'for a test',
		priority: 100,
		expiresAtMs: null,
		actor: { kind: 'command_line' }
	};
}

async function findDelivery(deliveryId: string) {
	const [row] =
		await house.sql`select state, note, call_id from deliveries where id = ${deliveryId}`;
	return row;
}

describe('a batch with a poison command', () => {
	it('given a delivery the database refuses, when its batch runs, then the others succeed and it is kept as failed with the reason', async () => {
		const { id } = await house.createTenant({ minutes: 100 });
		const healthy = await house.placeBound(id);
		const unbound = await house.place(id);
		const now = house.clock.read();
		const poison = deliveryOf(completedForm(POISON_SID, now + 61_000, '61'), unbound.id);
		const { lane } = house.services;
		const [allocated, placed, failed, applied] = await Promise.all([
			lane.submit(allocateCommand(id, 7)),
			lane.submit(placeCommand(id)),
			lane.submit(poison),
			lane.submit(deliveryOf(completedForm(healthy.sid, now + 61_000, '61'), healthy.callId))
		]);
		expect([allocated.kind, placed.kind, failed.kind, applied.kind]).toEqual([
			'allocated',
			'placed',
			'failed',
			'applied'
		]);
		const kept = await findDelivery(poison.deliveryId);
		expect(kept).toMatchObject({ state: 'failed' });
		expect(kept?.note).toMatch(/no_poison_sid/);
		expect(await house.callRow(unbound.id)).toMatchObject({ status: 'initiated' });
		expect(await house.credit(id)).toMatchObject({ total: 107, used: 2, live: 2 });
	});

	it('given a delivery kept as failed, when it comes again, then it is a repeat and still stored once', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const call = await house.place(id);
		const form = { ...completedForm(POISON_SID, house.clock.read(), '1'), SequenceNumber: '9' };
		expect(await post(house.services, form, { callId: call.id })).toEqual({
			status: 200,
			body: 'failed'
		});
		expect(await post(house.services, form, { callId: call.id })).toEqual({
			status: 200,
			body: 'duplicate'
		});
		const rows = await house.sql`
			select repeats from deliveries where provider_call_id = ${POISON_SID} and dedupe_key like '%:9:%'`;
		expect(rows).toEqual([{ repeats: 1 }]);
	});

	it('given a call the database refuses, when its batch runs, then only its caller hears the error', async () => {
		const { id } = await house.createTenant({ minutes: 100 });
		const { lane } = house.services;
		const outcomes = await Promise.allSettled([
			lane.submit(placeCommand(id)),
			lane.submit(placeCommand(id, { to: POISON_NUMBER })),
			lane.submit(allocateCommand(id, 5)),
			lane.submit(placeCommand(id))
		]);
		expect(outcomes.map((outcome) => outcome.status)).toEqual([
			'fulfilled',
			'rejected',
			'fulfilled',
			'fulfilled'
		]);
		expect(await house.credit(id)).toMatchObject({ total: 105, held: 6, live: 2 });
	});

	it('given a decision that throws, when its batch runs, then the delivery is kept as failed and the call can still settle', async () => {
		const { id } = await house.createTenant({ minutes: 100 });
		const broken = await house.placeBound(id);
		const healthy = await house.placeBound(id);
		const now = house.clock.read();
		const [hold] = await house.sql`select parts from credit_holds where call_id = ${broken.callId}`;
		const stray = [{ allocationId: uuid(), minutes: 3 }];
		await house.sql`update credit_holds set parts = ${JSON.stringify(stray)}::text::jsonb where call_id = ${broken.callId}`;
		const poison = deliveryOf(completedForm(broken.sid, now + 61_000, '61'), broken.callId);
		const { lane } = house.services;
		const results = await Promise.all([
			lane.submit(poison),
			lane.submit(deliveryOf(completedForm(healthy.sid, now + 61_000, '61'), healthy.callId))
		]);
		expect(results.map((result) => result.kind)).toEqual(['failed', 'applied']);
		expect(await findDelivery(poison.deliveryId)).toMatchObject({
			state: 'failed',
			note: expect.stringMatching(/was not read/)
		});

		await house.sql`update credit_holds set parts = ${JSON.stringify(hold?.parts)}::text::jsonb where call_id = ${broken.callId}`;
		await lane.submit({
			kind: 'apply_sweep',
			callId: broken.callId,
			asked: { provider: 'twilio', providerCallId: null },
			finding: { kind: 'event', event: poison.event }
		});
		expect(await house.credit(id)).toMatchObject({ used: 4, held: 0, live: 0 });
	});
});

describe('large and mixed batches', () => {
	it('given three hundred commands for sixty organisations, when two processes run them in opposite orders, then each is done once', async () => {
		const processes = await openProcesses(house, 2);
		const tenants = await Promise.all(
			Array.from({ length: 60 }, () => house.createTenant({ minutes: 30 }))
		);
		const commandsOf = (order: number[]) =>
			order.flatMap((id) => [
				placeCommand(id),
				placeCommand(id),
				allocateCommand(id, 5),
				placeCommand(id),
				allocateCommand(id, 5)
			]);
		const ids = tenants.map((tenant) => tenant.id);
		const orders = [ids, [...ids].reverse()];
		const results = await Promise.all(
			orders.flatMap((order, index) =>
				commandsOf(order).map((command) => inTurn(processes, index).lane.submit(command))
			)
		);
		expect(tally(results.map((result) => result.kind))).toEqual({ placed: 360, allocated: 240 });
		for (const id of ids) {
			expect(await house.credit(id)).toMatchObject({ total: 50, held: 18, live: 6 });
		}
	});

	it('given a whole call in one batch, when it commits, then the call is settled in one transaction with one update told', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const command = placeCommand(id);
		const { callId } = command;
		const sid = newSid();
		const story = storyOf(sid, house.clock.read(), 61).map((form) => deliveryOf(form, callId));
		const [first, ...rest] = story;
		if (!first) throw new Error('The story is empty.');
		const results = await Promise.all(
			[
				command,
				first,
				bindCommand(callId, sid),
				...rest,
				deliveryOf(completedForm(sid, house.clock.read() + 71_000, '61'), callId)
			].map((one: Command) => house.services.lane.submit(one))
		);
		expect(results.map((result) => result.kind)).toEqual([
			'placed',
			'applied',
			'bound',
			'applied',
			'applied',
			'applied',
			'duplicate'
		]);
		expect(await house.callRow(callId)).toMatchObject({
			status: 'completed',
			duration: 61,
			billed_minutes: 2,
			provider_call_id: sid
		});
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0, live: 0 });
		const [told] = await house.sql`
			select count(*)::int as events, count(distinct transaction_id)::int as transactions
			from live_events where payload->>'id' = ${callId}`;
		expect(told).toEqual({ events: 1, transactions: 1 });
	});

	it('given two calls to one number in one batch around its end, when it commits, then both are placed', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const to = newNumber();
		const { callId, sid } = await house.placeBound(id, { to });
		const { lane } = house.services;
		const results = await Promise.all([
			lane.submit(placeCommand(id, { to })),
			lane.submit(deliveryOf(completedForm(sid, house.clock.read(), '0'), callId)),
			lane.submit(placeCommand(id, { to }))
		]);
		expect(results.map((result) => result.kind)).toEqual(['blocked', 'applied', 'placed']);
	});

	it('given a callback without our id in the batch that binds its call, when the sweeper runs, then it is settled once', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const call = await house.place(id);
		const sid = newSid();
		const { lane } = house.services;
		await Promise.all([
			lane.submit(deliveryOf(completedForm(sid, house.clock.read() + 1000, '61'), null)),
			lane.submit(bindCommand(call.id, sid))
		]);
		const ctx = house.context({ kind: 'job' });
		await sweepCalls({ ctx, input: { everyLiveCall: false } });
		await sweepCalls({ ctx, input: { everyLiveCall: false } });
		expect(await house.callRow(call.id)).toMatchObject({ status: 'completed', billed_minutes: 2 });
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0 });
	});
});
