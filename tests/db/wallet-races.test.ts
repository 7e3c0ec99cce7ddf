/** One wallet, many at once: in one process and in two. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '$lib/server/services';
import { House, placeCommand } from '../support/house';
import { inTurn, openProcesses, tally } from '../support/house-lanes';

let house: House;
let processes: Services[];

beforeAll(async () => {
	house = await House.open();
	processes = await openProcesses(house, 2, 8);
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

describe('a repeat', () => {
	it('given a payment that comes ten times from two processes, then it is booked once', async () => {
		const { id } = await house.createTenant();
		const transactionId = crypto.randomUUID();
		const results = await Promise.all(
			Array.from({ length: 10 }, (_, index) =>
				inTurn(processes, index).lane.submit({
					kind: 'move_money',
					transactionId,
					organizationId: id,
					type: 'credit',
					amountMicros: 5_000_000n,
					description: 'once',
					metadata: {},
					actor: { kind: 'webhook' }
				})
			)
		);
		const firsts = results.filter((result) => result.kind === 'moved' && !result.repeated);
		expect(firsts).toHaveLength(1);
		expect(await house.wallet(id)).toMatchObject({ balance: '5' });
	});

	it('given minutes reported ten times under one call id from two processes, then they are used once', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const callEndMs = house.clock.read();
		const results = await Promise.all(
			Array.from({ length: 10 }, (_, index) =>
				inTurn(processes, index).lane.submit({
					kind: 'consume',
					organizationId: id,
					externalCallId: 'pbx-1',
					minutes: 4,
					callStartMs: callEndMs - 240_000,
					callEndMs
				})
			)
		);
		const firsts = results.filter((result) => result.kind === 'consumed' && !result.repeated);
		expect(firsts).toHaveLength(1);
		expect(await house.credit(id)).toMatchObject({ used: 4, total: 10 });
	});
});

describe('dollars for one call', () => {
	it.each([1, 2])(
		'given them, when thirty start at once in %i processes, then one is placed and the rest are told why',
		async (count) => {
			const { id, name } = await house.createTenant({ dollars: '0.10' });
			const lanes = processes.slice(0, count);
			const results = await Promise.all(
				Array.from({ length: 30 }, (_, index) => inTurn(lanes, index).lane.submit(placeCommand(id)))
			);
			expect(tally(results.map((result) => result.kind))).toEqual({ placed: 1, blocked: 29 });
			for (const result of results) {
				if (result.kind !== 'blocked') continue;
				expect(result.block).toMatchObject({
					code: 'insufficient_balance',
					message: `The call was not placed. ${name} has $0.00 in the wallet ($0.10 is held by calls in progress); a minute to this number costs $0.10.`
				});
			}
			expect(await house.wallet(id)).toMatchObject({ balance: '0.1', held: '0.1' });
			expect(await house.credit(id)).toMatchObject({ live: 1 });
		}
	);

	it.each([1, 2])(
		'given an overdraft of two minutes, when thirty confirmed calls start at once in %i processes, then two are placed and no more is lent than agreed',
		async (count) => {
			const lanes = processes.slice(0, count);
			const { id } = await house.createTenant({ dollars: '0.10' });
			await house.sql`update organizations set overdraft_amount = 0.20 where id = ${id}`;
			const start = (isOverdraftAgreed: boolean) =>
				Promise.all(
					Array.from({ length: 30 }, (_, index) =>
						inTurn(lanes, index).lane.submit(placeCommand(id, { isOverdraftAgreed }))
					)
				);
			const codes = (results: Awaited<ReturnType<typeof start>>) =>
				tally(
					results.map((result) => (result.kind === 'blocked' ? result.block.code : result.kind))
				);
			expect(codes(await start(false))).toEqual({ placed: 1, overdraft_unconfirmed: 29 });
			expect(codes(await start(true))).toEqual({ placed: 2, insufficient_balance: 28 });
			expect(await house.wallet(id)).toMatchObject({ held: '0.1', lent: '0.2', debt: '0' });
		}
	);
});
