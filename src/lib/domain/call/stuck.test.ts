import { describe, expect, it } from 'vitest';
import { stuckKindOf, stuckWords, type StuckKind } from './stuck';

const NOW_MS = 10_000_000;
const SILENT_MS = 300_000;

describe('stuckKindOf', () => {
	it.each([
		['an answer that never came', { submitState: 'unknown' }, 'unknown_submit'],
		['a hold past its end', { expiresAtMs: NOW_MS - 1 }, 'expired_hold'],
		['both', { submitState: 'unknown', expiresAtMs: 0 }, 'unknown_submit'],
		['silence', { heardAtMs: NOW_MS - SILENT_MS - 1 }, 'silent'],
		['a word just in time', { heardAtMs: NOW_MS - SILENT_MS }, null],
		['nothing', {}, null]
	])('given %s, then it is as said', (_what, change, kind) => {
		const call = { submitState: 'accepted', heardAtMs: NOW_MS, expiresAtMs: NOW_MS, ...change };
		expect(stuckKindOf(call, NOW_MS, SILENT_MS)).toBe(kind);
	});
});

describe('stuckWords', () => {
	const kinds: StuckKind[] = [
		...(['unknown_submit', 'expired_hold', 'silent'] as const),
		...(['unmatched', 'failed_delivery'] as const)
	];

	it.each(kinds)('given %s, then both are sentences', (kind) => {
		const facts = { providerName: 'Twilio', note: 'Duration is no number.', isAskedAgain: true };
		for (const sentence of Object.values(stuckWords(kind, facts))) {
			expect(sentence).toMatch(/^[A-Z].*\.$/);
		}
	});

	it('given a failed delivery of a call that is over, then it says that nothing more happens', () => {
		const facts = { providerName: 'Twilio', note: null, isAskedAgain: false };
		expect(stuckWords('failed_delivery', facts).next).toContain('nothing more happens');
	});
});
