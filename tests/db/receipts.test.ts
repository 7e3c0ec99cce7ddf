import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BillingMode } from '$lib/domain/credit/types';
import { formatMicros, parseMicros } from '$lib/domain/money';
import { getCall } from '$lib/server/calls/get-call';
import type { Context, Person } from '$lib/server/context';
import { listUsage } from '$lib/server/minutes/list-usage';
import { updateOrganization } from '$lib/server/organizations/update-organization';
import { listTransactions } from '$lib/server/wallet/list-transactions';
import type { Page } from '$lib/views';
import { House, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';

let house: House;
let admin: Person;
beforeAll(async () => {
	house = await House.open({ providers: {} });
	admin = await house.createPerson('super_admin');
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

describe('what a receipt says was set aside', () => {
	it.each([
		['minutes', { minutes: 100 }, ['3 0.000000', '1 0.000000', '2 0.000000', '0 0.000000']],
		['the wallet', { dollars: '10' }, ['0 0.300000', '0 0.100000', '0 0.200000', '0 0.000000']]
	] as const)(
		'given other calls of the same organisation and of another, when calls were paid by %s, then what went back is of that call alone',
		async (_name, credit, [whole, afterTwo, afterOne, none]) => {
			const tenants = [await house.createTenant(credit), await house.createTenant(credit)];
			const returned: string[] = [];
			for (const [seconds] of [[61], [61], [5], [0], [170]] as const) {
				for (const tenant of tenants) {
					const call = await house.placeBound(tenant.id);
					for (const form of storyOf(call.sid, house.clock.read(), seconds)) {
						await post(house.services, form, call);
					}
					const input = { callId: call.callId };
					const { hold } = await getCall({ ctx: house.as(tenant.agent), input });
					expect((await getCall({ ctx: house.as(admin), input })).hold).toEqual(hold);
					returned.push(`${hold?.returnedMinutes} ${hold?.returnedAmount}`);
				}
			}
			const each = [afterTwo, afterTwo, afterOne, whole, none];
			expect(returned).toEqual(each.flatMap((one) => [one, one]));
		}
	);
});

const MODES: BillingMode[] = ['minutes', 'wallet', 'minutes_then_wallet'];

type Step =
	| { kind: 'call'; estimateMinutes: number; seconds: number; order: number[] }
	| { kind: 'allocate'; minutes: number }
	| { kind: 'pay'; cents: number }
	| { kind: 'mode'; mode: BillingMode };

const steps = fc.array(
	fc.oneof(
		{
			weight: 4,
			arbitrary: fc.record({
				kind: fc.constant('call' as const),
				estimateMinutes: fc.integer({ min: 1, max: 4 }),
				seconds: fc.oneof(fc.nat(400), fc.constantFrom(0, 1, 59, 60, 61)),
				// Any order of its four callbacks, some of them twice.
				order: fc
					.array(fc.nat(3), { maxLength: 4 })
					.chain((more) =>
						fc.shuffledSubarray([0, 1, 2, 3, ...more], { minLength: 4 + more.length })
					)
			})
		},
		fc.record({
			kind: fc.constant('allocate' as const),
			minutes: fc.integer({ min: 1, max: 6 })
		}),
		fc.record({ kind: fc.constant('pay' as const), cents: fc.integer({ min: 1, max: 60 }) }),
		fc.record({ kind: fc.constant('mode' as const), mode: fc.constantFrom(...MODES) })
	),
	{ minLength: 4, maxLength: 14 }
);

/** Plays a step; a call's id when there was credit for one. */
async function play(tenant: Tenant, step: Step): Promise<string | null> {
	house.clock.advanceSeconds(1);
	if (step.kind === 'allocate') {
		await house.allocate(tenant.id, step.minutes);
		return null;
	}
	if (step.kind === 'pay') {
		await house.pay(tenant.id, formatMicros(BigInt(step.cents) * 10_000n, 6));
		return null;
	}
	if (step.kind === 'mode') {
		const input = { organizationId: tenant.id, billingMode: step.mode };
		await updateOrganization({ ctx: house.as(admin), input });
		return null;
	}
	const { estimateMinutes, seconds, order } = step;
	const call = await house.placeBound(tenant.id, { estimateMinutes }).catch(() => null);
	if (call === null) return null;
	const story = storyOf(call.sid, house.clock.read(), seconds);
	house.clock.advanceSeconds(10 + seconds);
	for (const index of order) await post(house.services, story[index] ?? {}, call);
	return call.callId;
}

async function everyRow<Row>(read: (cursor?: string) => Promise<Page<Row>>): Promise<Row[]> {
	const rows: Row[] = [];
	let cursor: string | undefined;
	do {
		const page = await read(cursor);
		rows.push(...page.rows);
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
	return rows;
}

/** Sums by name, without those that are nothing. */
function sumBy(lines: [string, bigint][]): Record<string, bigint> {
	const sums: Record<string, bigint> = {};
	for (const [name, amount] of lines) {
		if (amount !== 0n) sums[name] = (sums[name] ?? 0n) + amount;
	}
	return sums;
}

async function readBooks(ctx: Context, organizationId: number) {
	const usage = await everyRow((cursor) =>
		listUsage({ ctx, input: { organizationId, ...(cursor && { cursor }) } })
	);
	const transactions = await everyRow((cursor) =>
		listTransactions({ ctx, input: { organizationId, limit: 5, ...(cursor && { cursor }) } })
	);
	return { usage, transactions };
}

describe('the receipts of a period', () => {
	it.each(MODES)(
		'given any calls, allocations, payments and changes of mode after mode %s, then they are the usage log, the entries of the wallet and what was billed',
		async (mode) => {
			const ctx = house.as(admin);
			let lines = 0;
			await fc.assert(
				fc.asyncProperty(steps, async (story) => {
					const tenant = await house.createTenant({ mode, minutes: 3, dollars: '0.25' });
					const callIds: string[] = [];
					for (const step of story) {
						const callId = await play(tenant, step);
						if (callId !== null) callIds.push(callId);
					}
					const details = await Promise.all(
						callIds.map((callId) => getCall({ ctx: house.as(tenant.agent), input: { callId } }))
					);
					const { usage, transactions } = await readBooks(ctx, tenant.id);
					const rows = await house.sql`
						select call_id, converted_amount from debts where organization_id = ${tenant.id}`;
					const converted = new Map(
						rows.map((row) => [row.call_id, parseMicros(row.converted_amount)])
					);
					const said = details.flatMap(({ call, receipt }) =>
						receipt.map((line) => ({ ...line, callId: call.id }))
					);
					lines += said.length;
					const paidBy = (kind: (typeof said)[number]['paidBy']) =>
						said.filter((line) => line.paidBy === kind);

					expect(
						sumBy(paidBy('allocation').map((line) => [line.callId, BigInt(line.minutes ?? 0)]))
					).toEqual(sumBy(usage.map((row) => [row.callId, BigInt(row.minutes)])));
					expect(
						sumBy(paidBy('wallet').map((line) => [line.callId, parseMicros(line.amount ?? '0')]))
					).toEqual(
						sumBy(
							transactions.flatMap((row) =>
								row.type === 'call' ? [[String(row.callId), -parseMicros(row.amount)]] : []
							)
						)
					);
					for (const { call, receipt } of details) {
						expect((call.billedMinutes ?? 0) * 60).toBeGreaterThanOrEqual(
							call.durationSeconds ?? 0
						);
						const money = receipt.reduce((sum, line) => sum + parseMicros(line.amount ?? '0'), 0n);
						expect(money + (converted.get(call.id) ?? 0n)).toBe(parseMicros(call.cost ?? '0'));
					}
				}),
				{ numRuns: 12 }
			);
			expect(lines).toBeGreaterThan(20);
		}
	);
});
