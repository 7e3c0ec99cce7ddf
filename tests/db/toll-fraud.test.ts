/**
 * A stolen session, as attacks are made: many calls at once to numbers that pay whoever answers. And the
 * other side: a campaign of a thousand ordinary calls, on the organisation's first day.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import { listAlerts } from '$lib/server/alerts/list-alerts';
import { watchAlerts } from '$lib/server/alerts/watch-alerts';
import { placeCall } from '$lib/server/calls/place-call';
import { getGuard } from '$lib/server/fraud/get-guard';
import { listPaused } from '$lib/server/fraud/list-paused';
import { releaseGuard } from '$lib/server/fraud/release-guard';
import { setGuard } from '$lib/server/fraud/set-guard';
import { PREMIUM_NUMBERS } from '../fixtures/premium-numbers';
import { House, newNumber, placeCommand, type Tenant } from '../support/house';
import { completedForm, post } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

const FIRST_DAY_CAP_DOLLARS = 500;

let house: House;
let provider: RecordingProvider;
let tenant: Tenant;

beforeAll(async () => {
	provider = new RecordingProvider();
	house = await House.open({ providers: { twilio: provider } });
	// The clock of the house stands still in its past; organisations are made in its present.
	house.clock.advanceSeconds((Date.now() - house.clock.read()) / 1000);
	tenant = await house.createTenant({ minutes: 5_000, dollars: '5000' });
});

afterAll(() => house.close());

const admin = async () => house.as(await house.createPerson('super_admin'));
const codeOf = async (to: string) => {
	const answer = await placeCall({ ctx: house.as(tenant.agent), input: { to } });
	return answer.placed ? 'placed' : answer.block.code;
};

describe('given a stolen session', () => {
	it('when it calls forty premium numbers at once, then none is dialled, and from that moment nothing is', async () => {
		const startMs = house.clock.read();
		const codes = await Promise.all(PREMIUM_NUMBERS.map(codeOf));
		expect(new Set(codes)).toEqual(new Set(['number_not_allowed', 'calling_paused']));
		expect(provider.created).toEqual([]);

		const input = { organizationId: tenant.id };
		const paused = await getGuard({ ctx: await admin(), input });
		expect(paused.pauseReason).toBe('refused_numbers');
		// The clock stands still: the breaker waits for no time to pass.
		expect(Date.parse(paused.pausedAt ?? '')).toBe(startMs);
		expect(await codeOf(newNumber())).toBe('calling_paused');
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '5000', held: '0' });
	});

	it('when it is looked at, then managers and super admins are told once, by alert and by mail, and agents by alert', async () => {
		const superAdmin = await house.createPerson('super_admin');
		const watch = () => watchAlerts({ ctx: house.context({ kind: 'job' }) });
		await watch();
		await watch();
		const mails = await house.sql<{ to: string; text: string }[]>`
			select "to", text from mails where organization_id = ${tenant.id} and subject like 'New calls of%'`;
		const whom = mails.map(({ to }) => to);
		expect(whom.filter((to) => to === tenant.manager.email)).toHaveLength(1);
		expect(whom.filter((to) => to === superAdmin.email)).toHaveLength(1);
		expect(whom).not.toContain(tenant.agent.email);
		expect(mails[0]?.text).toContain('numbers abroad that pay whoever answers');
		const { rows } = await listAlerts({ ctx: house.as(tenant.agent), input: { limit: 30 } });
		expect(rows.map(({ kind, resolvedAt }) => [kind, resolvedAt])).toContainEqual([
			'calling_paused',
			null
		]);
	});

	it('when another organisation calls meanwhile, then it is not held up', async () => {
		const other = await house.createTenant({ minutes: 10 });
		const answer = await placeCall({ ctx: house.as(other.agent), input: { to: newNumber() } });
		expect(answer.placed).toBe(true);
	});

	it('when a super admin has looked, then one click lets ordinary calls through again, and both are on record', async () => {
		const ctx = await admin();
		expect((await listPaused({ ctx })).map(({ organizationId }) => organizationId)).toEqual([
			tenant.id
		]);
		const after = await releaseGuard({ ctx, input: { organizationId: tenant.id } });
		expect(after).toMatchObject({ pausedAt: null, pauseReason: null });
		expect(await listPaused({ ctx })).toEqual([]);
		expect(await codeOf(newNumber())).toBe('placed');
		const actions = await house.sql`
			select action, actor_kind from audit_log where organization_id = ${tenant.id} and action like 'guard.%' order by id`;
		expect(actions).toEqual([
			{ action: 'guard.trip', actor_kind: 'job' },
			{ action: 'guard.release', actor_kind: 'user' }
		]);
	});

	it('when it calls where it may at the highest price, then the breaker stops it within the cap', async () => {
		const { id } = await house.createTenant({ dollars: '5000', mode: 'wallet' });
		const ctx = await admin();
		await setGuard({ ctx, input: { organizationId: id, allowedCountries: ['GB'] } });
		const rate = { ...DEFAULT_RATE, perMinuteMicros: 1_000_000n };
		let refused = 0;
		for (let wave = 0; wave < 10; wave++) {
			const calls = Array.from({ length: 40 }, () =>
				house.services.lane.submit(placeCommand(id, { rate, estimateMinutes: 10 }))
			);
			const results = await Promise.all(calls);
			refused += results.filter(({ kind }) => kind === 'blocked').length;
			house.clock.advanceSeconds(1);
		}
		expect(refused).toBeGreaterThan(300);
		expect(await getGuard({ ctx, input: { organizationId: id } })).toMatchObject({
			pauseReason: 'spending'
		});
		const wallet = await house.wallet(id);
		expect(Number(wallet?.held)).toBeLessThanOrEqual(FIRST_DAY_CAP_DOLLARS);
		expect(Number(wallet?.held)).toBeGreaterThan(FIRST_DAY_CAP_DOLLARS / 2);
		await house.expectBooksToBalance();
	});
});

it('given a campaign of a thousand ordinary calls on the first day, then none is held up', async () => {
	const { id } = await house.createTenant({ minutes: 4_000 });
	for (let wave = 0; wave < 20; wave++) {
		const placed = await Promise.all(Array.from({ length: 50 }, () => house.placeBound(id)));
		house.clock.advanceSeconds(60);
		const nowMs = house.clock.read();
		await Promise.all(
			placed.map(({ sid }) => post(house.services, completedForm(sid, nowMs, '61')))
		);
	}
	const [row] = await house.sql`
		select count(*)::int as calls, count(*) filter (where billed_minutes = 2)::int as charged
		from calls where organization_id = ${id}`;
	expect(row).toEqual({ calls: 1_000, charged: 1_000 });
	const guard = await getGuard({ ctx: await admin(), input: { organizationId: id } });
	expect(guard.pausedAt).toBeNull();
});
