import { describe, expect, it } from 'vitest';
import {
	completedOf,
	creditOf,
	deliveryOf,
	eventOf,
	getCall,
	getOrganization,
	lotOf,
	meterOf,
	moneyOf,
	NOW_MS,
	organizationOf,
	placeOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import type { Credit } from '../credit/types';

const numberAt = (index: number) => `+120255501${String(index).padStart(2, '0')}`;
const withCredit = (part: Partial<Credit>, minutes = 0) =>
	stateOf({
		organizations: [
			organizationOf({
				credit: creditOf(minutes > 0 ? [lotOf({ remainingMinutes: minutes })] : [], part)
			})
		]
	});

const UNITS = [
	['minutes', { mode: 'minutes', overdraftLimitMinutes: 5 }],
	['dollars', { mode: 'minutes_then_wallet', overdraftLimitMicros: 500_000n }],
	['the wallet only', { mode: 'wallet', overdraftLimitMicros: 500_000n }]
] as const;

describe.each(UNITS)('given no credit and five minutes of overdraft in %s', (_name, credit) => {
	it('when nobody confirmed, then the call is refused with a question that names what is left', () => {
		const { result, changes } = run(withCredit(credit), placeOf());
		expect(result).toMatchObject({
			kind: 'blocked',
			block: { code: 'overdraft_unconfirmed', numbers: { overdraftMinutes: 5 } }
		});
		expect(changes.rows?.blocks).toMatchObject([{ code: 'overdraft_unconfirmed' }]);
	});

	it('when it is confirmed, then the call is placed and the overdraft is lent to it alone', () => {
		const state = withCredit(credit);
		const { result } = run(state, placeOf({ isOverdraftAgreed: true, estimateMinutes: 3 }));
		expect(result.kind).toBe('placed');
		expect(state.openHolds.get('call-1')).toMatchObject({
			parts: [],
			walletSeconds: 0,
			overdraftMinutes: credit.mode === 'minutes' ? 3 : 0,
			overdraftSeconds: 180
		});
		const again = placeOf({ callId: 'call-2', to: numberAt(2), estimateMinutes: 3 });
		expect(run(state, { ...again, isOverdraftAgreed: true }).result.kind).toBe('blocked');
	});

	it('when thirty confirmed calls start at once, then the limit is lent and not a minute more', () => {
		const state = withCredit(credit);
		const placed = Array.from({ length: 30 }, (_, index) =>
			run(state, placeOf({ callId: `call-${index}`, to: numberAt(index), isOverdraftAgreed: true }))
		).filter(({ result }) => result.kind === 'placed');
		expect(placed).toHaveLength(5);
		const { credit: after } = getOrganization(state);
		expect(after.overdraftHeldMinutes).toBe(credit.mode === 'minutes' ? 5 : 0);
		expect(after.overdraftHeldMicros).toBe(credit.mode === 'minutes' ? 0n : 500_000n);
		for (const index of placed.keys()) {
			const end = completedOf(60, { callId: `call-${index}`, providerCallId: `CA-${index}` });
			run(state, deliveryOf(end, `end-${index}`));
		}
		expect(getOrganization(state).credit).toMatchObject({
			overdraftHeldMinutes: 0,
			overdraftHeldMicros: 0n,
			debtMinutes: credit.mode === 'minutes' ? 5 : 0,
			debtMicros: credit.mode === 'minutes' ? 0n : 500_000n
		});
		expect(
			run(state, placeOf({ callId: 'late', to: numberAt(40), isOverdraftAgreed: true })).result
		).toMatchObject({ kind: 'blocked' });
	});

	it('when a confirmed call talks on, then it is extended into the overdraft up to the limit', () => {
		const state = withCredit(credit);
		run(state, placeOf({ isOverdraftAgreed: true, estimateMinutes: 4 }));
		const answered = eventOf({ status: 'in_progress', callId: 'call-1', occurredAtMs: NOW_MS });
		run(state, deliveryOf(answered));
		const look = (seconds: number) => run(state, meterOf(), NOW_MS + seconds * 1_000).result.kind;
		expect([look(220), look(280), look(300)]).toEqual(['extended', 'draining', 'cut']);
	});

	it('when a confirmed call is placed, then the network lets it talk a minute beyond what is held, as the overdraft has it', () => {
		const state = withCredit(credit);
		run(state, placeOf({ isOverdraftAgreed: true }));
		expect(getCall(state).timeLimitSeconds).toBe(120);
	});
});

describe('given credit for a minute and an overdraft', () => {
	const oneMinute = () => withCredit({ overdraftLimitMicros: 500_000n }, 1);

	it('when a call asks for no length, then it is placed on the credit without a question', () => {
		const state = oneMinute();
		expect(run(state, placeOf()).result.kind).toBe('placed');
		expect(state.openHolds.get('call-1')).toMatchObject({ overdraftSeconds: 0 });
	});

	it('when it asks for three minutes, then it is asked whether to go into the overdraft', () => {
		expect(run(oneMinute(), placeOf({ estimateMinutes: 3 })).result).toMatchObject({
			block: { code: 'overdraft_unconfirmed' }
		});
	});

	it('when a confirmed call has used the credit, then it goes on into the overdraft', () => {
		const state = oneMinute();
		run(state, placeOf({ isOverdraftAgreed: true }));
		const answered = eventOf({ status: 'in_progress', callId: 'call-1', occurredAtMs: NOW_MS });
		run(state, deliveryOf(answered));
		expect(run(state, meterOf(), NOW_MS + 40_000).result.kind).toBe('extended');
	});

	it('when even the overdraft is not enough, then it is refused without a question that leads nowhere', () => {
		expect(run(oneMinute(), placeOf({ estimateMinutes: 9 })).result).toMatchObject({
			kind: 'blocked',
			block: { code: expect.not.stringMatching('overdraft_unconfirmed') }
		});
	});
});

it('given an empty wallet that was used before, then the refusal names the dollars', () => {
	const state = withCredit({ mode: 'wallet', balanceMicros: 90_000n });
	expect(run(state, placeOf()).result).toMatchObject({
		block: {
			code: 'insufficient_balance',
			message:
				'The call was not placed. Asha Travels has $0.09 in the wallet; a minute to this number costs $0.10.',
			numbers: { spendableDollars: 0.09, perMinuteDollars: 0.1 }
		}
	});
});

describe('given an overdraft of minutes where the wallet may pay too', () => {
	const lent = () => withCredit({ overdraftLimitMinutes: 5 });

	it('when it is confirmed, then it is lent, and what was talked of it is owed in minutes', () => {
		const state = lent();
		expect(run(state, placeOf({ isOverdraftAgreed: true, estimateMinutes: 3 })).result.kind).toBe(
			'placed'
		);
		run(state, deliveryOf(completedOf(100, { callId: 'call-1' })));
		expect(getOrganization(state).credit).toMatchObject({
			debtMinutes: 2,
			debtMicros: 0n,
			overdraftHeldMinutes: 0
		});
	});

	it('when money comes during the call, then it pays as far as it reaches, and no more is owed than what it does not', () => {
		const state = lent();
		run(state, placeOf({ isOverdraftAgreed: true, estimateMinutes: 3 }));
		run(state, moneyOf({ amountMicros: 250_000n }));
		run(state, deliveryOf(completedOf(170, { callId: 'call-1' })));
		const { credit } = getOrganization(state);
		expect(credit).toMatchObject({ debtMinutes: 1, debtMicros: 0n, balanceMicros: 50_000n });
		expect(getCall(state)).toMatchObject({ walletSeconds: 120, costMicros: 200_000n });
	});
});

describe.each([
	['minutes', 'minutes_then_wallet'],
	['minutes_then_wallet', 'minutes'],
	['minutes', 'wallet'],
	['wallet', 'minutes']
] as const)('given an overdraft lent in mode %s', (from, to) => {
	it(`when the mode becomes ${to} during the call, then nothing stays promised when it has ended`, () => {
		const state = withCredit({
			mode: from,
			overdraftLimitMinutes: 5,
			overdraftLimitMicros: 500_000n
		});
		run(state, placeOf({ isOverdraftAgreed: true }));
		const answered = eventOf({ status: 'in_progress', callId: 'call-1', occurredAtMs: NOW_MS });
		run(state, deliveryOf(answered));
		const organization = getOrganization(state);
		const credit = { ...organization.credit, mode: to };
		state.organizations.set(organization.id, { ...organization, credit });
		expect(run(state, meterOf(), NOW_MS + 50_000).result.kind).toBe('extended');
		run(state, deliveryOf(completedOf(70, { callId: 'call-1' }), 'end'), NOW_MS + 80_000);
		expect(getOrganization(state).credit).toMatchObject({
			overdraftHeldMinutes: 0,
			overdraftHeldMicros: 0n
		});
	});
});
