import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listBudgets } from '$lib/server/budgets/list-budgets';
import { removeBudget } from '$lib/server/budgets/remove-budget';
import { setBudget } from '$lib/server/budgets/set-budget';
import { meterCalls } from '$lib/server/calls/meter-calls';
import { placeCall } from '$lib/server/calls/place-call';
import type { Services } from '$lib/server/services';
import { House, newNumber, placeCommand, TestClock, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';
import { inTurn, openProcesses, tally } from '../support/house-lanes';
import { RecordingProvider } from '../support/house-provider';

let house: House;
let processes: Services[];

beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
	processes = await openProcesses(house, 2, 8);
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const userOf = ({ agent }: Tenant) => ({ id: agent.userId, name: agent.name });

function cap(tenant: Tenant, limitMinutes: number, period: 'day' | 'month' = 'day') {
	return setBudget({
		ctx: house.as(tenant.manager),
		input: { scope: 'user', subjectId: tenant.agent.userId, period, limitMinutes }
	});
}

async function budgetsOf(tenant: Tenant) {
	const { budgets } = await listBudgets({ ctx: house.as(tenant.manager), input: {} });
	return budgets;
}

async function createCampaign(organizationId: number): Promise<string> {
	const id = uuid();
	await house.sql`insert into campaigns (id, organization_id, name) values (${id}, ${organizationId}, 'Spring')`;
	return id;
}

async function talk(tenant: Tenant, seconds: number): Promise<void> {
	const call = await house.placeBound(tenant.id, { user: userOf(tenant) });
	for (const form of storyOf(call.sid, house.clock.read(), seconds)) {
		await post(house.services, form, call);
	}
}

describe('a budget under many calls at once', () => {
	it.each([
		['an agent in one process', 'user', 1],
		['an agent in two processes', 'user', 2],
		['a campaign in two processes', 'campaign', 2]
	] as const)(
		'given %s with a budget for one call, when thirty start at once, then one is placed and the rest are refused with the reason',
		async (_name, scope, count) => {
			const tenant = await house.createTenant({ minutes: 500 });
			const campaignId = await createCampaign(tenant.id);
			const subjectId = scope === 'user' ? tenant.agent.userId : campaignId;
			await setBudget({
				ctx: house.as(tenant.manager),
				input: { scope, subjectId, period: 'day', limitMinutes: 3 }
			});
			const lanes = processes.slice(0, count);
			const results = await Promise.all(
				Array.from({ length: 30 }, (_, index) =>
					inTurn(lanes, index).lane.submit(
						placeCommand(tenant.id, { user: userOf(tenant), campaignId })
					)
				)
			);
			expect(tally(results.map((result) => result.kind))).toEqual({ placed: 1, blocked: 29 });
			const codes = await house.sql`select distinct code, way_out, numbers from blocks
				where organization_id = ${tenant.id}`;
			expect(codes).toEqual([
				{
					code: 'budget_exhausted',
					way_out:
						'Wait until a call in progress ends, ask your manager to raise it, or go on tomorrow.',
					numbers: { budgetMinutes: 3, usedMinutes: 0, heldMinutes: 3, leftMinutes: 0 }
				}
			]);
			expect(await house.credit(tenant.id)).toMatchObject({ held: 3, live: 1 });
		}
	);

	it('given calls, settings and removals at once in two processes, when all are done, then the counters are exact', async () => {
		const tenant = await house.createTenant({ minutes: 500 });
		const work = Array.from({ length: 24 }, async (_, index) => {
			// One that is removed by someone else while it is set is refused, and may be.
			if (index % 6 === 0) await cap(tenant, 100 + index).catch(expectConflict);
			else if (index % 6 === 3) {
				const [known] = await budgetsOf(tenant);
				const input = { budgetId: known?.id ?? uuid() };
				await removeBudget({ ctx: house.as(tenant.manager), input }).catch(() => null);
			} else await talk(tenant, 61);
		});
		await Promise.all(work);
		await cap(tenant, 999);
		expect(await budgetsOf(tenant)).toMatchObject([{ usedMinutes: 32, heldMinutes: 0 }]);
	});
});

function expectConflict(error: unknown): void {
	expect(error).toMatchObject({ code: 'conflict' });
}

describe('what a budget counts', () => {
	it('given calls before it was set, ended and live, when it is set, then they count from the start of the period', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		await talk(tenant, 61);
		const live = await house.placeBound(tenant.id, { user: userOf(tenant) });
		await cap(tenant, 60);
		await cap(tenant, 600, 'month');
		expect(await budgetsOf(tenant)).toMatchObject([
			{ period: 'day', usedMinutes: 2, heldMinutes: 3, leftMinutes: 55 },
			{ period: 'month', usedMinutes: 2, heldMinutes: 3, leftMinutes: 595 }
		]);
		for (const form of storyOf(live.sid, house.clock.read(), 200)) {
			await post(house.services, form, live);
		}
		expect(await budgetsOf(tenant)).toMatchObject([
			{ usedMinutes: 6, heldMinutes: 0, leftMinutes: 54 },
			{ usedMinutes: 6, heldMinutes: 0, leftMinutes: 594 }
		]);
	});

	it('given a call placed before midnight, when the budget is set and the call ends after it, then yesterday is counted and today is free', async () => {
		const clock = new TestClock(() => Date.parse('2026-11-21T23:58:00Z'));
		const night = await House.open({ databaseUrl: house.databaseUrl, clock, providers: {} });
		try {
			const tenant = await night.createTenant({ minutes: 50 });
			const call = await night.placeBound(tenant.id, { user: userOf(tenant) });
			clock.advanceSeconds(180);
			await setBudget({
				ctx: night.as(tenant.manager),
				input: { scope: 'user', subjectId: tenant.agent.userId, period: 'day', limitMinutes: 3 }
			});
			await post(night.services, storyOf(call.sid, clock.read(), 61).at(-1) ?? {}, call);
			const counted = await night.sql`select period_start, used_minutes, held_minutes
				from budget_periods where organization_id = ${tenant.id} order by 1`;
			expect(counted).toEqual([{ period_start: '2026-11-21', used_minutes: 2, held_minutes: 0 }]);
			await night.place(tenant.id, { user: userOf(tenant) });
		} finally {
			await night.close();
		}
	});

	it('given calls of others and of no one, when they talk, then the budget does not see them', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		await cap(tenant, 3);
		await house.place(tenant.id);
		const { manager } = tenant;
		await house.place(tenant.id, { user: { id: manager.userId, name: manager.name } });
		expect(await budgetsOf(tenant)).toMatchObject([{ usedMinutes: 0, heldMinutes: 0 }]);
	});

	it('given one removed and set again in one batch, when calls go on, then the counters are still right', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		const { id: budgetId } = await cap(tenant, 30);
		await talk(tenant, 61);
		const { lane } = house.services;
		const actor = { kind: 'command_line' } as const;
		const [removed, set] = await Promise.all([
			lane.submit({ kind: 'remove_budget', organizationId: tenant.id, budgetId, actor }),
			lane.submit({
				...{ kind: 'set_budget', budgetId: uuid(), organizationId: tenant.id, scope: 'user' },
				...{ subjectId: tenant.agent.userId, subjectName: 'Agent', period: 'day' },
				...{ limitMinutes: 40, actor }
			} as const),
			house.place(tenant.id, { user: userOf(tenant) })
		]);
		expect([removed.kind, set.kind]).toEqual(['removed', 'set']);
		expect(await budgetsOf(tenant)).toMatchObject([
			{ limitMinutes: 40, usedMinutes: 2, heldMinutes: 3 }
		]);
	});
});

