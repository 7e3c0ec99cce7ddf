import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceAfter, takeTurn, turnsWithin, TURN_WAIT_MS_MAX, type Pace } from './pace';

/** The moments at which requests that all come at once are let go; null for those refused. */
function turnsOf(count: number, callsPerSecond: number, nowMs = 0): (number | null)[] {
	let pace: Pace = { dueAtMs: 0 };
	return Array.from({ length: count }, () => {
		const turn = takeTurn(pace, callsPerSecond, nowMs);
		if (turn) pace = turn.pace;
		return turn && nowMs + turn.waitMs;
	});
}

describe('given requests that come at once', () => {
	it('when one goes each second, then they follow each other, and the twelfth is refused', () => {
		expect(turnsOf(13, 1)).toEqual([
			...Array.from({ length: 11 }, (_, index) => index * 1_000),
			null,
			null
		]);
	});

	it('when several go each second, then a second is let go at once and the rest is spaced', () => {
		expect(turnsOf(6, 4)).toEqual([0, 0, 0, 0, 250, 500]);
	});

	it('when the provider is slower than one a second, then they wait longer', () => {
		expect(turnsOf(3, 0.5)).toEqual([0, 2_000, 4_000]);
	});
});

describe('given any requests', () => {
	it('when they come over time, then no second has more than twice what is allowed, and none waits too long', () => {
		const gaps = fc.array(fc.nat(1_500), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(gaps, fc.integer({ min: 1, max: 8 }), (waits, callsPerSecond) => {
				let [nowMs, pace] = [0, { dueAtMs: 0 }];
				const starts: number[] = [];
				for (const wait of waits) {
					nowMs += wait;
					const turn = takeTurn(pace, callsPerSecond, nowMs);
					if (!turn) continue;
					pace = turn.pace;
					expect(turn.waitMs).toBeLessThanOrEqual(TURN_WAIT_MS_MAX);
					starts.push(nowMs + turn.waitMs);
				}
				for (const start of starts) {
					const within = starts.filter((other) => other >= start && other < start + 1_000);
					expect(within.length).toBeLessThanOrEqual(2 * callsPerSecond);
				}
			})
		);
	});

	it('when turns are counted ahead, then they are those that taking them one by one gives', () => {
		const any = fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.constantFrom(0.5, 1, 3, 8, 200));
		fc.assert(
			fc.property(any, fc.nat(2_000), ([dueAtMs, callsPerSecond], waitMs) => {
				const nowMs = 5_000;
				let [pace, turns]: [Pace, number] = [{ dueAtMs }, 0];
				for (;;) {
					const turn = takeTurn(pace, callsPerSecond, nowMs);
					if (!turn || turn.waitMs > waitMs + 1e-3) break;
					pace = turn.pace;
					turns++;
				}
				expect(turnsWithin({ dueAtMs }, callsPerSecond, nowMs, waitMs)).toBe(turns);
				if (turns === 0) return;
				const after = paceAfter({ dueAtMs }, callsPerSecond, nowMs, turns);
				expect(after.dueAtMs).toBeCloseTo(pace.dueAtMs, 3);
			})
		);
	});
});
