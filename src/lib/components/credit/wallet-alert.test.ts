import { describe, expect, it } from 'vitest';
import type { AutoRefillView, CreditsView, MinutesView } from '$lib/views';
import { walletAlert } from './wallet-alert';

const minutes: MinutesView = {
	organizationId: 1,
	organizationName: 'Asha Travels',
	isActive: true,
	totalMinutes: 0,
	usedMinutes: 0,
	heldMinutes: 0,
	remainingMinutes: 0,
	debtMinutes: 0,
	liveCalls: 0,
	version: 1
};
const refill: AutoRefillView = {
	isEnabled: true,
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
};
const rich: CreditsView = {
	organizationId: 1,
	billingMode: 'minutes_then_wallet',
	balance: '50.00',
	heldAmount: '0.00',
	spendable: '50.00',
	debtAmount: '0.00',
	status: 'GOOD',
	estimatedMinutes: 500,
	autoRefill: refill,
	version: 1
};
const low: CreditsView = {
	...rich,
	balance: '2.00',
	spendable: '2.00',
	status: 'LOW',
	estimatedMinutes: 20
};
const none: CreditsView = { ...low, balance: '0.00', spendable: '0.00', estimatedMinutes: 0 };
const paused = { ...refill, state: 'paused', pauseReason: 'declined' } as const;

describe('the alert of credit', () => {
	it('given enough of either, then there is none', () => {
		expect(walletAlert(minutes, rich)).toBeNull();
		expect(walletAlert({ ...minutes, remainingMinutes: 30 }, none)).toBeNull();
		expect(walletAlert(minutes, { ...none, billingMode: 'minutes' })).toBeNull();
	});

	it.each([
		['little in both', low, 'Credit is low'],
		['nothing in either', none, 'No credit is left'],
		[
			'a card declined',
			{ ...low, autoRefill: { ...refill, state: 'backoff', declines: 1 } },
			'Auto-refill failed'
		],
		['a pause', { ...low, autoRefill: paused }, 'Auto-refill is paused'],
		['a pause and nothing left', { ...none, autoRefill: paused }, 'No credit is left'],
		[
			'the cap',
			{ ...low, autoRefill: { ...paused, pauseReason: 'monthly_cap' } },
			'Auto-refill reached its monthly cap'
		],
		['a pause of what is off', { ...rich, autoRefill: { ...paused, isEnabled: false } }, undefined],
		['debt', { ...none, debtAmount: '3.20' }, '$3.20 is owed']
	] as [string, CreditsView, string | undefined][])(
		'given %s, then “%3$s”',
		(_name, credits, title) => {
			expect(walletAlert(minutes, credits)?.title).toBe(title);
		}
	);

	it('given that it gets worse, then its level rises at each step', () => {
		const declined = (declines: number) =>
			({ ...low, autoRefill: { ...refill, state: 'backoff', declines } }) as const;
		const steps = [
			low,
			{ ...low, autoRefill: { ...paused, pauseReason: 'monthly_cap' } } as const,
			declined(1),
			declined(2),
			declined(3),
			{ ...low, autoRefill: paused },
			none,
			{ ...none, debtAmount: '0.10' }
		].map((credits) => walletAlert(minutes, credits)?.level ?? 0);
		expect(steps).toEqual([...new Set(steps)].sort((first, second) => first - second));
	});
});
