import { describe, expect, it } from 'vitest';
import { overdueEvent, type LiveSilence } from './gaps';

const NOW_MS = 1_000_000_000;
const silenceOf = (part: Partial<LiveSilence>): LiveSilence => ({
	status: 'ringing',
	heardAtMs: NOW_MS,
	answeredAtMs: null,
	timeLimitSeconds: 600,
	...part
});

describe('overdueEvent', () => {
	it.each([
		[{ status: 'initiated', heardAtMs: NOW_MS - 60_000 }, null],
		[{ status: 'initiated', heardAtMs: NOW_MS - 61_000 }, 'ringing, or the end'],
		[{ status: 'ringing', heardAtMs: NOW_MS - 150_000 }, null],
		[{ status: 'ringing', heardAtMs: NOW_MS - 151_000 }, 'answered, or the end'],
		[{ status: 'in_progress', answeredAtMs: NOW_MS - 659_000 }, null],
		[{ status: 'in_progress', answeredAtMs: NOW_MS - 661_000 }, 'the end'],
		[{ status: 'completed', heardAtMs: 0 }, null]
	] as const)('given %j, then %s is overdue', (part, words) => {
		expect(overdueEvent(silenceOf(part), NOW_MS)).toBe(words);
	});
});
