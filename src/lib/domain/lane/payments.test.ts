import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	creditOf,
	getOrganization,
	NOW_MS,
	organizationOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import type { LaneState } from './state';

const DOLLAR = 1_000_000n;

/** An organisation with an order for $50, paid or not. */
function opened(isPaid = true, heldMicros = 0n): LaneState {
	const credit = creditOf([], { mode: 'wallet', balanceMicros: heldMicros, heldMicros });
	const state = stateOf({ organizations: [organizationOf({ credit })] });
	run(state, {
		kind: 'open_payment',
		paymentId: 'pay-1',
		organizationId: 1,
		amountMicros: 50n * DOLLAR,
		isLive: false,
		customerId: 'cus_1',
		userId: null
	});
	if (isPaid) book(state);
	return state;
}

function book(state: LaneState, paymentIntentId = 'pi_1') {
	return run(state, {
		kind: 'book_payment',
		paymentId: 'pay-1',
		organizationId: 1,
		transactionId: `of-${paymentIntentId}`,
		fact: {
			paymentIntentId,
			amountMicros: 50n * DOLLAR,
			currency: 'usd',
			isLive: false,
			customerId: 'cus_1'
		}
	}).result;
}

let ids = 0;

function moneyBack(state: LaneState, refunded: bigint, disputed: bigint, ageOfAnswer = 0) {
	const version = state.payments.get('pay-1')?.version ?? 0;
	return run(state, {
		kind: 'book_money_back',
		paymentId: 'pay-1',
		organizationId: 1,
		askedAtVersion: version - ageOfAnswer,
		fact: {
			refundedMicros: refunded,
			disputedMicros: disputed,
			receiptUrl: null,
			isDisputeOpen: disputed > 0n
		},
		newIds: { refund: `refund-${ids}`, dispute: `dispute-${ids++}` },
		actor: { kind: 'webhook' }
	}).result;
}

const creditAfter = (state: LaneState) => getOrganization(state, 1).credit;

describe('booking', () => {
	it('given an order, when it is booked again and again, then it is credited once', () => {
		const state = opened(false);
		expect(book(state)).toEqual({ kind: 'booked', repeated: false });
		expect(book(state)).toEqual({ kind: 'booked', repeated: true });
		expect(creditAfter(state).balanceMicros).toBe(50n * DOLLAR);
	});

	it('given an order of another organisation, when it is named, then it is unknown', () => {
		const state = opened(false);
		state.organizations.set(2, organizationOf({ id: 2 }));
		const fact = {
			paymentIntentId: 'pi_1',
			amountMicros: 50n * DOLLAR,
			currency: 'usd',
			isLive: false,
			customerId: 'cus_1'
		};
		const command = { paymentId: 'pay-1', organizationId: 2, transactionId: 't', fact };
		expect(run(state, { kind: 'book_payment', ...command }).result.kind).toBe('unknown_payment');
	});
});

describe('money that goes back', () => {
	it('given an order nobody paid, or an answer older than the last change, then nothing is booked', () => {
		expect(moneyBack(opened(false), DOLLAR, 0n)).toEqual({ kind: 'not_paid' });
		expect(moneyBack(opened(), DOLLAR, 0n, 1)).toEqual({ kind: 'stale' });
	});

	it('given more than was paid, then no more than that is taken', () => {
		const state = opened();
		moneyBack(state, 40n * DOLLAR, 50n * DOLLAR);
		expect(state.payments.get('pay-1')).toMatchObject({
			refundedMicros: 40n * DOLLAR,
			disputedMicros: 10n * DOLLAR
		});
		expect(creditAfter(state)).toMatchObject({ balanceMicros: 0n, debtMicros: 0n });
	});

	it('given any totals in any order and any spending between, then balance less debt is what was paid less what went back and was spent, and held dollars stay', () => {
		const dollars = (max: number) =>
			fc.bigInt({ min: 0n, max: BigInt(max) }).map((n) => n * DOLLAR);
		const step = fc.record({ refunded: dollars(60), disputed: dollars(60), spent: dollars(30) });
		fc.assert(
			fc.property(fc.array(step, { maxLength: 12 }), dollars(20), (steps, held) => {
				const state = opened(true, held);
				let spent = 0n;
				for (const { refunded, disputed, spent: wanted } of steps) {
					const moved = run(state, {
						kind: 'move_money',
						transactionId: `spend-${ids++}`,
						organizationId: 1,
						type: 'debit',
						amountMicros: wanted + 1n,
						description: 'spent',
						metadata: {},
						actor: { kind: 'job' }
					}).result;
					if (moved.kind === 'moved') spent += wanted + 1n;
					moneyBack(state, refunded, disputed);
					const payment = state.payments.get('pay-1');
					const back = (payment?.refundedMicros ?? 0n) + (payment?.disputedMicros ?? 0n);
					const total = refunded + disputed;
					expect(back).toBe(total < 50n * DOLLAR ? total : 50n * DOLLAR);
					const credit = creditAfter(state);
					expect(credit.balanceMicros - credit.debtMicros).toBe(held + 50n * DOLLAR - back - spent);
					expect(credit.balanceMicros >= credit.heldMicros).toBe(true);
					const owed = (state.openDebts.get(1) ?? []).reduce(
						(sum, debt) => sum + debt.remainingMicros,
						0n
					);
					expect(credit.debtMicros).toBe(owed);
				}
			})
		);
	});

	it('given the choice to freeze, when a dispute is open, then calling is off; when it is only a refund, it stays on', () => {
		const state = opened();
		state.organizations.set(1, { ...getOrganization(state, 1), freezesOnDispute: true });
		expect(moneyBack(state, DOLLAR, 0n)).toMatchObject({ frozen: false });
		expect(moneyBack(state, DOLLAR, DOLLAR)).toMatchObject({ frozen: true });
		expect(getOrganization(state, 1).isActive).toBe(false);
	});
});

describe('debt', () => {
	it('given dollars that a call holds, when a payment comes, then only what is free pays debt', () => {
		const state = opened(false, 3n * DOLLAR);
		state.organizations.set(1, {
			...getOrganization(state, 1),
			credit: { ...creditAfter(state), debtMicros: 60n * DOLLAR }
		});
		const debt = {
			...{ id: 'debt-1', organizationId: 1, callId: null, paymentId: 'pay-0' },
			...{ minutes: 0, remainingMinutes: 0 },
			...{ amountMicros: 60n * DOLLAR, remainingMicros: 60n * DOLLAR, worthMinutes: 0 },
			...{ perMinuteMicros: 0n, convertedMinutes: 0, convertedMicros: 0n },
			...{ callStartMs: NOW_MS, callEndMs: NOW_MS, createdAtMs: NOW_MS }
		};
		state.openDebts.set(1, [debt]);
		book(state);
		expect(creditAfter(state)).toMatchObject({
			balanceMicros: 3n * DOLLAR,
			heldMicros: 3n * DOLLAR,
			debtMicros: 10n * DOLLAR
		});
	});
});
