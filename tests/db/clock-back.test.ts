/**
 * The app's clock is two hours back all of a sudden, as after a wrong time server: calls under way and calls
 * placed meanwhile are charged what they lasted, nothing is refused or thrown, and when the clock is right
 * again nothing is done twice.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { meterCalls } from '$lib/server/calls/meter-calls';
import { placeCall } from '$lib/server/calls/place-call';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import { retryDeliveries } from '$lib/server/deliveries/retry-deliveries';
import { expireAllocations } from '$lib/server/minutes/expire-allocations';
import { House, newNumber, newSid } from '../support/house';
import { completedForm, post, storyOf } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

const BACK_SECONDS = 2 * 3_600;
let house: House;
let provider: RecordingProvider;

beforeAll(async () => {
	provider = new RecordingProvider();
	house = await House.open({ providers: { twilio: provider } });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

/** Everything that the worker does by the clock. */
async function work(): Promise<void> {
	const ctx = house.context({ kind: 'job' });
	await sweepCalls({ ctx, input: { everyLiveCall: false } });
	await meterCalls({ ctx });
	await expireAllocations({ ctx });
	await retryDeliveries({ ctx });
}

async function tell(sid: string, placedAtMs: number, talkSeconds: number): Promise<void> {
	for (const form of storyOf(sid, placedAtMs, talkSeconds)) {
		expect((await post(house.services, form)).body).toBe('applied');
	}
}

it('given a call under way, when the clock goes two hours back, then it is charged what it lasted, and once', async () => {
	const tenant = await house.createTenant({ minutes: 100 });
	const { callId, sid } = await house.placeBound(tenant.id);
	const placedAtMs = house.clock.read();
	const [initiated, ringing, answered] = storyOf(sid, placedAtMs, 0);
	for (const form of [initiated, ringing, answered]) {
		if (form) await post(house.services, form);
	}
	house.clock.advanceSeconds(60 - BACK_SECONDS);
	await work();
	expect(await house.callRow(callId)).toMatchObject({ status: 'in_progress' });
	// Twilio's clock is right: what it says lies in our future.
	const final = completedForm(sid, placedAtMs + 400_000, '390');
	expect((await post(house.services, final)).body).toBe('applied');
	expect(await house.callRow(callId)).toMatchObject({
		status: 'completed',
		duration: 390,
		billed_minutes: 7
	});
	expect(await house.credit(tenant.id)).toMatchObject({ used: 7, held: 0, live: 0, debt: 0 });

	house.clock.advanceSeconds(BACK_SECONDS);
	expect((await post(house.services, final)).body).toBe('duplicate');
	await work();
	expect(await house.credit(tenant.id)).toMatchObject({ used: 7, held: 0, live: 0, debt: 0 });
});

it('given a clock two hours back, when calls are placed and told of, then they settle, from minutes and from the wallet', async () => {
	const [talker, payer] = [
		await house.createTenant({ minutes: 10 }),
		await house.createTenant({ dollars: '5', mode: 'wallet' })
	];
	await house.placeBound(talker.id).then(({ sid }) => tell(sid, house.clock.read(), 61));
	house.clock.advanceSeconds(-BACK_SECONDS);
	const sids = new Map<string, string>();
	provider.answer = ({ to }) => {
		const sid = newSid();
		sids.set(to, sid);
		return { kind: 'accepted', providerCallId: sid };
	};
	for (const { agent } of [talker, payer]) {
		const to = newNumber();
		const placed = await placeCall({ ctx: house.as(agent), input: { to } });
		expect(placed.placed).toBe(true);
		// The phone company's clock is two hours ahead of ours.
		await tell(sids.get(to) ?? '', house.clock.read() + BACK_SECONDS * 1_000, 119);
		await work();
	}
	expect(await house.credit(talker.id)).toMatchObject({ used: 4, held: 0, live: 0 });
	expect(await house.wallet(payer.id)).toMatchObject({ balance: '4.8', held: '0', debt: '0' });
	house.clock.advanceSeconds(BACK_SECONDS);
	await work();
	expect(await house.credit(talker.id)).toMatchObject({ used: 4, held: 0, live: 0 });
});

it('given a call nobody hears of, when the clock goes back and is set right, then it is asked about and settled once', async () => {
	const tenant = await house.createTenant({ minutes: 10 });
	const { callId, sid } = await house.placeBound(tenant.id);
	provider.truths.set(callId, provider.eventOf(sid, callId, 'completed', 61));
	house.clock.advanceSeconds(-BACK_SECONDS);
	await work();
	expect(await house.credit(tenant.id)).toMatchObject({ used: 0, held: 3, live: 1 });
	house.clock.advanceSeconds(BACK_SECONDS + 60);
	await work();
	await work();
	expect(await house.credit(tenant.id)).toMatchObject({ used: 2, held: 0, live: 0 });
});
