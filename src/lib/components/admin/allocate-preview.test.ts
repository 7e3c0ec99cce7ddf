import { describe, expect, it } from 'vitest';
import type { MinutesView } from '$lib/views';
import { allocatePreview, lastingWords, type AllocateTarget } from './allocate-preview';

function targetOf(part: Partial<MinutesView> = {}, minutesLastHour = 0): AllocateTarget {
	return {
		minutesLastHour,
		credits: { billingMode: 'minutes_then_wallet', debtAmount: '0.00' },
		minutes: {
			organizationId: 1,
			organizationName: 'Asha Travels',
			isActive: true,
			totalMinutes: 10,
			usedMinutes: 0,
			heldMinutes: 0,
			remainingMinutes: 10,
			debtMinutes: 0,
			liveCalls: 0,
			version: 1,
			...part
		}
	};
}
const now = { isSetting: false, when: 'now' } as const;

describe('allocatePreview', () => {
	it('given minutes to add and a pace, then it says what there will be and for how long', () => {
		expect(allocatePreview([targetOf({}, 149)], { ...now, amount: 300 })).toBe(
			"Asha Travels will have 310 minutes, about 2 h 04 at today's pace."
		);
	});

	it('given debt, then it is paid first', () => {
		expect(
			allocatePreview([targetOf({ remainingMinutes: 0, debtMinutes: 4 })], { ...now, amount: 10 })
		).toBe('Asha Travels will have 6 minutes, after 4 minutes owed are paid.');
	});

	it('given dollars that calls owe where minutes pay, then it says that they are paid first', () => {
		const owing = (billingMode: 'minutes_then_wallet' | 'wallet') =>
			allocatePreview([{ ...targetOf(), credits: { billingMode, debtAmount: '0.20' } }], {
				...now,
				amount: 5
			});
		expect(owing('minutes_then_wallet')).toBe(
			'Asha Travels will have 15 minutes. What its calls owe of $0.20 is paid from it first, at their price.'
		);
		expect(owing('wallet')).toBe('Asha Travels will have 15 minutes.');
	});

	it.each([
		[310, 'Asha Travels will have 310 minutes.'],
		[4, 'Asha Travels will have 4 minutes, 6 minutes fewer than now.'],
		[0, 'Asha Travels will have 0 minutes, 10 minutes fewer than now.']
	])('given what is left is set to %i, then it says so', (amount, sentence) => {
		expect(allocatePreview([targetOf()], { amount, isSetting: true, when: 'now' })).toBe(sentence);
	});

	it('given many, then it says what each gets and who loses', () => {
		const many = [targetOf(), targetOf({ remainingMinutes: 500 })];
		expect(allocatePreview(many, { ...now, amount: 100 })).toBe(
			'2 organizations get 100 minutes each, 200 minutes in all. What they owe is paid first.'
		);
		expect(allocatePreview(many, { amount: 100, isSetting: true, when: 'now' })).toBe(
			'2 organizations will have 100 minutes each. One of them has more now and will lose the difference.'
		);
	});

	it('given a day, then it says that it can be cancelled', () => {
		expect(allocatePreview([targetOf()], { amount: 40, isSetting: false, when: 'once' })).toBe(
			'Asha Travels gets 40 minutes on that day. You can cancel it until then.'
		);
	});
});

describe('lastingWords', () => {
	it.each([
		[0.4, '1 min'],
		[25, '25 min'],
		[125, '2 h 05'],
		[4_400, '3 days']
	])('given %d minutes, then %s', (minutes, words) => {
		expect(lastingWords(minutes)).toBe(words);
	});
});
