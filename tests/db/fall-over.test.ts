import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addCallerId } from '$lib/server/caller-ids/add-caller-id';
import { listCallerIds } from '$lib/server/caller-ids/list-caller-ids';
import { removeCallerId } from '$lib/server/caller-ids/remove-caller-id';
import { listProviderHealth } from '$lib/server/calls/list-provider-health';
import { placeCall } from '$lib/server/calls/place-call';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import type { Person } from '$lib/server/context';
import { setProviders } from '$lib/server/organizations/set-providers';
import type { CreateCallOutcome } from '$lib/server/providers/types';
import { setActive } from '$lib/server/organizations/set-active';
import { House, newNumber, newSid, type Tenant } from '../support/house';
import { RecordingProvider } from '../support/house-provider';

const EXOTEL_NUMBER = '+918045678901';
let house: House;
let admin: Person;
let tenant: Tenant;
let twilio: RecordingProvider;
let exotel: RecordingProvider;

const accepted = (): CreateCallOutcome => ({ kind: 'accepted', providerCallId: newSid() });
const refused = (endReason: string): CreateCallOutcome => ({
	kind: 'refused',
	endReason,
	message: `The call was not placed. ${endReason}.`
});
const unknown = (): CreateCallOutcome => ({ kind: 'unknown', message: 'no answer' });

beforeAll(async () => {
	twilio = new RecordingProvider('twilio');
	exotel = new RecordingProvider('exotel', EXOTEL_NUMBER);
	Object.assign(exotel.capabilities, { canHangUp: false, canExtend: false });
	house = await House.open({ providers: { twilio, exotel } });
	admin = await house.createPerson('super_admin');
});
beforeEach(async () => {
	tenant = await house.createTenant({ minutes: 30 });
	const input = { organizationId: tenant.id, order: ['twilio' as const, 'exotel' as const] };
	await setProviders({ ctx: house.as(admin), input });
	for (const provider of [twilio, exotel]) {
		provider.created.length = 0;
		provider.answer = accepted;
	}
});
afterEach(async () => {
	// A provider that was down in one test is well again in the next.
	house.clock.advanceSeconds(600);
	for (const provider of [twilio, exotel]) provider.answer = accepted;
	await dial({ provider: 'twilio' });
	await dial({ provider: 'exotel' });
	await house.expectBooksToBalance();
});
afterAll(() => house.close());

function dial(input: { provider?: 'twilio' | 'exotel'; to?: string } = {}) {
	return placeCall({ ctx: house.as(tenant.agent), input: { to: newNumber(), ...input } });
}

async function rows() {
	return house.sql`
		select provider, "from", status, end_reason, submit_state, time_limit_seconds as "limit", provider_call_id
		from calls where organization_id = ${tenant.id} order by id`;
}

describe('a provider that refuses', () => {
	it('given a fall-back, when the first refuses in a way that is its own, then one call goes through the second, with one hold', async () => {
		twilio.answer = () => refused('provider_busy');
		const view = await dial();
		expect(view).toMatchObject({ placed: true, call: { provider: 'exotel', status: 'initiated' } });
		expect([twilio.created.length, exotel.created.length]).toEqual([1, 1]);
		expect(exotel.created[0]).toMatchObject({
			callId: twilio.created[0]?.callId,
			from: EXOTEL_NUMBER,
			timeLimitSeconds: 180
		});
		expect(await rows()).toMatchObject([
			{ provider: 'exotel', from: EXOTEL_NUMBER, submit_state: 'accepted', limit: 180 }
		]);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 3, live: 1 });
	});

	it('given a fall-back, when the organisation is switched off before the first refuses, then nobody else is asked and the hold is back', async () => {
		const switchTo = (isActive: boolean) =>
			setActive({ ctx: house.commandLine(), input: { organizationId: tenant.id, isActive } });
		twilio.answer = async () => {
			await switchTo(false);
			return refused('provider_busy');
		};
		await expect(dial()).rejects.toMatchObject({ code: 'provider_failed' });
		expect(exotel.created).toHaveLength(0);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 0, live: 0 });
		await switchTo(true);
	});

	it('given a fall-back, when the number itself is refused, then nobody else is asked and the hold is back', async () => {
		twilio.answer = () => refused('invalid_number');
		await expect(dial()).rejects.toMatchObject({ code: 'provider_failed' });
		expect(exotel.created).toHaveLength(0);
		expect(await rows()).toMatchObject([{ status: 'failed', end_reason: 'invalid_number' }]);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 0, live: 0 });
	});

	it('given a fall-back, when both refuse, then the call failed once and its hold is back', async () => {
		twilio.answer = () => refused('provider_busy');
		exotel.answer = () => refused('caller_id_refused');
		await expect(dial()).rejects.toMatchObject({
			code: 'provider_failed',
			message: expect.stringMatching(/caller_id_refused/)
		});
		expect(await rows()).toMatchObject([
			{ provider: 'exotel', status: 'failed', end_reason: 'caller_id_refused' }
		]);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 0, live: 0 });
	});

	it('given a fall-back, when the provider was named and refuses, then nobody else is asked', async () => {
		twilio.answer = () => refused('provider_busy');
		await expect(dial({ provider: 'twilio' })).rejects.toMatchObject({ code: 'provider_failed' });
		expect(exotel.created).toHaveLength(0);
	});

	it('given a fall-back, when the first gives no clear answer, then nobody else is asked and the hold stays until the sweeper knows', async () => {
		twilio.answer = unknown;
		expect(await dial()).toMatchObject({ placed: true, call: { provider: 'twilio' } });
		expect(exotel.created).toHaveLength(0);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 3, live: 1 });
		house.clock.advanceSeconds(60);
		const ctx = house.context({ kind: 'job' });
		await sweepCalls({ ctx, input: { everyLiveCall: true } });
		expect(await rows()).toMatchObject([{ status: 'failed', end_reason: 'never_placed' }]);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 0, live: 0 });
	});
});

