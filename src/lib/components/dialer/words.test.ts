import { describe, expect, it } from 'vitest';
import { dueWords } from './due-words';
import { skippedWords } from './skipped-words';
import { soundReason } from './sound-reason';

const NOW_MS = Date.parse('2026-11-25T12:00:00Z');
const dueIn = (minutes: number) =>
	dueWords(new Date(NOW_MS + minutes * 60_000).toISOString(), NOW_MS, 'UTC');

describe('given a call-back', () => {
	it.each([
		[-90, 'Wed 25 Nov, 10:30, late'],
		[-5, '5 min late'],
		[-0.5, 'now'],
		[0, 'now'],
		[12, 'in 12 min'],
		[90, 'today 13:30'],
		[24 * 60, 'Thu 26 Nov, 12:00']
	])('when it is due in %d minutes, then it says %s', (minutes, words) => {
		expect(dueIn(minutes)).toBe(words);
	});
});

describe('given leads that were passed over', () => {
	it('when they are counted, then each reason that there was is said', () => {
		const none = { byAgent: 0, doNotCall: 0, hours: 0, done: 0, taken: 0 };
		expect(skippedWords({ skipped: none })).toBe('');
		expect(skippedWords({ skipped: { ...none, doNotCall: 2, hours: 1 } })).toBe(
			'Passed over: 2 do not call, 1 outside calling hours'
		);
	});
});

describe('given a call', () => {
	const call = { id: 'call-1', device: 'browser' as const };
	const phone = { callId: 'call-1', lastCallId: null, state: 'ready' as const, isInCall: true };
	it.each([
		['its sound is in this tab', call, phone, null],
		['it is talked on a phone', { ...call, device: 'phone' as const }, phone, /your phone/],
		[
			'another tab has it',
			call,
			{ ...phone, callId: null, state: 'elsewhere' as const },
			/another tab/
		],
		[
			'the page was loaded again',
			call,
			{ ...phone, callId: null, isInCall: false },
			/not in this tab/
		]
	])('when %s, then that is why it can be muted or not', (_when, given, at, reason) => {
		const said = soundReason(given, at);
		if (reason === null) expect(said).toBeNull();
		else expect(said).toMatch(reason);
	});
});