describe('a budget during a call', () => {
	it('given a budget of four, when the call talks on, then it is extended by one, drains for the budget and is hung up', async () => {
		const provider = new RecordingProvider();
		const clock = new TestClock();
		const talking = await House.open({
			...{ databaseUrl: house.databaseUrl, clock },
			providers: { twilio: provider }
		});
		try {
			const tenant = await talking.createTenant({ minutes: 50 });
			await setBudget({
				ctx: talking.as(tenant.manager),
				input: { scope: 'user', subjectId: tenant.agent.userId, period: 'day', limitMinutes: 4 }
			});
			const call = await talking.placeBound(tenant.id, { user: userOf(tenant) });
			const forms = storyOf(call.sid, clock.read(), 260);
			for (const form of forms.slice(0, 3)) await post(talking.services, form, call);
			const look = async (seconds: number) => {
				clock.advanceSeconds(seconds);
				return meterCalls({ ctx: talking.context({ kind: 'job' }) });
			};
			await look(10 + 170);
			expect(
				await house.sql`select held_minutes, drain_cause from credit_holds
				where call_id = ${call.callId}`
			).toEqual([{ held_minutes: 4, drain_cause: null }]);
			await look(60);
			expect(
				await house.sql`select is_draining, drain_cause from credit_holds
				where call_id = ${call.callId}`
			).toEqual([{ is_draining: true, drain_cause: 'budget' }]);
			expect(await look(10)).toMatchObject({ cut: 1 });
			for (const form of forms.slice(3)) await post(talking.services, form, call);
			expect(
				await house.sql`select used_minutes, held_minutes from budget_periods
				where organization_id = ${tenant.id}`
			).toEqual([{ used_minutes: 5, held_minutes: 0 }]);
		} finally {
			await talking.close();
		}
	});
});

