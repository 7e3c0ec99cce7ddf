import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setBudget } from '$lib/server/budgets/set-budget';
import { INVARIANTS } from '$lib/server/reconcile/invariants';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { House, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';
import { runThroughNpm } from '../support/house-command-line';

let house: House;
let tenant: Tenant;
let other: Tenant;
let ended: string;
let live: string;
let paidByWallet: string;

/** A tenant with a settled call, a call in debt, a live call and a refusal, beside another tenant. */
beforeAll(async () => {
	house = await House.open({ providers: {} });
	tenant = await house.createTenant({ minutes: 3 });
	other = await house.createTenant({ minutes: 10 });
	const over = await house.placeBound(tenant.id);
	await play(over, 290);
	await house.allocate(tenant.id, 20);
	const settled = await house.placeBound(tenant.id);
	await play(settled, 61);
	ended = settled.callId;
	await house.services.lane.submit({
		kind: 'consume',
		organizationId: tenant.id,
		externalCallId: 'pbx-1',
		minutes: 1,
		callStartMs: house.clock.read() - 60_000,
		callEndMs: house.clock.read()
	});
	const wallet = await house.createTenant({ mode: 'wallet' });
	await house.pay(tenant.id, '5');
	const { agent } = tenant;
	await setBudget({
		ctx: house.as(tenant.manager),
		input: { scope: 'user', subjectId: agent.userId, period: 'month', limitMinutes: 100 }
	});
	const ofAgent = { user: { id: agent.userId, name: agent.name } };
	live = (await house.placeBound(tenant.id, ofAgent)).callId;
	await play(await house.placeBound(tenant.id, ofAgent), 61);
	const dear = await house.placeBound(tenant.id, { estimateMinutes: 30 });
	await play(dear, 1_800);
	paidByWallet = dear.callId;
	await house.pay(wallet.id, '0.10');
	await play(await house.placeBound(wallet.id), 125);
	await play(await house.placeBound(other.id), 61);
});
afterAll(() => house.close());

async function play(call: { callId: string; sid: string }, seconds: number): Promise<void> {
	for (const form of storyOf(call.sid, house.clock.read(), seconds)) {
		await post(house.services, form, call);
	}
}

/** The names of the invariants that are broken while a change by hand stands. */
async function breachesOf(change: string): Promise<Map<string, string[]>> {
	const broken = new Map<string, string[]>();
	const undo = new Error('undo');
	await house.sql
		.begin(async (tx) => {
			await tx`set local session_replication_role = replica`;
			await tx.unsafe(change);
			for (const { name, query } of INVARIANTS) {
				const rows = await tx.unsafe<{ breach: string }[]>(query);
				if (rows.length > 0)
					broken.set(
						name,
						rows.map((row) => row.breach)
					);
			}
			throw undo;
		})
		.catch((error: unknown) => {
			if (error !== undo) throw error;
		});
	return broken;
}

const BOOKS = 'organization_call_minutes';

/** For each invariant a change that breaks it; the ids are known once the tenants exist. */
function breakages(): [string, string][] {
	const mine = `organization_id = ${tenant.id}`;
	const myCall = `call_id = '${ended}'`;
	return [
		[
			'allocated minutes = used + expired + revoked + remaining, per organisation',
			`update ${BOOKS} set total_minutes = total_minutes + 1 where ${mine}`
		],
		[
			'allocated minutes = the allocation history',
			`delete from call_minutes_allocation_history where ${mine} and minutes = 20`
		],
		[
			'used minutes = the usage log, per organisation and allocation',
			`update call_minutes_usage_log set minutes_consumed = minutes_consumed + 1 where ${myCall}`
		],
		[
			'held minutes = open holds, and never more than is there',
			`update ${BOOKS} set held_minutes = held_minutes - 1 where ${mine}`
		],
		[
			'every live call has one open hold, every ended call none',
			`update credit_holds set state = 'released' where call_id = '${live}'`
		],
		[
			'every ended call is charged once: paid minutes + wallet + debt = billed minutes',
			`insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed,
					settles_debt, call_start_time, call_end_time)
				select organization_id, call_id, allocation_id, minutes_consumed, true, call_start_time, call_end_time
				from call_minutes_usage_log where ${myCall}`
		],
		[
			'billed minutes cover the talk, and an unanswered call is free',
			`update calls set billed_minutes = 3 where id = '${ended}'`
		],
		[
			'the cost of a call = what its wallet paid + what it still owes',
			`update calls set cost = cost + 0.000001 where id = '${paidByWallet}'`
		],
		[
			'balance = its transactions, each starting where the one before ended',
			`update call_balance set balance = balance + 0.000001 where ${mine}`
		],
		[
			'held dollars = open holds, and never more than the balance',
			`update call_balance set held_amount = held_amount + 0.000001 where ${mine}`
		],
		[
			'agreed debt promised = open holds',
			`update ${BOOKS} set overdraft_held_minutes = overdraft_held_minutes + 1 where ${mine}`
		],
		[
			'no entry can be changed or deleted: every table of facts has its guard',
			`alter table balance_transactions disable trigger balance_transactions_append_only`
		],
		[
			'a payment that succeeded is credited once, any other never',
			`insert into payments (id, organization_id, kind, amount, is_live, state, stripe_customer_id,
					stripe_payment_intent_id, succeeded_at)
				values (gen_random_uuid(), ${tenant.id}, 'checkout', 50, false, 'succeeded', 'cus_1', 'pi_1', now())`
		],
		[
			'what went back of a payment = taken from the wallet + owed - returned',
			`insert into payments (id, organization_id, kind, amount, is_live, state, stripe_customer_id, refunded_amount)
				values (gen_random_uuid(), ${tenant.id}, 'checkout', 50, false, 'created', 'cus_1', 0.01)`
		],
		['debt dollars = open debts', `update call_balance set debt_amount = 0.000001 where ${mine}`],
		['debt minutes = open debts', `update ${BOOKS} set debt_minutes = 1 where ${mine}`],
		[
			'live calls counted = live calls',
			`update ${BOOKS} set live_calls = live_calls + 1 where ${mine}`
		],
		[
			'used minutes of a budget = what its calls were billed, per period',
			`update budget_periods set used_minutes = used_minutes + 1 where ${mine}`
		],
		[
			'held minutes of a budget = open holds of its calls, per period',
			`update budget_periods set held_minutes = held_minutes + 1 where ${mine}`
		],
		[
			'a delivery changed its call at most once',
			`insert into call_status_events (organization_id, call_id, delivery_id, source, status, raw_status, effect,
					occurred_at, received_at)
				select organization_id, call_id, delivery_id, source, status, raw_status, 'none', occurred_at, received_at
				from call_status_events where ${myCall} and delivery_id is not null limit 1`
		],
		[
			'a delivery that was put off has a time for its next try',
			`update deliveries set state = 'received' where ${myCall}`
		],
		[
			"a provider's price is waited for only after the end, and asked for",
			`update calls set cost_check_at = null where id = '${ended}'`
		],
		[
			'the status of a call never fell',
			`insert into call_status_events (organization_id, call_id, source, status, raw_status, effect,
					occurred_at, received_at)
				values (${tenant.id}, '${ended}', 'provider', 'in_progress', 'in-progress', 'advanced', now(), now())`
		],
		['live events are numbered without a gap', `delete from live_events where ${mine} and seq = 3`],
		[
			'nothing of one organisation refers to another',
			`update calls set user_id = '${other.agent.userId}' where id = '${ended}'`
		],
		[
			'receipts of a day = the entries of that day, in minutes and dollars',
			`insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed,
					call_start_time, call_end_time)
				select organization_id, 'of no call', allocation_id, 1, call_start_time, call_end_time
				from call_minutes_usage_log where ${myCall}`
		],
		[
			'daily rollups = recount',
			`update call_stats_daily set talk_seconds = talk_seconds - 1 where ${mine}`
		],
		[
			'counters of campaigns = their leads',
			`insert into campaigns (id, organization_id, name, total_leads, waiting_leads)
				values (gen_random_uuid(), ${tenant.id}, 'Spring', 1, 1)`
		],
		...[
			'breakdowns and queue = recount',
			'counted ends, longest talk and prices = recount',
			'calls counted by length of talk = recount'
		].map((name): [string, string] => [name, `delete from call_stats_queue where ${mine}`]),
		[
			'a sealed report is what was sealed',
			`insert into usage_reports (id, organization_id, month, body, content_hash, sealed_at)
				values (gen_random_uuid(), ${tenant.id}, '2026-10', '{}', 'of something else', now())`
		]
	];
}

describe('reconcile', () => {
	it('given books with holds, debts paid and refusals, when nothing was touched, then every invariant holds', async () => {
		await house.expectBooksToBalance();
	});

	it('given every invariant, when it is broken by hand, then it is reported by its name, with a sentence', async () => {
		const cases = breakages();
		expect(cases.map(([name]) => name).sort()).toEqual(INVARIANTS.map(({ name }) => name).sort());
		for (const [name, change] of cases) {
			const broken = await breachesOf(change);
			expect([...broken.keys()], change).toContain(name);
			expect(broken.get(name)?.[0]).toMatch(/\w+ .*\w/);
		}
		await house.expectBooksToBalance();
	});

	it.each([
		['an event of another tenant', 'call_status_events', 'call_id'],
		['a delivery of another tenant', 'deliveries', 'call_id']
	])('given %s, when it is put on a call, then it is reported', async (_name, table, column) => {
		const change = `update ${table} set organization_id = ${other.id} where ${column} = '${ended}'`;
		const broken = await breachesOf(change);
		expect([...broken.keys()]).toEqual(['nothing of one organisation refers to another']);
	});

	it('given a transaction that does not start where the one before ended, when their sum is still right, then it is reported', async () => {
		const broken = await breachesOf(`update balance_transactions
			set balance_before = balance_before + 1, balance_after = balance_after + 1
			where call_id = '${paidByWallet}'`);
		expect([...broken.keys()]).toEqual([
			'balance = its transactions, each starting where the one before ended'
		]);
	});

	it('given calls under way, when it runs beside them again and again, then no snapshot shows a breach', async () => {
		const busy = await house.createTenant({ minutes: 500 });
		const work = Array.from({ length: 25 }, async () => play(await house.placeBound(busy.id), 61));
		const all = Promise.all(work);
		let isUnderWay = true;
		void all.then(() => (isUnderWay = false));
		while (isUnderWay) await house.expectBooksToBalance();
		await all;
	});

	it('given an agent, when reconcile is asked for, then it is refused', async () => {
		await expect(reconcile({ ctx: house.as(tenant.agent) })).rejects.toMatchObject({
			code: 'forbidden'
		});
	});

	it('given the command line, when the books balance it exits 0, and 1 with the breach by name when they do not', async () => {
		const before = await runThroughNpm(house.databaseUrl, 'reconcile', '--json');
		expect(before).toMatchObject({ exitCode: 0, stderr: '' });
		const report = JSON.parse(before.stdout);
		expect(report).toMatchObject({ ok: true });
		expect(report.invariants).toEqual(
			INVARIANTS.map(({ name }) => ({ name, ok: true, breaches: [] }))
		);

		const move = (by: number) =>
			house.sql`update organization_call_minutes set live_calls = live_calls + ${by} where organization_id = ${tenant.id}`;
		await move(1);
		const after = await runThroughNpm(house.databaseUrl, 'reconcile', '--json');
		await move(-1);
		expect(after.exitCode).toBe(1);
		const broken = JSON.parse(after.stdout);
		expect(broken.ok).toBe(false);
		const failed = broken.invariants.filter((invariant: { ok: boolean }) => !invariant.ok);
		expect(failed).toEqual([
			{
				name: 'live calls counted = live calls',
				ok: false,
				breaches: [`organisation ${tenant.id}: 2 counted, 1 live`]
			}
		]);
		await house.expectBooksToBalance();
	});
});
