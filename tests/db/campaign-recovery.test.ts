import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { House, newSid, TestClock, type Tenant } from '../support/house';
import { Campaigns } from '../support/house-campaigns';
import { RecordingProvider } from '../support/house-provider';

/** Noon in San Francisco, where the leads are. */
const NOON_MS = Date.parse('2026-11-21T20:00:00Z');

let house: House;
let provider: RecordingProvider;
let campaigns: Campaigns;
let tenant: Tenant;

beforeAll(async () => {
	provider = new RecordingProvider();
	const clock = new TestClock(() => NOON_MS);
	house = await House.open({ clock, providers: { twilio: provider } });
	campaigns = new Campaigns(house, provider);
});
beforeEach(async () => {
	house.clock.advanceSeconds((NOON_MS - house.clock.read()) / 1_000);
	provider.answer = () => ({ kind: 'accepted', providerCallId: newSid() });
	provider.created.splice(0);
	tenant = await house.createTenant({ minutes: 1_000 });
});
afterEach(async () => {
	await house.expectBooksToBalance();
	// What a test left running is no business of the next one.
	await house.sql`update campaigns set status = 'stopped', pause_cause = null`;
});
afterAll(() => house.close());

describe('given a worker that dies', () => {
	it('when it claimed and never dialled, then another takes the claims up, and each lead is called once', async () => {
		const leads = await campaigns.leads(tenant, 6);
		const id = await campaigns.start(tenant, leads, { concurrency: 6 });
		const dying = await house.openServices();
		dying.lane.submit = () => Promise.reject(new Error('the process is gone'));
		await campaigns.look(dying);
		expect((await campaigns.progress(tenant, id)).counts).toMatchObject({ calling: 6 });
		await campaigns.look();
		expect(provider.created).toHaveLength(0);
		house.clock.advanceSeconds(31);
		const done = await campaigns.runToEnd(tenant, id);
		expect(done.counts.answered).toBe(6);
		expect(provider.created.length).toBe(6);
	});

	it('when it placed and never heard the answer, then the claim is not dialled a second time', async () => {
		const leads = await campaigns.leads(tenant, 4);
		const id = await campaigns.start(tenant, leads, { concurrency: 4 });
		const dying = await house.openServices();
		const place = dying.lane.submit.bind(dying.lane);
		dying.lane.submit = (async (command: Parameters<typeof place>[0]) => {
			await place(command);
			throw new Error('the process is gone');
		}) as typeof dying.lane.submit;
		await campaigns.look(dying);
		expect(provider.created).toHaveLength(0);
		house.clock.advanceSeconds(31);
		await campaigns.look();
		expect(provider.created).toHaveLength(0);
		// The sweeper asks the provider, which never heard of them.
		house.clock.advanceSeconds(60);
		const held = await house.sql`select id from calls where organization_id = ${tenant.id}`;
		expect(held).toHaveLength(4);
		for (const { id: callId } of held) {
			const finding = { kind: 'never_existed' as const };
			await house.services.lane.submit({
				kind: 'apply_sweep',
				callId,
				asked: { provider: 'twilio', providerCallId: null },
				finding
			});
		}
		await campaigns.look();
		expect((await campaigns.progress(tenant, id)).counts.waiting).toBe(4);
		house.clock.advanceSeconds(61);
		const done = await campaigns.runToEnd(tenant, id);
		expect(done.counts.answered).toBe(4);
		expect(done.attempts).toBe(4);
		expect(provider.created.length).toBe(4);
	});
});

describe('given a provider in trouble', () => {
	it('when it places nothing, then the campaign pauses, tries one call at a time, and goes on', async () => {
		const id = await campaigns.start(tenant, await campaigns.leads(tenant, 8), { concurrency: 3 });
		const message = 'The call was not placed. The caller id is not ours.';
		provider.answer = () => ({ kind: 'refused', endReason: 'caller_id_refused', message });
		await campaigns.look();
		await campaigns.look();
		expect(await campaigns.progress(tenant, id)).toMatchObject({
			status: 'paused',
			pauseCause: 'provider',
			counts: { waiting: 8, calling: 0 },
			attempts: 0
		});
		expect(provider.created.length).toBe(3);
		house.clock.advanceSeconds(61);
		await campaigns.look();
		expect(provider.created.length).toBe(4);
		provider.answer = () => ({ kind: 'accepted', providerCallId: newSid() });
		await campaigns.look();
		house.clock.advanceSeconds(121);
		const done = await campaigns.runToEnd(tenant, id);
		expect(done.counts.answered).toBe(8);
	});
});
