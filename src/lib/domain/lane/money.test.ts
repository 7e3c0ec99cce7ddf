import { describe, expect, it } from 'vitest';
import {
	completedOf,
	consumeOf,
	creditOf,
	debtOf,
	deliveryOf,
	getOrganization,
	lotOf,
	moneyOf,
	NOW_MS,
	organizationOf,
	placeOf,
	run,
	stateOf,
	withdrawOf
} from '../../../../tests/fixtures/lane';
import type { Credit, Debt } from '../credit/types';

const withCredit = (credit: Credit, debts: Debt[] = []) =>
	stateOf({ organizations: [organizationOf({ credit })], debts });

const owed = (callId: string, amountMicros: bigint, createdAtMs: number): Debt =>
	debtOf(callId, { amountMicros, createdAtMs });

describe('given minutes that are owed', () => {
	const owing = (mode: Credit['mode']) =>
		withCredit(creditOf([], { totalMinutes: 3, usedMinutes: 3, debtMinutes: 3, mode }), [
			debtOf('call-9', { minutes: 3 })
		]);

	it.each(['wallet', 'minutes_then_wallet'] as const)(
		'when money comes in mode %s, then it pays them first, at the rate of their call',
		(mode) => {
			const state = owing(mode);
			const { changes } = run(state, moneyOf({ amountMicros: 250_000n }));
			expect(getOrganization(state).credit).toMatchObject({
				debtMinutes: 1,
				balanceMicros: 50_000n
			});
			expect(changes.rows?.transactions?.[1]).toMatchObject({
				type: 'debit',
				amountMicros: 200_000n,
				callId: 'call-9'
			});
		}
	);

	it('when money comes where only minutes pay, then they stay owed', () => {
		const state = owing('minutes');
		run(state, moneyOf({ amountMicros: 250_000n }));
		expect(getOrganization(state).credit).toMatchObject({
			debtMinutes: 3,
			balanceMicros: 250_000n
		});
	});
});

describe('given money', () => {
	it('when it is put in, then the balance, its transaction and the audit say the same', () => {
		const state = withCredit(creditOf([], { balanceMicros: 2_000_000n }));
		const { result, changes } = run(state, moneyOf({ metadata: { pi: 'pi_1' } }));
		expect(result).toEqual({ kind: 'moved', repeated: false });
		expect(getOrganization(state).credit.balanceMicros).toBe(12_000_000n);
		expect(changes.rows?.transactions).toEqual([
			{
				id: 'transaction-1',
				organizationId: 1,
				amountMicros: 10_000_000n,
				type: 'credit',
				description: 'paid by card',
				balanceBeforeMicros: 2_000_000n,
				balanceAfterMicros: 12_000_000n,
				callId: null,
				metadata: { pi: 'pi_1' },
				createdAtMs: NOW_MS
			}
		]);
		expect(changes.rows?.audit).toMatchObject([
			{ action: 'wallet.credit', before: { balanceMicros: '2000000' } }
		]);
	});

	it('when the same transaction comes again, then it is answered and books nothing', () => {
		const state = withCredit(creditOf([]));
		run(state, moneyOf());
		const { result, changes } = run(state, moneyOf({ amountMicros: 99_000_000n }));
		expect(result).toEqual({ kind: 'moved', repeated: true });
		expect(changes).toEqual({});
		expect(getOrganization(state).credit.balanceMicros).toBe(10_000_000n);
	});

	it.each([
		[700_000n, 'moved'],
		[700_001n, 'not_enough']
	])(
		'when %s micro-dollars are taken from a dollar of which thirty cents are held, then the answer is %s',
		(amountMicros, kind) => {
			const credit = creditOf([], { balanceMicros: 1_000_000n, heldMicros: 300_000n });
			const state = withCredit(credit);
			const { result, changes } = run(state, moneyOf({ type: 'debit', amountMicros }));
			expect(result.kind).toBe(kind);
			if (result.kind === 'not_enough') {
				expect(result.spendableMicros).toBe(700_000n);
				expect(changes).toEqual({});
			} else expect(getOrganization(state).credit.balanceMicros).toBe(300_000n);
		}
	);

	it('when a debit was refused, then the same id may try again', () => {
		const state = withCredit(creditOf([]));
		const debit = moneyOf({ type: 'debit', amountMicros: 1n });
		expect(run(state, debit).result.kind).toBe('not_enough');
		run(state, moneyOf({ transactionId: 'transaction-2' }));
		expect(run(state, debit).result).toEqual({ kind: 'moved', repeated: false });
	});

	it('when it is for an organisation nobody knows, then nothing changes', () => {
		const { result, changes } = run(stateOf(), moneyOf({ organizationId: 99 }));
		expect(result).toEqual({ kind: 'unknown_organization' });
		expect(changes).toEqual({});
	});

	it('when its id is that of a payment of another organisation, then it is not answered as booked', () => {
		const state = stateOf({
			organizations: [organizationOf(), organizationOf({ id: 2, credit: creditOf([]) })]
		});
		run(state, moneyOf());
		expect(run(state, moneyOf({ organizationId: 2 })).result).not.toEqual({
			kind: 'moved',
			repeated: true
		});
	});
});

