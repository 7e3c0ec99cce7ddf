import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { meterCalls } from '$lib/server/calls/meter-calls';
import { placeCall } from '$lib/server/calls/place-call';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import { setProviders } from '$lib/server/organizations/set-providers';
import { House, newNumber, newSid } from '../support/house';
import { completedForm, post, statusForm } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

let house: House;
const twilio = new RecordingProvider();
const exotel = new RecordingProvider('exotel', '+918045678901');
beforeAll(async () => {
	house = await House.open({ providers: { twilio, exotel } });
});
afterEach(() => {
	vi.restoreAllMocks();
	return house.expectBooksToBalance();
});
afterAll(() => house.close());

function sweep() {
	return sweepCalls({ ctx: house.commandLine(), input: { everyLiveCall: false } });
}

describe('supervision', () => {
	it('given a create without an answer, when its first callback comes while the provider lists in vain, then its talk is charged', async () => {
		const { id } = await house.createTenant({ minutes: 30 });
		const { id: callId } = await house.place(id);
		await house.services.lane.submit({
			kind: 'close_submit',
			callId,
			outcome: 'unknown',
			endReason: 'unknown'
		});
		house.clock.advanceSeconds(61);
		const sid = newSid();
		vi.spyOn(twilio, 'findCall').mockImplementation(async () => {
			const form = { sid, status: 'in-progress', sequence: 2, atMs: house.clock.read() };
			await post(house.services, statusForm(form), { callId });
			return { kind: 'never_existed' };
		});
		expect(await sweep()).toMatchObject({ asked: 1, ended: 0 });
		const endsAtMs = house.clock.read() + 170_000;
		await post(house.services, completedForm(sid, endsAtMs, '170'), { callId });
		expect(await house.callRow(callId)).toMatchObject({ status: 'completed', billed_minutes: 3 });
		expect(await house.credit(id)).toMatchObject({ used: 3, held: 0 });
	});

	it.each([
		['a moment after it moved to its second provider', 8, 'completed'],
		['long after', 70, 'failed']
	] as const)(
		'given a create under way, when the sweeper finds nothing %s, then the call is charged or hung up',
		async (_when, seconds, status) => {
			const admin = await house.createPerson('super_admin');
			const { id, agent } = await house.createTenant({ minutes: 30 });
			const order = ['exotel' as const, 'twilio' as const];
			await setProviders({ ctx: house.as(admin), input: { organizationId: id, order } });
			exotel.answer = () => {
				house.clock.advanceSeconds(55);
				return { kind: 'refused', endReason: 'provider_busy', message: 'busy' };
			};
			const sid = newSid();
			twilio.answer = async () => {
				house.clock.advanceSeconds(seconds);
				await sweepCalls({ ctx: house.commandLine(), input: { everyLiveCall: true } });
				return { kind: 'accepted', providerCallId: sid };
			};
			const view = await placeCall({ ctx: house.as(agent), input: { to: newNumber() } });
			twilio.answer = () => ({ kind: 'accepted', providerCallId: newSid() });
			const callId = view.placed ? view.call.id : '';
			const isLive = status === 'completed';
			if (isLive)
				await post(house.services, completedForm(sid, house.clock.read(), '100'), { callId });
			expect(await house.callRow(callId)).toMatchObject({ status });
			expect(await house.credit(id)).toMatchObject({ used: isLive ? 2 : 0, held: 0, live: 0 });
			expect(twilio.hungUp.includes(sid)).toBe(!isLive);
		}
	);

	it('given a call that the meter cannot look at, when others are due, then they are cut all the same', async () => {
		const { id } = await house.createTenant({ minutes: 2 });
		const [poisoned, other] = [await house.placeBound(id), await house.placeBound(id)];
		const startedAtMs = house.clock.read();
		for (const { callId, sid } of [poisoned, other]) {
			const form = { sid, status: 'in-progress', sequence: 2, atMs: startedAtMs };
			await post(house.services, statusForm(form), { callId });
		}
		const submit = house.services.lane.submit.bind(house.services.lane);
		vi.spyOn(house.services.lane, 'submit').mockImplementation((command) => {
			const isPoisoned = command.kind === 'meter_call' && command.callId === poisoned.callId;
			return isPoisoned ? Promise.reject(new Error('unreadable')) : submit(command);
		});
		const before = twilio.hungUp.length;
		house.clock.advanceSeconds(60);
		expect(await meterCalls({ ctx: house.commandLine() })).toEqual({ looked: 2, cut: 1 });
		expect(twilio.hungUp.slice(before)).toEqual([other.sid]);
		vi.restoreAllMocks();
		for (const { callId, sid } of [poisoned, other]) {
			await post(house.services, completedForm(sid, house.clock.read(), '60'), { callId });
		}
	});

	it('given a call that cannot be booked, when it is swept with others, then the others are settled, and it is asked about later', async () => {
		const { id } = await house.createTenant({ minutes: 60 });
		const calls = await Promise.all(Array.from({ length: 12 }, () => house.placeBound(id)));
		for (const { callId, sid } of calls) {
			twilio.truths.set(callId, twilio.eventOf(sid, callId, 'completed', 100));
		}
		const [poisoned] = calls;
		if (!poisoned) throw new Error('Nothing was placed.');
		const [hold] =
			await house.sql`select parts from credit_holds where call_id = ${poisoned.callId}`;
		const unread = [{ allocationId: '0190a6f0-7c1e-7cc3-98c4-dc0c0c07398f', minutes: 3 }];
		const setParts = (parts: unknown) => house.sql`
			update credit_holds set parts = ${JSON.stringify(parts)}::text::jsonb where call_id = ${poisoned.callId}`;
		await setParts(unread);
		house.clock.advanceSeconds(60);
		expect(await sweep()).toMatchObject({ asked: 12, ended: 11 });
		expect(await house.credit(id)).toMatchObject({ used: 22, live: 1 });
		expect(await sweep()).toMatchObject({ asked: 0 });
		await setParts(hold?.parts);
		house.clock.advanceSeconds(60);
		expect(await sweep()).toMatchObject({ asked: 1, ended: 1 });
		expect(await house.credit(id)).toMatchObject({ used: 24, held: 0, live: 0 });
	});
});
