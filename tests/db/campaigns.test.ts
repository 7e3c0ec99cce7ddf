import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setActive } from '$lib/server/organizations/set-active';
import { createCampaign } from '$lib/server/campaigns/create-campaign';
import { pauseCampaign } from '$lib/server/campaigns/pause-campaign';
import { resumeCampaign } from '$lib/server/campaigns/resume-campaign';
import { stopCampaign } from '$lib/server/campaigns/stop-campaign';
import { setCallingHours } from '$lib/server/campaigns/set-calling-hours';
import { CreateCampaignInput } from '$lib/inputs';
import { v7 as uuid } from 'uuid';
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

function as(who: Tenant) {
	return house.as(who.manager);
}

describe('given a campaign that runs', () => {
	it('when every lead answers, then each is called once, and it finishes with its figures', async () => {
		const leads = await campaigns.leads(tenant, 12);
		const id = await campaigns.start(tenant, leads);
		await campaigns.look();
		expect((await campaigns.progress(tenant, id)).counts).toMatchObject({ calling: 5, waiting: 7 });
		const done = await campaigns.runToEnd(tenant, id);
		expect(done).toMatchObject({
			status: 'finished',
			counts: { total: 12, answered: 12, waiting: 0, calling: 0 },
			attempts: 12,
			talkSeconds: 12 * 61,
			billedMinutes: 24
		});
		const calls = await campaigns.callsByNumber(tenant);
		expect(calls).toEqual(new Map(leads.map(({ phone }) => [phone, 1])));
		const [events] = await house.sql`select count(*)::int as told from live_events
			where organization_id = ${tenant.id} and name = 'campaign:updated'`;
		expect(events?.told).toBeGreaterThan(1);
	});

	it('when leads are not reached, then each outcome is tried again by its rule, and then given up', async () => {
		const [busy, silent, broken, away] = await campaigns.leads(tenant, 4);
		if (!busy || !silent || !broken || !away) throw new Error('no leads');
		const id = await campaigns.start(tenant, [busy, silent, broken, away], {
			attemptsMax: 2,
			busyAfterMinutes: 5,
			noAnswerAfterMinutes: 30,
			failedAfterMinutes: null
		});
		let isBusy = true;
		const ending = (to: string) => {
			if (to === busy.phone) return isBusy ? ('busy' as const) : ('completed' as const);
			if (to === silent.phone) return 'no-answer' as const;
			return to === broken.phone ? ('failed' as const) : ('completed' as const);
		};
		const rest = async (seconds: number) => {
			house.clock.advanceSeconds(seconds);
			await campaigns.look();
			await campaigns.endCalls(tenant, ending);
			await campaigns.look();
			return (await campaigns.progress(tenant, id)).counts;
		};
		expect(await rest(0)).toMatchObject({ answered: 1, unreached: 1, waiting: 2 });
		expect((await campaigns.progress(tenant, id)).standstill).toMatchObject({
			code: 'not_due',
			reason: 'retry'
		});
		isBusy = false;
		expect(await rest(299)).toMatchObject({ answered: 1, waiting: 2 });
		expect(await rest(2)).toMatchObject({ answered: 2, waiting: 1 });
		expect(await rest(1_500)).toMatchObject({ answered: 2, unreached: 2, waiting: 0 });
		expect(await campaigns.callsByNumber(tenant)).toEqual(
			new Map([
				[busy.phone, 2],
				[silent.phone, 2],
				[broken.phone, 1],
				[away.phone, 1]
			])
		);
		expect((await campaigns.progress(tenant, id)).status).toBe('finished');
	});

	it('when two campaigns of two workers have the same number, then it is called by one at a time', async () => {
		const leads = await campaigns.leads(tenant, 10);
		const other = await house.openServices();
		const ids = [await campaigns.start(tenant, leads), await campaigns.start(tenant, leads)];
		let most = 0;
		const watch = async () => {
			const [row] = await house.sql<{ most: number }[]>`
				select coalesce(max(n), 0)::int as most from (select count(*) as n from calls
				where organization_id = ${tenant.id} and ended_at is null group by "to") live`;
			most = Math.max(most, row?.most ?? 0);
		};
		for (let round = 0; round < 30; round++) {
			await Promise.all([campaigns.look(), campaigns.look(other)]);
			await watch();
			await campaigns.endCalls(tenant);
			house.clock.advanceSeconds(31);
		}
		expect(most).toBe(1);
		for (const id of ids) {
			const { status, counts } = await campaigns.progress(tenant, id);
			expect({ status, answered: counts.answered }).toEqual({ status: 'finished', answered: 10 });
		}
		const calls = await campaigns.callsByNumber(tenant);
		expect(calls).toEqual(new Map(leads.map(({ phone }) => [phone, 2])));
		expect(provider.created.length).toBe(20);
	});
});

