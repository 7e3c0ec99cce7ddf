/** Analytics against the calls themselves, on real Postgres. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { countCalls } from '$lib/server/analytics/count-calls';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { getBreakdowns } from '$lib/server/analytics/get-breakdowns';
import { loadHistory } from '$lib/server/analytics/load-history';
import { listTopNumbers, refreshTopNumbers } from '$lib/server/analytics/top-numbers';
import { listCalls } from '$lib/server/calls/list-calls';
import type { CallsPageView } from '$lib/views';
import { House, newNumber, type Tenant } from '../support/house';
import { completedForm, post, statusForm, storyOf } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

let house: House;

beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function talk(tenant: Tenant, seconds: number, to = newNumber()): Promise<string> {
	const user = { id: tenant.agent.userId, name: tenant.agent.name };
	const call = await house.placeBound(tenant.id, { user, to });
	for (const form of storyOf(call.sid, house.clock.read(), seconds)) {
		await post(house.services, form, call);
	}
	return call.callId;
}

async function fail(tenant: Tenant): Promise<void> {
	const call = await house.placeBound(tenant.id);
	const busy = { sid: call.sid, status: 'busy', sequence: 2, atMs: house.clock.read() };
	await post(house.services, statusForm({ ...busy, seconds: '0' }), call);
}

const count = () => countCalls({ ctx: house.commandLine() });
const week = (tenant: Tenant) =>
	getAnalytics({ ctx: house.as(tenant.manager), input: { days: 7 } });

describe('the analytics of a week', () => {
	it('given two talks, a busy line and a live call, when asked before and after counting, then the same figures come', async () => {
		const tenant = await house.createTenant({ minutes: 1, dollars: '10' });
		const to = newNumber();
		await talk(tenant, 30, to);
		await talk(tenant, 90, to);
		await fail(tenant);
		await house.placeBound(tenant.id);
		const before = await week(tenant);
		expect(before).toMatchObject({
			placed: 4,
			totals: {
				calls: 3,
				completed: 2,
				failed: 1,
				answered: 2,
				talkSeconds: 120,
				billedMinutes: 3,
				cost: '0.200000',
				successRate: 66.7
			},
			talk: { average: 60, longest: 90 },
			costOfCall: { average: '0.100000', cheapest: '0.000000', dearest: '0.200000' },
			topNumbersAt: null,
			isTodayIncluded: true
		});
		expect(before.days).toHaveLength(7);
		expect(before.days.at(-1)).toMatchObject({ calls: 3, talkSeconds: 120 });
		expect(before.countries).toMatchObject([{ key: 'US', calls: 3 }]);
		expect(before.topNumbers?.[0]).toMatchObject({ number: to, count: 2, cost: '0.200000' });
		expect((await count()).counted).toBe(3);
		expect(await count()).toEqual({ counted: 0 });
		expect(await week(tenant)).toEqual(before);

		const parts = await getBreakdowns({ ctx: house.as(tenant.manager), input: { days: 7 } });
		expect(parts.agents.map(({ name, calls }) => [name, calls])).toEqual([
			['agent', 2],
			[null, 1]
		]);
		expect(parts.endReasons.map(({ key, calls }) => [key, calls])).toEqual([
			['completed', 2],
			['busy', 1]
		]);
		expect(parts.heat).toEqual([{ weekday: 6, hour: 10, calls: 3, answered: 2 }]);
	});

	it('given finals that come twice and late facts, when counted between, then each call is counted once', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await house.placeBound(tenant.id);
		const final = completedForm(call.sid, house.clock.read(), '61');
		await post(house.services, final, call);
		await count();
		await post(house.services, final, call);
		await post(house.services, storyOf(call.sid, house.clock.read(), 61)[0] ?? {}, call);
		await count();
		expect((await week(tenant)).totals).toMatchObject({ calls: 1, talkSeconds: 61 });
	});

	it('given callbacks that come twice, late, out of order or not at all, when counted at any moment, then every kept row is the recount', async () => {
		const story = fc.record({
			seconds: fc.integer({ min: 1, max: 700 }),
			order: fc.shuffledSubarray([0, 1, 2, 3, 3, 2], { minLength: 1 }),
			otherEnd: fc.constantFrom(null, 'busy', 'no-answer', 'canceled'),
			isCounted: fc.boolean()
		});
		await fc.assert(
			fc.asyncProperty(fc.array(story, { minLength: 2, maxLength: 6 }), async (stories) => {
				const tenant = await house.createTenant({ minutes: 100 });
				for (const { seconds, order, otherEnd, isCounted } of stories) {
					const call = await house.placeBound(tenant.id);
					const forms = storyOf(call.sid, house.clock.read(), seconds);
					for (const place of order) await post(house.services, forms[place] ?? {}, call);
					const end = {
						sid: call.sid,
						status: otherEnd ?? '',
						sequence: 4,
						atMs: house.clock.read()
					};
					if (otherEnd) await post(house.services, statusForm({ ...end, seconds: '0' }), call);
					if (isCounted) await count();
				}
				await house.expectBooksToBalance();
				const before = await week(tenant);
				await count();
				expect(await week(tenant)).toEqual(before);
				expect(before.placed).toBe(stories.length);
				await house.expectBooksToBalance();
			}),
			{ numRuns: 6 }
		);
	});

	it('given another organisation, when a manager names it, then nothing is told', async () => {
		const [own, other] = [await house.createTenant(), await house.createTenant({ minutes: 5 })];
		await talk(other, 30);
		const ask = getAnalytics({
			ctx: house.as(own.manager),
			input: { days: 7, organizationId: other.id }
		});
		await expect(ask).rejects.toMatchObject({ code: 'forbidden' });
		expect((await week(own)).totals.calls).toBe(0);
	});
});

describe('a synthetic history', () => {
	it('given three thousand calls over a year that crosses daylight saving, when read, then days, months and pages add up to the calls', async () => {
		for (const timezone of ['Asia/Kolkata', 'America/New_York']) {
			const tenant = await house.createTenant({ minutes: 5, dollars: '3' });
			await house.sql`update organizations set timezone = ${timezone} where id = ${tenant.id}`;
			const loaded = await loadHistory({
				ctx: house.commandLine(),
				input: { organizationId: tenant.id, calls: 3_000, days: 364 }
			});
			expect(loaded.calls).toBe(3_000);
			await talk(tenant, 61);
			const ctx = house.as(tenant.manager);
			const year = await getAnalytics({ ctx, input: { days: 365 } });
			expect(year.totals.calls).toBe(3_001);
			expect(year.days.reduce((sum, day) => sum + day.calls, 0)).toBe(3_001);
			expect(year.countries.reduce((sum, country) => sum + country.talkSeconds, 0)).toBe(
				year.totals.talkSeconds
			);
			const [truth] = await house.sql`
				select count(*)::int as calls, sum(duration)::int as seconds, sum(cost)::text as cost,
					percentile_cont(0.5) within group (order by duration) filter (where duration > 0) as median
				from calls where organization_id = ${tenant.id}`;
			expect(year.totals).toMatchObject({ talkSeconds: truth?.seconds, cost: truth?.cost });
			expect(Math.abs((year.talk.median ?? 0) - Number(truth?.median))).toBeLessThan(15);

			for (const [from, to] of [
				['2026-03-01', '2026-03-31'],
				['2026-10-25', '2026-11-08'],
				['2025-11-01', '2025-11-30']
			] as const) {
				const part = await getAnalytics({ ctx, input: { from, to } });
				const [counted] = await house.sql`
					select count(*)::int as calls, coalesce(sum(duration), 0)::int as seconds from calls
					where organization_id = ${tenant.id} and (initiated_at at time zone ${timezone})::date between ${from}::date and ${to}::date`;
				expect(part.totals).toMatchObject({ calls: counted?.calls, talkSeconds: counted?.seconds });
				expect(part.days.reduce((sum, day) => sum + day.talkSeconds, 0)).toBe(counted?.seconds);
			}

			let cursor: string | undefined;
			const ids = new Set<string>();
			do {
				const page: CallsPageView = await listCalls({
					ctx,
					input: { days: 365, limit: 100, status: 'completed', cursor }
				});
				for (const { id } of page.rows) ids.add(id);
				cursor = page.nextCursor ?? undefined;
			} while (cursor !== undefined);
			expect(ids.size).toBe(year.totals.completed);
		}
	});

	it('given more calls than are counted while one waits, when the job has counted, then the numbers say when', async () => {
		const tenant = await house.createTenant();
		await loadHistory({
			ctx: house.commandLine(),
			input: { organizationId: tenant.id, calls: 10_500, days: 6 }
		});
		const first = await week(tenant);
		expect(first.topNumbers).toBeNull();
		const input = { days: 7 as const };
		const counted = await listTopNumbers({ ctx: house.as(tenant.manager), input });
		expect(await refreshTopNumbers({ ctx: house.commandLine() })).toEqual({ counted: 4 });
		const kept = await week(tenant);
		expect(kept.topNumbersAt).toBe(new Date(house.clock.read()).toISOString());
		expect(kept.topNumbers).toEqual(counted);
		expect(await refreshTopNumbers({ ctx: house.commandLine() })).toEqual({ counted: 0 });
	});
});

describe('the list of calls', () => {
	it('given any filters, when a page is read, then it holds exactly the calls that meet them', async () => {
		const tenant = await house.createTenant();
		await loadHistory({
			ctx: house.commandLine(),
			input: { organizationId: tenant.id, calls: 400, days: 30 }
		});
		const ctx = house.as(tenant.manager);
		const all = await house.sql`
			select id, status, coalesce(end_reason, status) as reason, provider, country, "to",
				extract(hour from initiated_at)::int as hour
			from calls where organization_id = ${tenant.id} order by id desc`;
		await fc.assert(
			fc.asyncProperty(
				fc.record(
					{
						status: fc.constantFrom('completed' as const, 'failed' as const, 'cancelled' as const),
						endReason: fc.constantFrom('busy', 'no_answer', 'completed'),
						provider: fc.constantFrom('twilio' as const, 'bolna' as const),
						country: fc.constantFrom('US', 'IN'),
						hour: fc.integer({ min: 8, max: 18 }),
						search: fc.constantFrom('555', '9 8765')
					},
					{ requiredKeys: [] }
				),
				async (filters) => {
					const page = await listCalls({ ctx, input: { days: 90, limit: 100, ...filters } });
					const digits = filters.search?.replace(/\D/g, '') ?? '';
					const expected = all.filter(
						(call) =>
							(filters.status ?? call.status) === call.status &&
							(filters.endReason ?? call.reason) === call.reason &&
							(filters.provider ?? call.provider) === call.provider &&
							(filters.country ?? call.country) === call.country &&
							(filters.hour ?? call.hour) === call.hour &&
							call.to.includes(digits)
					);
					expect(page.rows.map(({ id }) => id)).toEqual(expected.slice(0, 100).map(({ id }) => id));
					expect(page.nextCursor !== null).toBe(expected.length > 100);
				}
			),
			{ numRuns: 40 }
		);
	});

	it('given a whole number in any format or a name, when searched, then its calls are found', async () => {
		const tenant = await house.createTenant({ minutes: 9 });
		const to = newNumber();
		const contactId = await house.createContact(tenant.id, to);
		const call = await house.placeBound(tenant.id, {
			to,
			contact: { id: contactId, name: 'Lead' }
		});
		await talk(tenant, 5);
		const ctx = house.as(tenant.agent);
		for (const search of [to, `(${to.slice(2, 5)}) ${to.slice(5, 8)}-${to.slice(8)}`, 'lea']) {
			const page = await listCalls({ ctx, input: { days: 7, limit: 50, search } });
			expect(page.rows.map(({ id }) => id)).toEqual([call.callId]);
		}
		const none = await listCalls({ ctx, input: { days: 7, limit: 50, search: 'nobody' } });
		expect(none).toEqual({ rows: [], nextCursor: null, searchedTo: null });
	});
});
