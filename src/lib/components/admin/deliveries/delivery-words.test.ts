import { describe, expect, it } from 'vitest';
import type { DeliveryOutcomeView } from '$lib/views';
import { differences, lagWords } from './delivery-words';

describe('lagWords', () => {
	it.each([
		[null, '–'],
		[120, '120 ms'],
		[2_440, '2.4 s'],
		[185_000, '3 m 05 s']
	])('given %s, then %s', (lagMs, words) => {
		expect(lagWords(lagMs)).toBe(words);
	});
});

describe('differences', () => {
	const failed: DeliveryOutcomeView = {
		...{ state: 'failed', note: 'The call was locked', attempts: 1 },
		...{ callStatus: 'in_progress', billedMinutes: null, cost: null }
	};

	it('given the same outcome, then nothing is changed', () => {
		expect(differences(failed, failed).some(({ isChanged }) => isChanged)).toBe(false);
	});

	it('given one that was applied, then what it did is told', () => {
		const applied: DeliveryOutcomeView = {
			...{ state: 'applied', note: null, attempts: 2 },
			...{ callStatus: 'completed', billedMinutes: 2, cost: '0.100000' }
		};
		const changed = differences(failed, applied).filter(({ isChanged }) => isChanged);
		expect(changed.map(({ what, after }) => `${what}: ${after}`)).toEqual([
			'Delivery: Applied',
			'Note: –',
			'Attempts: 2',
			'Call: Completed',
			'Billed minutes: 2',
			'Paid by the wallet: $0.10'
		]);
	});
});