describe('given the rules of the last moment', () => {
	it('when a lead may not be called, then none is, whatever the list said when it was made', async () => {
		const [free, forbidden, gone, asleep, often] = await campaigns.leads(tenant, 5);
		if (!free || !forbidden || !gone || !asleep || !often) throw new Error('no leads');
		const id = await campaigns.start(tenant, [free, forbidden, gone, asleep, often]);
		await house.sql`update contacts set do_not_call = true where id = ${forbidden.id}`;
		await house.sql`delete from contacts where id = ${gone.id}`;
		// Half past one at night there, and a zone half an hour off.
		await house.sql`update contacts set timezone = 'Asia/Kolkata' where id = ${asleep.id}`;
		for (let call = 0; call < 3; call++) {
			await house.placeBound(tenant.id, { to: often.phone });
			await campaigns.endCalls(tenant);
		}
		await campaigns.look();
		const rows =
			await house.sql`select phone, state, reason from campaign_leads where campaign_id = ${id}`;
		const byPhone = Object.fromEntries(rows.map((row) => [row.phone, [row.state, row.reason]]));
		expect(byPhone).toEqual({
			[free.phone]: ['calling', null],
			[forbidden.phone]: ['skipped', 'do_not_call'],
			[gone.phone]: ['skipped', 'contact_deleted'],
			[asleep.phone]: ['waiting', 'calling_hours'],
			[often.phone]: ['waiting', 'attempt_cap']
		});
		await campaigns.endCalls(tenant);
		house.clock.advanceSeconds(6 * 3_600);
		await campaigns.look();
		expect(await campaigns.endCalls(tenant)).toBe(0);
		// Eight o'clock in India: half past two in the night of UTC.
		house.clock.advanceSeconds(1_800 + 60);
		await campaigns.look();
		const [due] = await house.sql`select state from campaign_leads
			where campaign_id = ${id} and phone = ${asleep.phone}`;
		expect(due?.state).toBe('calling');
		await campaigns.endCalls(tenant);
	});

	it('when the hours of the organisation are made wider, then leads that waited for them are called', async () => {
		const leads = await campaigns.leads(tenant, 3);
		const input = { fromMinute: 23 * 60, untilMinute: 1_440, days: [7], callsPerNumberDay: 3 };
		await setCallingHours({ ctx: as(tenant), input });
		const id = await campaigns.start(tenant, leads, { concurrency: 3 });
		await campaigns.look();
		expect((await campaigns.progress(tenant, id)).counts).toMatchObject({ waiting: 3, calling: 0 });
		const wider = { fromMinute: 0, untilMinute: 1_440, days: [1, 2, 3, 4, 5, 6, 7] };
		await setCallingHours({ ctx: as(tenant), input: { ...input, ...wider } });
		await campaigns.look();
		expect((await campaigns.progress(tenant, id)).counts).toMatchObject({ waiting: 0, calling: 3 });
		await campaigns.endCalls(tenant);
	});

	it('when the hours of the organisation are made narrower, then the next claim keeps to them', async () => {
		const leads = await campaigns.leads(tenant, 3);
		const id = await campaigns.start(tenant, leads, { concurrency: 1 });
		await campaigns.look();
		const hours = { fromMinute: 15 * 60, untilMinute: 16 * 60, days: [6], callsPerNumberDay: 3 };
		await setCallingHours({ ctx: as(tenant), input: hours });
		await campaigns.endCalls(tenant);
		await campaigns.look();
		const { counts, standstill } = await campaigns.progress(tenant, id);
		expect(counts).toMatchObject({ answered: 1, waiting: 2, calling: 0 });
		expect(standstill).toEqual({
			code: 'not_due',
			atMs: Date.parse('2026-11-21T23:00:00Z'),
			reason: 'calling_hours'
		});
	});
});