describe('given debt in dollars', () => {
	/** Fifty cents owed: thirty for an older call, twenty for a newer one. */
	const indebted = () =>
		withCredit(creditOf([], { debtMicros: 500_000n }), [
			owed('newer', 200_000n, NOW_MS - 1_000),
			owed('older', 300_000n, NOW_MS - 2_000)
		]);

	it.each(['credit', 'refund'] as const)(
		'when a %s covers part of it, then the oldest call is paid first, each with a transaction of its own',
		(type) => {
			const state = indebted();
			const { changes } = run(state, moneyOf({ type, amountMicros: 400_000n }));
			expect(
				changes.rows?.transactions?.map(
					({ callId, amountMicros, balanceBeforeMicros, balanceAfterMicros }) => [
						callId,
						amountMicros,
						balanceBeforeMicros,
						balanceAfterMicros
					]
				)
			).toEqual([
				[null, 400_000n, 0n, 400_000n],
				['older', 300_000n, 400_000n, 100_000n],
				['newer', 100_000n, 100_000n, 0n]
			]);
			expect(getOrganization(state).credit).toMatchObject({
				balanceMicros: 0n,
				debtMicros: 100_000n
			});
			expect(state.openDebts.get(1)).toMatchObject([
				{ callId: 'newer', remainingMicros: 100_000n, amountMicros: 200_000n }
			]);
		}
	);

	it('when more comes than is owed, then only the rest can be spent', () => {
		const state = indebted();
		run(state, moneyOf({ amountMicros: 600_000n }));
		expect(getOrganization(state).credit).toMatchObject({
			balanceMicros: 100_000n,
			debtMicros: 0n
		});
		expect(state.openDebts.get(1)).toEqual([]);
	});

	it('when the payment is repeated, then no debt is paid again', () => {
		const state = indebted();
		run(state, moneyOf({ amountMicros: 400_000n }));
		expect(run(state, moneyOf({ amountMicros: 400_000n })).changes).toEqual({});
		expect(getOrganization(state).credit.debtMicros).toBe(100_000n);
	});

	it('when it was made in one moment, then it is paid call by call in the order of their ids', () => {
		const [one, other] = [owed('call-1', 10n, NOW_MS), owed('call-2', 10n, NOW_MS)];
		for (const debts of [
			[one, other],
			[other, one]
		]) {
			const state = withCredit(creditOf([], { debtMicros: 20n }), debts);
			const { changes } = run(state, moneyOf({ amountMicros: 15n }));
			expect(changes.debts?.map(({ id }) => id)).toEqual(['call-1', 'call-2']);
		}
	});

	it('when a live call holds dollars, then they pay no debt', () => {
		const credit = creditOf([], {
			balanceMicros: 600_000n,
			heldMicros: 600_000n,
			debtMicros: 500_000n
		});
		const state = withCredit(credit, [owed('older', 500_000n, NOW_MS - 1_000)]);
		run(state, moneyOf({ amountMicros: 80_000n }));
		expect(getOrganization(state).credit).toMatchObject({
			balanceMicros: 600_000n,
			heldMicros: 600_000n,
			debtMicros: 420_000n
		});
		run(state, moneyOf({ transactionId: 'transaction-2', amountMicros: 700_000n }));
		expect(getOrganization(state).credit).toMatchObject({
			balanceMicros: 880_000n,
			heldMicros: 600_000n,
			debtMicros: 0n
		});
	});

	it('when the wallet is used up by another call, then what is owed does not depend on which ended first', () => {
		const play = (order: ['a' | 'b', 'a' | 'b']) => {
			const lots = [lotOf({ remainingMinutes: 1 })];
			const state = withCredit(creditOf(lots, { balanceMicros: 100_000n }));
			run(state, placeOf({ callId: 'a', to: '+12025550101' }));
			run(state, placeOf({ callId: 'b', to: '+12025550102' }));
			for (const callId of order) {
				const ended = { callId, providerCallId: `CA${callId}` };
				run(state, deliveryOf(completedOf({ a: 170, b: 60 }[callId], ended), callId));
			}
			run(state, moneyOf());
			const { debtMinutes, debtMicros, balanceMicros } = getOrganization(state).credit;
			return { debtMinutes, debtMicros, balanceMicros };
		};
		expect(play(['a', 'b'])).toEqual(play(['b', 'a']));
		expect(play(['a', 'b'])).toMatchObject({ debtMinutes: 0, debtMicros: 0n });
	});

	it('when an overrun made it, then the next payment pays it', () => {
		const state = withCredit(creditOf([lotOf({ remainingMinutes: 1 })]));
		run(state, placeOf());
		const { changes } = run(state, deliveryOf(completedOf(170, { callId: 'call-1' })));
		expect(changes.debts).toMatchObject([
			{ callId: 'call-1', minutes: 0, amountMicros: 200_000n, remainingMicros: 200_000n }
		]);
		run(state, moneyOf());
		expect(getOrganization(state).credit).toMatchObject({
			balanceMicros: 9_800_000n,
			debtMicros: 0n
		});
	});
});

