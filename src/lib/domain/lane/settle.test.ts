import { describe, expect, it } from 'vitest';
import {
	callOf,
	creditOf,
	holdOf,
	lotOf,
	NOW_MS,
	organizationOf,
	stateOf
} from '../../../../tests/fixtures/lane';
import type { Call } from '../call/call';
import { DEFAULT_RATE } from '../credit/rating';
import type { Credit, Hold } from '../credit/types';
import { settleCall } from './settle';

const ANSWERED_MS = NOW_MS + 5_000;

/** A call of 61 seconds that has just ended. */
const ended = (part: Partial<Call> = {}) =>
	callOf({
		status: 'completed',
		answeredAtMs: ANSWERED_MS,
		endedAtMs: ANSWERED_MS + 61_000,
		talkSeconds: 61,
		billedMinutes: 2,
		...part
	});

function settle(call: Call, credit: Credit, holds: Hold[] = []) {
	const organizations = [organizationOf({ credit, liveCalls: 1 })];
	return settleCall(stateOf({ organizations, calls: [call], holds }), call, NOW_MS + 70_000);
}

describe('given a call that has ended', () => {
	it('when allocations paid all of it, then its receipt names when it was talked, and nothing is owed or debited', () => {
		const changes = settle(ended(), creditOf([lotOf({ heldMinutes: 3 })]), [holdOf()]);
		expect(changes.rows).toEqual({
			usage: [
				{
					organizationId: 1,
					callId: 'call-1',
					allocationId: 'lot-1',
					minutesConsumed: 2,
					isExternal: false,
					settlesDebt: false,
					callStartMs: ANSWERED_MS,
					callEndMs: ANSWERED_MS + 61_000
				}
			],
			transactions: []
		});
		expect(changes.debts).toEqual([]);
		expect(changes.organizations).toMatchObject([{ liveCalls: 0 }]);
	});

	it('when the wallet paid, then there is one debit, named after the call and the number', () => {
		const credit = creditOf([], { mode: 'wallet', balanceMicros: 1_000_000n });
		const { rows, debts } = settle(ended(), credit);
		expect(rows).toEqual({
			usage: [],
			transactions: [
				{
					id: 'call-1',
					organizationId: 1,
					amountMicros: 200_000n,
					type: 'debit',
					description: 'Call to +12025550101',
					balanceBeforeMicros: 1_000_000n,
					balanceAfterMicros: 800_000n,
					callId: 'call-1',
					metadata: { kind: 'call' },
					createdAtMs: NOW_MS + 70_000
				}
			]
		});
		expect(debts).toEqual([]);
	});

	it('when it had no hold, then none is closed', () => {
		expect(settle(ended(), creditOf([lotOf()])).holds).toEqual([]);
	});

	it.each([
		['minutes', { mode: 'minutes' as const }, { minutes: 2, amountMicros: 0n, worthMinutes: 0 }],
		[
			'dollars',
			{ mode: 'wallet' as const },
			{ minutes: 0, amountMicros: 200_000n, worthMinutes: 2 }
		]
	])('when nobody could pay its %s, then they are owed whole', (_what, part, owed) => {
		expect(settle(ended(), creditOf([], part)).debts).toEqual([
			{
				id: 'call-1',
				organizationId: 1,
				callId: 'call-1',
				paymentId: null,
				...owed,
				remainingMinutes: owed.minutes,
				remainingMicros: owed.amountMicros,
				perMinuteMicros: DEFAULT_RATE.perMinuteMicros,
				convertedMinutes: 0,
				convertedMicros: 0n,
				callStartMs: ANSWERED_MS,
				callEndMs: ANSWERED_MS + 61_000,
				createdAtMs: NOW_MS + 70_000
			}
		]);
	});

	it('when its answer was heard of or not, then its entries run back from its end by the seconds that are billed', () => {
		for (const answeredAtMs of [ANSWERED_MS, ANSWERED_MS - 1_000, null]) {
			const call = ended({ answeredAtMs });
			expect(settle(call, creditOf([lotOf()])).rows?.usage).toMatchObject([
				{ callStartMs: ANSWERED_MS, callEndMs: ANSWERED_MS + 61_000 }
			]);
		}
	});

	it('when nobody said when it ended, then its entries run until now', () => {
		const call = ended({ answeredAtMs: null, endedAtMs: null });
		expect(settle(call, creditOf([lotOf()])).rows?.usage).toMatchObject([
			{ callStartMs: NOW_MS + 9_000, callEndMs: NOW_MS + 70_000 }
		]);
	});
});