describe('given somebody pauses or stops', () => {
	it('when it is stopped while it dials, then no call is placed after the commit, and talks go on', async () => {
		const leads = await campaigns.leads(tenant, 40);
		const id = await campaigns.start(tenant, leads, { concurrency: 10 });
		// Three looks under way, as of three workers, when the stop comes.
		const others = [await house.openServices(), await house.openServices()];
		const looks = [house.services, ...others].map((services) => campaigns.look(services));
		const stopped = stopCampaign({ ctx: as(tenant), input: { campaignId: id } });
		const { status } = await stopped;
		const placed = await house.sql`select id from calls where organization_id = ${tenant.id}`;
		await Promise.all(looks);
		await Promise.all([campaigns.look(), ...others.map((services) => campaigns.look(services))]);
		const after = await house.sql`select id from calls where organization_id = ${tenant.id}`;
		expect(['stopping', 'stopped']).toContain(status);
		expect(after.length).toBe(placed.length);
		await campaigns.endCalls(tenant);
		const done = await campaigns.runToEnd(tenant, id);
		expect(done.status).toBe('stopped');
		expect(done.counts.answered).toBe(placed.length);
		expect(done.counts.waiting).toBe(40 - placed.length);
		expect(provider.created.length).toBe(placed.length);
	});

	it('when a claim was made and the stop comes before its call, then the lane places it no more', async () => {
		const leads = await campaigns.leads(tenant, 5);
		const id = await campaigns.start(tenant, leads);
		const place = house.services.lane.submit.bind(house.services.lane);
		let stopping: Promise<unknown> | null = null;
		house.services.lane.submit = (async (command: Parameters<typeof place>[0]) => {
			if (command.kind === 'place_call') {
				stopping ??= stopCampaign({ ctx: as(tenant), input: { campaignId: id } });
				await stopping;
			}
			return place(command);
		}) as typeof house.services.lane.submit;
		try {
			await campaigns.look();
		} finally {
			house.services.lane.submit = place as typeof house.services.lane.submit;
		}
		await campaigns.look();
		expect(provider.created).toHaveLength(0);
		expect(await campaigns.progress(tenant, id)).toMatchObject({
			status: 'stopped',
			counts: { waiting: 5, calling: 0 }
		});
	});

	it('when it is paused and goes on, then it goes on with those that are left', async () => {
		const leads = await campaigns.leads(tenant, 8);
		const id = await campaigns.start(tenant, leads, { concurrency: 3 });
		await campaigns.look();
		const input = { campaignId: id };
		const paused = await pauseCampaign({ ctx: as(tenant), input });
		expect(paused).toMatchObject({
			status: 'paused',
			standstill: { code: 'paused', cause: 'person' }
		});
		await campaigns.endCalls(tenant);
		await campaigns.look();
		expect((await campaigns.progress(tenant, id)).counts).toMatchObject({
			answered: 3,
			calling: 0
		});
		await resumeCampaign({ ctx: as(tenant), input });
		expect((await campaigns.runToEnd(tenant, id)).counts.answered).toBe(8);
		await expect(resumeCampaign({ ctx: as(tenant), input })).rejects.toMatchObject({
			code: 'conflict'
		});
		expect(provider.created.length).toBe(8);
	});

	it('when the organisation is switched off, then nothing is placed, and on again it goes on by itself', async () => {
		const id = await campaigns.start(tenant, await campaigns.leads(tenant, 6), { concurrency: 2 });
		await campaigns.look();
		const switchTo = (isActive: boolean) =>
			setActive({ ctx: house.commandLine(), input: { organizationId: tenant.id, isActive } });
		await switchTo(false);
		await campaigns.endCalls(tenant);
		await campaigns.look();
		await campaigns.look();
		expect(await campaigns.progress(tenant, id)).toMatchObject({
			status: 'paused',
			pauseCause: 'inactive'
		});
		expect(provider.created.length).toBe(2);
		await switchTo(true);
		expect((await campaigns.runToEnd(tenant, id)).counts.answered).toBe(6);
	});
});

describe('given credit that runs out', () => {
	it('when it is used up, then it pauses with the reason, and an allocation lets it go on by itself', async () => {
		const poor = await house.createTenant({ minutes: 7, mode: 'minutes' });
		const leads = await campaigns.leads(poor, 10);
		const id = await campaigns.start(poor, leads, { concurrency: 4 });
		for (let round = 0; round < 8; round++) {
			await campaigns.look();
			await campaigns.endCalls(poor);
			house.clock.advanceSeconds(3);
		}
		const paused = await campaigns.progress(poor, id);
		expect(paused).toMatchObject({ status: 'paused', pauseCause: 'credit' });
		expect(paused.pauseReason).toContain('0 minutes left');
		expect(await house.credit(poor.id)).toMatchObject({ held: 0, live: 0 });
		const calledBefore = provider.created.length;
		await campaigns.look();
		expect(provider.created.length).toBe(calledBefore);
		await house.allocate(poor.id, 100);
		const done = await campaigns.runToEnd(poor, id);
		expect(done.counts.answered).toBe(10);
		expect([...(await campaigns.callsByNumber(poor)).values()].every((calls) => calls === 1)).toBe(
			true
		);
	});

	it('when there is none from the start, then nothing is made, and the refusal says what to do', async () => {
		const poor = await house.createTenant({ minutes: 0, mode: 'minutes' });
		const [lead] = await campaigns.leads(poor, 1);
		const input = CreateCampaignInput.parse({
			requestId: uuid(),
			name: 'Spring',
			kind: 'server',
			choice: { kind: 'contacts', contactIds: [lead?.id] },
			isStarted: true
		});
		const answer = await createCampaign({ ctx: as(poor), input });
		expect(answer).toMatchObject({ started: false, block: { code: 'minutes_exhausted' } });
		expect(await house.sql`select id from campaigns where organization_id = ${poor.id}`).toEqual(
			[]
		);
	});

	it('when the campaign may use only so many minutes a day, then its budget pauses it', async () => {
		const leads = await campaigns.leads(tenant, 6);
		const id = await campaigns.start(tenant, leads, { concurrency: 1 });
		await house.services.lane.submit({
			kind: 'set_budget',
			budgetId: uuid(),
			organizationId: tenant.id,
			scope: 'campaign',
			subjectId: id,
			subjectName: 'Spring',
			period: 'day',
			limitMinutes: 4,
			actor: { kind: 'command_line' }
		});
		for (let round = 0; round < 5; round++) {
			await campaigns.look();
			await campaigns.endCalls(tenant);
			house.clock.advanceSeconds(3);
		}
		expect(await campaigns.progress(tenant, id)).toMatchObject({
			status: 'paused',
			pauseCause: 'budget',
			counts: { answered: 2 }
		});
	});
});
