import { describe, expect, it } from 'vitest';
import { isWithinFilter, type CallFilter, type FilteredCall } from './call-filter';

const period = { start: '2026-11-15', end: '2026-11-21', days: 7 };
/** 01:10 on Saturday in Kolkata, Friday evening in UTC. */
const call: FilteredCall = {
	status: 'failed',
	endReason: 'busy',
	provider: 'twilio',
	userId: null,
	initiatedAt: '2026-11-20T19:40:00.000Z'
};
const isShown = (filter: CallFilter, changes: Partial<FilteredCall> = {}) =>
	isWithinFilter({ ...call, ...changes }, filter, 'Asia/Kolkata', period, null);

describe('isWithinFilter', () => {
	it.each<[CallFilter, boolean]>([
		[{}, true],
		[{ status: 'failed', endReason: 'busy', provider: 'twilio', userId: 'none' }, true],
		[{ status: 'completed' }, false],
		[{ endReason: 'no_answer' }, false],
		[{ provider: 'bolna' }, false],
		[{ userId: 'user-1' }, false],
		[{ day: '2026-11-21', weekday: 6, hour: 1 }, true],
		[{ day: '2026-11-20' }, false],
		[{ hour: 19 }, false],
		[{ country: 'US' }, false]
	])('given the filter %j, then the call belongs: %s', (filter, belongs) => {
		expect(isShown(filter)).toBe(belongs);
	});

	it('given a call of the day after the period, then it does not belong', () => {
		expect(isShown({}, { initiatedAt: '2026-11-21T18:30:00.000Z' })).toBe(false);
	});

	it('given the last 24 hours, then the moment counts and not the day', () => {
		const fromMs = Date.parse('2026-11-20T19:40:00.001Z');
		const window = { fromMs, toMs: fromMs + 86_400_000 };
		expect(isWithinFilter(call, {}, 'Asia/Kolkata', period, window)).toBe(false);
	});

	it('given a completed call without a reason, then its reason is its status', () => {
		const completed = { status: 'completed', endReason: null } as const;
		expect(isShown({ endReason: 'completed' }, completed)).toBe(true);
	});
});
