import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_STATUSES, foldStatusWord, isTerminal, statusRank } from './status';

describe('foldStatusWord', () => {
	it.each([
		'no-answer',
		'No_Answer',
		'NO ANSWER',
		'noAnswer',
		' no - answer ',
		'no\tanswer',
		'no__answer'
	])('given %j, then it is the word noanswer', (word) => {
		expect(foldStatusWord(word)).toBe('noanswer');
	});

	it('given any word, when folded twice, then nothing changes the second time', () => {
		fc.assert(
			fc.property(fc.string(), (word) => {
				expect(foldStatusWord(foldStatusWord(word))).toBe(foldStatusWord(word));
			})
		);
	});

	it('given different words, then they stay different', () => {
		const words = [
			'queued',
			'initiated',
			'ringing',
			'in-progress',
			'completed',
			'busy',
			'failed',
			'no-answer',
			'canceled'
		];
		expect(new Set(words.map(foldStatusWord)).size).toBe(words.length);
	});
});

describe('statusRank', () => {
	it('given the life of a call, then the rank rises up to one terminal rank', () => {
		expect(CALL_STATUSES.map(statusRank)).toEqual([0, 1, 2, 3, 3, 3]);
	});

	it('given all statuses, then exactly the three last are terminal', () => {
		expect(CALL_STATUSES.filter(isTerminal)).toEqual(['completed', 'failed', 'cancelled']);
	});
});
