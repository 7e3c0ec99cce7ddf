import { expect, it } from 'vitest';
import { LIMITS, RateLimits } from './rate-limits';

it('given one who asks too often, then he waits and nobody else does', () => {
	const limits = new RateLimits(1);
	const ask = (who: string, nowMs = 1_000) => limits.waitFor('export', who, nowMs);
	const waits = Array.from({ length: LIMITS.export.burst + 1 }, () => ask('session a'));
	expect(waits.filter((seconds) => seconds === 0)).toHaveLength(LIMITS.export.burst);
	expect(waits.at(-1)).toBe(5);
	expect(ask('session b')).toBe(0);
	expect(limits.waitFor('rest', 'session a', 1_000)).toBe(0);
	expect(ask('session a', 6_000)).toBe(0);
});

it('given a factor, then limits are so many times as wide, and with 0 there are none', () => {
	const countLetIn = (factor: number) => {
		const limits = new RateLimits(factor);
		return Array.from({ length: 100 }, () => limits.waitFor('export', 'a', 0)).filter(
			(seconds) => seconds === 0
		).length;
	};
	expect([countLetIn(1), countLetIn(2), countLetIn(0)]).toEqual([20, 40, 100]);
});