describe('given minutes an integration reports', () => {
	const two = () =>
		withCredit(
			creditOf([
				lotOf({ id: 'second', remainingMinutes: 9, priority: 1 }),
				lotOf({ id: 'first', remainingMinutes: 3 })
			])
		);

	it('when there are enough, then they are used in burn order under its call id', () => {
		const state = two();
		const { result, changes } = run(state, consumeOf());
		expect(result).toEqual({
			kind: 'consumed',
			repeated: false,
			minutes: 4,
			shortMinutes: 0,
			remainingMinutes: 8
		});
		expect(changes.rows?.usage).toMatchObject([
			{ callId: 'pbx-1', allocationId: 'first', minutesConsumed: 3, settlesDebt: false },
			{ callId: 'pbx-1', allocationId: 'second', minutesConsumed: 1, settlesDebt: false }
		]);
		expect(getOrganization(state).credit).toMatchObject({ usedMinutes: 4, totalMinutes: 12 });
	});

	it('when the same call is reported again, then the first answer stands and nothing is used', () => {
		const state = two();
		run(state, consumeOf());
		const { result, changes } = run(state, consumeOf({ minutes: 8 }));
		expect(result).toMatchObject({ repeated: true, minutes: 4, shortMinutes: 0 });
		expect(changes).toEqual({});
	});

	it('when two organisations use the same call id, then each is booked', () => {
		const state = stateOf({
			organizations: [
				organizationOf(),
				organizationOf({ id: 2, credit: creditOf([lotOf({ id: 'lot-of-2' })]) })
			]
		});
		run(state, consumeOf());
		expect(run(state, consumeOf({ organizationId: 2 })).result).toMatchObject({
			repeated: false,
			minutes: 4
		});
	});

	it('when there are fewer, then what is missing is answered and not owed', () => {
		const state = withCredit(
			creditOf([lotOf({ remainingMinutes: 5, heldMinutes: 3 })], { balanceMicros: 5_000_000n })
		);
		expect(run(state, consumeOf()).result).toMatchObject({
			minutes: 2,
			shortMinutes: 2,
			remainingMinutes: 0
		});
		expect(getOrganization(state).credit).toMatchObject({
			usedMinutes: 2,
			heldMinutes: 3,
			debtMinutes: 0,
			debtMicros: 0n,
			balanceMicros: 5_000_000n
		});
	});

	it('when none are left, then the report still counts once', () => {
		const state = withCredit(creditOf([]));
		expect(run(state, consumeOf()).result).toMatchObject({ minutes: 0, shortMinutes: 4 });
		expect(run(state, consumeOf()).result).toMatchObject({ repeated: true, shortMinutes: 4 });
	});

	it('when nobody knows the organisation, then nothing changes', () => {
		expect(run(stateOf(), consumeOf({ organizationId: 99 }))).toEqual({
			result: { kind: 'unknown_organization' },
			changes: {}
		});
	});
});

describe('given a grant that is taken back', () => {
	it.each(['revoke', 'expire'] as const)(
		'when it is by %s, then only what remains and is not held goes, and the history says so',
		(cause) => {
			const state = withCredit(creditOf([lotOf({ remainingMinutes: 7, heldMinutes: 3 })]));
			const { result, changes } = run(state, withdrawOf({ cause }));
			expect(result).toEqual({ kind: 'withdrawn', minutes: 4 });
			expect(getOrganization(state).credit).toMatchObject({
				totalMinutes: 3,
				usedMinutes: 0,
				heldMinutes: 3,
				lots: [{ remainingMinutes: 3, heldMinutes: 3 }]
			});
			expect(changes.rows?.history).toMatchObject([
				{ kind: cause, minutes: 4, allocationId: 'lot-1', reason: 'granted by mistake' }
			]);
			expect(changes.rows?.audit).toMatchObject([
				{
					action: `minutes.${cause}`,
					before: { totalMinutes: 7 },
					after: { totalMinutes: 3, minutes: 4 }
				}
			]);
		}
	);

	it('when it is taken back twice, then the second time takes nothing and writes nothing', () => {
		const state = stateOf();
		run(state, withdrawOf());
		expect(run(state, withdrawOf())).toEqual({
			result: { kind: 'withdrawn', minutes: 0 },
			changes: {}
		});
	});

	it('when a live call holds some and uses less, then what comes back cannot be spent on new calls', () => {
		const state = withCredit(creditOf([lotOf()]));
		run(state, placeOf());
		run(state, withdrawOf());
		run(state, deliveryOf(completedOf(30, { callId: 'call-1' })));
		expect(run(state, placeOf({ callId: 'call-2' })).result.kind).toBe('blocked');
	});

	it('when it is of another organisation, then it is not known', () => {
		const state = stateOf({
			organizations: [organizationOf(), organizationOf({ id: 2, credit: creditOf([]) })]
		});
		expect(run(state, withdrawOf({ organizationId: 2 }))).toEqual({
			result: { kind: 'unknown_allocation' },
			changes: {}
		});
	});
});