describe('a provider that stops answering', () => {
	async function killTwilio(): Promise<void> {
		twilio.answer = unknown;
		for (let call = 0; call < 5; call++) await dial({ provider: 'twilio' });
		twilio.created.length = 0;
	}

	it('given no fall-back, when it was silent five times, then a call is refused with a sentence before anything is held', async () => {
		await killTwilio();
		const before = await house.fingerprint();
		await expect(dial({ provider: 'twilio' })).rejects.toMatchObject({
			code: 'provider_unavailable',
			message:
				'The call was not placed. Twilio does not answer right now, so no calls go through it. Try again in a moment, or choose another provider.'
		});
		expect(twilio.created).toHaveLength(0);
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given a fall-back, when it was silent five times, then calls go through the second at once', async () => {
		await killTwilio();
		expect(await dial()).toMatchObject({ placed: true, call: { provider: 'exotel' } });
		expect(twilio.created).toHaveLength(0);
	});

	it('given it is well again, when half a minute has passed, then one call tries it, and the next ones follow', async () => {
		await killTwilio();
		twilio.answer = accepted;
		house.clock.advanceSeconds(31);
		const tries = await Promise.all([dial(), dial(), dial()]);
		expect(tries.every((view) => view.placed)).toBe(true);
		expect(await dial()).toMatchObject({ placed: true, call: { provider: 'twilio' } });
		const [health] = await listProviderHealth({ ctx: house.as(admin) });
		expect(health).toMatchObject({ provider: 'twilio', state: 'closed', refusal: null });
	});

	it('given a super admin, when it is down, then its health says so, since when and what the last hour left', async () => {
		const [before] = await listProviderHealth({ ctx: house.as(admin) });
		await killTwilio();
		const health = await listProviderHealth({ ctx: house.as(admin) });
		expect(health).toMatchObject([
			{
				provider: 'twilio',
				state: 'open',
				refusal: expect.stringMatching(/does not answer right now/),
				failuresInARow: 5,
				lastFailureAt: expect.any(String),
				nextTryAt: expect.any(String),
				lastHour: { unclear: (before?.lastHour.unclear ?? 0) + 5 }
			},
			{ provider: 'exotel', state: 'closed', refusal: null }
		]);
	});
});

describe('a provider that takes few calls a second', () => {
	it('given more calls than its queue may hold, when they are dialled, then the last are refused before anything is held', async () => {
		const slow = new RecordingProvider('twilio');
		Object.assign(slow.capabilities, { callsPerSecond: 0.05 });
		const other = await House.open({ databaseUrl: house.databaseUrl, providers: { twilio: slow } });
		try {
			const ctx = other.as(tenant.agent);
			await placeCall({ ctx, input: { to: newNumber(), provider: 'twilio' } });
			const before = await house.fingerprint();
			await expect(
				placeCall({ ctx, input: { to: newNumber(), provider: 'twilio' } })
			).rejects.toMatchObject({
				code: 'provider_unavailable',
				message: expect.stringMatching(/0\.05 calls a second, and too many wait already/)
			});
			expect(slow.created).toHaveLength(1);
			expect(await house.fingerprint()).toEqual(before);
		} finally {
			await other.close();
		}
	});
});

describe('the number pool', () => {
	const add = (number: string, organizationId?: number) =>
		addCallerId({ ctx: house.as(admin), input: { provider: 'twilio', number, organizationId } });

	it('given numbers of ours, of all and of another, when leads are called, then the right one is shown, and after removal the next', async () => {
		const other = await house.createTenant();
		await add('+12025550143', other.id);
		const shared = await add('+12025550142');
		const own = await add('+12025550141', tenant.id);
		await dial();
		expect(twilio.created.at(-1)?.from).toBe('+12025550141');
		await removeCallerId({ ctx: house.as(admin), input: { callerIdId: own.id } });
		await dial();
		expect(twilio.created.at(-1)?.from).toBe('+12025550142');
		await removeCallerId({ ctx: house.as(admin), input: { callerIdId: shared.id } });
		await dial();
		expect(twilio.created.at(-1)?.from).toBe(twilio.fromNumber);
		const listed = await listCallerIds({ ctx: house.as(admin) });
		expect(listed.map(({ number }) => number)).toEqual(['+12025550143']);
		const audited = await house.sql`
			select action from audit_log where action like 'caller_id.%' order by id`;
		expect(audited.map(({ action }) => action)).toEqual([
			...Array<string>(3).fill('caller_id.add'),
			...Array<string>(2).fill('caller_id.remove')
		]);
	});

	it('given a number that is none, is there already, or is of no organisation, when it is added, then it is refused', async () => {
		await add('+12025550151', tenant.id);
		await expect(add('+12025550151', tenant.id)).rejects.toMatchObject({ code: 'conflict' });
		await expect(add('hello')).rejects.toMatchObject({ code: 'invalid' });
		await expect(add('+12025550152', 2_147_483_000)).rejects.toMatchObject({ code: 'not_found' });
	});

	it('given an order with a provider that is not set up, when it is set, then it is refused and the order stays', async () => {
		const input = { organizationId: tenant.id, order: ['bolna' as const] };
		await expect(setProviders({ ctx: house.as(admin), input })).rejects.toMatchObject({
			code: 'invalid',
			fields: { order: expect.any(String) }
		});
		await dial();
		expect(twilio.created).toHaveLength(1);
	});
});