describe('budgets and people', () => {
	it('given a budget used up, when the agent calls, then the answer has the sentence, the numbers and no call', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		await cap(tenant, 2);
		await talk(tenant, 100);
		const answer = await placeCall({ ctx: house.as(tenant.agent), input: { to: newNumber() } });
		expect(answer).toMatchObject({
			placed: false,
			block: {
				code: 'budget_exhausted',
				message: 'The call was not placed. Of the 2 minutes that agent may use today, 2 are used.',
				wayOut: 'Ask your manager to raise it, or go on tomorrow.'
			}
		});
	});

	it('given a budget set, changed and removed, when the audit is read, then it says who did what', async () => {
		const tenant = await house.createTenant();
		const { id: budgetId } = await cap(tenant, 30);
		expect(await cap(tenant, 45)).toMatchObject({ id: budgetId, limitMinutes: 45 });
		await cap(tenant, 45);
		await removeBudget({ ctx: house.as(tenant.manager), input: { budgetId } });
		const rows =
			await house.sql`select action, actor_user_id as by, before->>'limitMinutes' as before,
			after->>'limitMinutes' as after from audit_log where organization_id = ${tenant.id}
			and action like 'budget.%' order by id`;
		const by = tenant.manager.userId;
		expect(rows).toEqual([
			{ action: 'budget.set', by, before: null, after: '30' },
			{ action: 'budget.set', by, before: '30', after: '45' },
			{ action: 'budget.remove', by, before: '45', after: null }
		]);
		expect(await budgetsOf(tenant)).toEqual([]);
	});

	it('given a person and a campaign of another organisation, when rows name them, then the database refuses', async () => {
		const [mine, theirs] = [await house.createTenant(), await house.createTenant()];
		const campaignId = await createCampaign(theirs.id);
		const insert = (userId: string | null, campaign: string | null) =>
			house.sql`insert into budgets (id, organization_id, scope, user_id, campaign_id, period,
				limit_minutes, created_at) values (${uuid()}, ${mine.id}, ${userId ? 'user' : 'campaign'},
				${userId}, ${campaign}, 'day', 5, now())`;
		await expect(insert(theirs.agent.userId, null)).rejects.toThrow(/budgets_user_same_tenant/);
		await expect(insert(null, campaignId)).rejects.toThrow(/budgets_campaign_same_tenant/);
		await expect(house.place(mine.id, { campaignId })).rejects.toThrow();
	});
});
