import { describe, expect, it } from 'vitest';
import type { CreditsView } from '$lib/views';
import { walletPreview } from './wallet-preview';

const wallet: CreditsView = {
	organizationId: 1,
	billingMode: 'minutes_then_wallet',
	balance: '42.10',
	heldAmount: '0.30',
	spendable: '41.80',
	debtAmount: '0.00',
	status: 'OK',
	estimatedMinutes: 418,
	autoRefill: {
		isEnabled: false,
		amount: '50.00',
		threshold: '10.00',
		monthlyCap: null,
		monthSpent: '0.00',
		month: '',
		state: 'armed',
		pauseReason: null,
		declines: 0,
		nextAttemptAt: null,
		lastRefillAt: null
	},
	version: 1
};

describe('walletPreview', () => {
	it.each([
		['25.00', 'Asha will have $67.10 in the wallet: about 668 minutes at $0.10 a minute.'],
		['-5', 'Asha will have $37.10 in the wallet: about 368 minutes at $0.10 a minute.'],
		['-42', 'At most $41.80 can be taken out; $0.30 is held by live calls.'],
		[null, 'Enter an amount to see what it makes.']
	])('given %s, then it says the wallet that follows', (dollars, sentence) => {
		expect(walletPreview('Asha', wallet, dollars)).toBe(sentence);
	});

	it('given debt, then it is paid first', () => {
		const owing = { ...wallet, balance: '0.00', heldAmount: '0.00', spendable: '0.00' };
		expect(walletPreview('Asha', { ...owing, debtAmount: '0.40' }, '1')).toBe(
			'Asha will have $0.60 in the wallet, after $0.40 owed is paid: about 6 minutes at $0.10 a minute.'
		);
	});
});
