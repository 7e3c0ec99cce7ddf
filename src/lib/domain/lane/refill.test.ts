import { expect, it } from 'vitest';
import {
	creditOf,
	debtOf,
	NOW_MS,
	organizationOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import type { Credit, Debt } from '../credit/types';
import { NO_REFILL } from '../payments/auto-refill';

const DOLLAR = 1_000_000n;

/** An armed refill of ten dollars at ten dollars, whose claim was just opened. */
function charged(credit: Partial<Credit>, debt: Partial<Debt>) {
	const autoRefill = {
		...NO_REFILL,
		...{ isEnabled: true, state: 'claimed' as const, lookAtMs: NOW_MS },
		...{ amountMicros: 10n * DOLLAR, thresholdMicros: 10n * DOLLAR }
	};
	const state = stateOf({
		organizations: [organizationOf({ autoRefill, credit: creditOf([], credit) })],
		debts: [debtOf('call-9', debt)]
	});
	return run(state, {
		...{ kind: 'step_refill', organizationId: 1, paymentId: 'pay-1', isLive: true },
		card: { customerId: 'cus_1', paymentMethodId: 'pm_1' }
	}).result;
}

it.each([
	['dollars', { debtMicros: 30n * DOLLAR }, { amountMicros: 30n * DOLLAR }],
	['minutes that dollars pay', { debtMinutes: 300 }, { minutes: 300 }]
])(
	'given %s that are owed, when it is charged, then one charge pays them and reaches the threshold',
	(_what, credit, debt) => {
		expect(charged(credit, debt)).toMatchObject({
			kind: 'charge',
			payment: { amountMicros: 40n * DOLLAR }
		});
	}
);
