import { describe, expect, it } from 'vitest';
import { actionWords, actorWords, changedFields } from './audit-words';

describe('actionWords', () => {
	it.each([
		['minutes.allocate', 'Allocated minutes'],
		['budget.remove', 'Removed a budget'],
		['budget.other', 'Budget: other'],
		['something_new', 'Something new']
	])('given %s, then it reads "%s"', (action, words) => {
		expect(actionWords(action)).toBe(words);
	});
});

describe('actorWords', () => {
	it('given a person, then their name; given none, then what it was', () => {
		expect(actorWords({ actorKind: 'user', actorName: 'Priya' })).toBe('Priya');
		expect(actorWords({ actorKind: 'job', actorName: null })).toBe('Talktime');
	});
});

describe('changedFields', () => {
	it('given before and after, then only what differs is shown, each with both', () => {
		expect(
			changedFields(
				{ totalMinutes: 1_000, name: 'Asha', isActive: true },
				{ totalMinutes: 1_300, name: 'Asha', isActive: false, reason: 'November' }
			)
		).toEqual([
			{ name: 'total minutes', before: '1,000', after: '1,300' },
			{ name: 'active', before: 'yes', after: 'no' },
			{ name: 'reason', before: null, after: 'November' }
		]);
	});

	it('given nothing before, then everything is new', () => {
		expect(changedFields(null, { scopes: ['read'] })).toEqual([
			{ name: 'scopes', before: null, after: 'read' }
		]);
	});

	it('given money and names that are ours, then dollars and words are shown', () => {
		expect(
			changedFields(
				{ balanceMicros: '2000000', billingMode: 'minutes', countries: ['US'] },
				{ balanceMicros: '-50000', billingMode: 'minutes_then_wallet', countries: [] }
			)
		).toEqual([
			{ name: 'balance', before: '$2.00', after: '−$0.05' },
			{ name: 'billing mode', before: 'minutes', after: 'minutes then wallet' },
			{ name: 'countries', before: 'US', after: 'none' }
		]);
	});
});
