/** What a call through a provider that signs nothing comes to, whatever that provider does on the way. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallView } from '$lib/views';
import { newNumber, type Tenant } from '../support/house';
import { SandboxHouse, STANDING } from '../support/house-sandbox';

const AGENT_PHONE = '+919812345677';
const HELD_MINUTES = 3;
let room: SandboxHouse;
let tenant: Tenant;

beforeAll(async () => {
	// Generous: a slow machine must not look like a provider that does not answer.
	room = await SandboxHouse.open({ timeoutSeconds: 5 });
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

function deliveriesOf(callId: string) {
	return room.house.sql`
		select state, note, repeats, event->>'rawStatus' as raw from deliveries
		where call_id = ${callId} order by received_at, id`;
}

describe.each(['exotel', 'bolna'] as const)('a call through %s', (provider) => {
	const dial = (suffix: string, to?: string): Promise<CallView> =>
		room.dial(tenant, suffix, to, { provider, agentPhone: AGENT_PHONE });
	const addFault = (faults: Parameters<typeof room.sandbox.control.context.faults.add>[0]) =>
		room.sandbox.control.context.faults.add({ provider, ...faults });

	it.each([
		['59', 59, 1],
		['60', 60, 1],
		['61', 61, 2],
		['80', 180, 3]
	])(
		'given a number ending in %s, when it is talked to the end, then %i s are read and %i minutes charged',
		async (suffix, duration, minutes) => {
			const call = await dial(suffix);
			expect(await room.untilEnded(call.id)).toMatchObject({
				provider,
				status: 'completed',
				end_reason: null,
				submit_state: 'accepted',
				duration,
				billed_minutes: minutes
			});
			expect(await creditOf(tenant)).toMatchObject({ used: minutes, held: 0, live: 0 });
			const steps = await room.house.sql`
				select status from call_status_events where call_id = ${call.id} and effect = 'advanced'
				order by id`;
			expect(steps.map(({ status }) => status)).toContain('in_progress');
			const states = (await deliveriesOf(call.id)).map(({ state }) => state);
			expect(new Set(states)).toEqual(new Set(['applied']));
		}
	);

	it.each([
		['10', 'failed', /^busy$/],
		['11', 'failed', /^no_answer$/],
		['12', 'failed', /^provider_error/],
		['13', 'cancelled', /^cancelled$/]
	])(
		'given a number ending in %s, when nobody talks, then it is %s and nothing is charged',
		async (suffix, status, endReason) => {
			const call = await dial(suffix);
			expect(await room.untilEnded(call.id)).toMatchObject({
				status,
				end_reason: expect.stringMatching(endReason),
				duration: 0,
				billed_minutes: 0
			});
			expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
		}
	);

	it('given a lost final callback (94), when the sweeper asks, then it is settled once', async () => {
		const call = await dial('94');
		const row = await room.until(call.id, ({ status }) => status === 'in_progress');
		room.finish(String(row.provider_call_id), 30);
		await Promise.all([room.sweep(), room.sweep(), room.sweep()]);
		expect(await room.house.callRow(call.id)).toMatchObject({ duration: 30, billed_minutes: 1 });
		expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, live: 0 });
	});

	it('given every callback thirty times, when all have come, then each counts once', async () => {
		addFault({ duplicate: 29, next: 1 });
		const call = await dial('61');
		const { provider_call_id: id } = await room.untilEnded(call.id);
		const kinds = (await deliveriesOf(call.id)).length;
		const received = await room.callbacksOf(String(id), kinds * 30);
		expect(new Set(received.map(({ answer }) => answer.status))).toEqual(new Set([200]));
		expect(await creditOf(tenant)).toMatchObject({ used: 2, held: 0, live: 0 });
		const charges = await room.house.sql`
			select minutes_consumed from call_minutes_usage_log where call_id = ${call.id}`;
		expect(charges).toEqual([{ minutes_consumed: 2 }]);
		const repeats = (await deliveriesOf(call.id)).map((row) => Number(row.repeats));
		expect(repeats.reduce((sum, count) => sum + count, 0)).toBe(received.length - repeats.length);
	});

	it('given callbacks in reverse order (96), when all have come, then it ended as it did', async () => {
		const call = await dial('96');
		const row = await room.untilEnded(call.id);
		expect(row).toMatchObject({ status: 'completed', duration: 30, billed_minutes: 1 });
		await room.callbacksOf(String(row.provider_call_id), 3);
		expect(await room.house.callRow(call.id)).toMatchObject({ status: 'completed', duration: 30 });
		expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, live: 0 });
	});

	it('given the whole call before its create is answered (97), when the answer comes, then it is settled', async () => {
		const call = await dial('97');
		expect(await room.untilEnded(call.id)).toMatchObject({ duration: 30, billed_minutes: 1 });
		expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, live: 0 });
	});

	it('given a nonsense final callback (98), when it comes, then it ends nothing, and REST decides', async () => {
		const call = await dial('98');
		const row = await room.until(call.id, ({ status }) => status === 'in_progress');
		room.finish(String(row.provider_call_id), 42);
		const isNonsense = async () =>
			(await deliveriesOf(call.id)).some(({ raw }) => raw === 'exploded');
		await expect.poll(isNonsense, { timeout: 30_000 }).toBe(true);
		expect(await room.house.callRow(call.id)).toMatchObject({ status: 'in_progress' });
		expect(await room.sweep()).toMatchObject({ ended: 1 });
		expect(await room.house.callRow(call.id)).toMatchObject({ duration: 42, billed_minutes: 1 });
	});

	it('given a refused create (90), when it is dialled, then the agent is told and nothing is held', async () => {
		await expect(dial('90')).rejects.toMatchObject({
			code: 'provider_failed',
			message: expect.stringMatching(/^The call was not placed\. \w+ refused it: ./)
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});

	it('given a create answered 500 (91), when the listing delay is over, then the hold goes back', async () => {
		const call = await dial('91');
		expect(await room.house.callRow(call.id)).toMatchObject({ submit_state: 'unknown' });
		expect(await room.sweep()).toMatchObject({ asked: 1, ended: 0 });
		expect(await creditOf(tenant)).toMatchObject({ held: HELD_MINUTES, live: 1 });
		expect(await room.sweep(61)).toMatchObject({ asked: 1, ended: 1 });
		expect(await room.house.callRow(call.id)).toMatchObject({ end_reason: 'never_placed' });
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});

	it('given an ambiguous create whose callbacks are lost, when the sweeper lists, then it is found and settled once', async () => {
		addFault({ ambiguousCreate: true, dropAll: true, next: 1 });
		room.sandbox.control.context.clock.setSpeed(STANDING);
		const call = await dial('61');
		expect(await room.house.callRow(call.id)).toMatchObject({
			submit_state: 'unknown',
			provider_call_id: null
		});
		await room.sweep();
		const { provider_call_id: id } = await room.house.callRow(call.id);
		expect(id).toEqual(expect.any(String));
		room.finish(String(id), 61);
		await Promise.all([room.sweep(), room.sweep(61)]);
		expect(await room.house.callRow(call.id)).toMatchObject({ duration: 61, billed_minutes: 2 });
		expect(await creditOf(tenant)).toMatchObject({ used: 2, held: 0, live: 0 });
	});

	it('given an ambiguous create, when its callbacks come, then they settle it', async () => {
		addFault({ ambiguousCreate: true, next: 1 });
		const call = await dial('61');
		expect(await room.untilEnded(call.id)).toMatchObject({ duration: 61, billed_minutes: 2 });
		expect(await creditOf(tenant)).toMatchObject({ used: 2, held: 0, live: 0 });
	});

	it('given another organisation calling the same number, when our create was never placed, then its call is not taken for ours', async () => {
		const to = newNumber('61');
		addFault({ createStatus: 500, next: 1 });
		const lost = await dial('61', to);
		const other = await room.house.createTenant({ minutes: 10 });
		const theirs = await room.dial(other, '61', to, { provider, agentPhone: AGENT_PHONE });
		await room.untilEnded(theirs.id);
		await room.sweep(61);
		expect(await creditOf(other)).toMatchObject({ used: 2, held: 0, live: 0 });
		expect(await room.house.callRow(lost.id)).toMatchObject({ end_reason: 'never_placed' });
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});

	it('given a price that comes late, when the call is asked about and billed, then the charge is right before and the cost is there after', async () => {
		addFault({ latePriceSeconds: 4_000, next: 1 });
		const call = await dial('61');
		const row = await room.untilEnded(call.id);
		expect(row).toMatchObject({ duration: 61, billed_minutes: 2 });
		const costNow = async () => {
			const finding = await room.findCall(provider, String(row.provider_call_id));
			return finding.kind === 'event' ? finding.event.facts.cost : finding;
		};
		await expect.poll(costNow, { timeout: 30_000 }).toMatchObject({
			amount: expect.stringMatching(/^\d+(\.\d+)?$/),
			currency: provider === 'exotel' ? 'INR' : 'USD'
		});
		const bill = await room.billOf(provider);
		expect(bill.filter((one) => one.providerCallId === row.provider_call_id)).toMatchObject([
			{ callId: provider === 'bolna' ? call.id : null, status: 'completed', talkSeconds: 61 }
		]);
	});

	it('given a bill of several pages that repeat rows, when it is read, then every call is on it', async () => {
		addFault({ repeatRows: true });
		const calls = [];
		for (let count = 0; count < (provider === 'bolna' ? 52 : 101); count++) {
			calls.push(await placeAtProvider(provider));
		}
		const ids = (await room.billOf(provider)).map((row) => row.providerCallId);
		expect(ids.length).toBeGreaterThan(calls.length);
		expect(new Set(ids)).toEqual(new Set(calls));
	});
});

/** Straight at the provider: how many calls a bill has is no matter of ours. */
async function placeAtProvider(provider: 'exotel' | 'bolna'): Promise<string> {
	const adapter = room.house.services.providers[provider];
	const outcome = await adapter?.createCall({
		callId: '',
		from: adapter.fromNumber,
		to: newNumber('05'),
		agentPhone: AGENT_PHONE,
		timeLimitSeconds: 60,
		isRecorded: false,
		detectsMachine: false
	});
	if (outcome?.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
	return outcome.providerCallId;
}
