import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_KINDS, ALERT_TIMES } from './kinds';
import { ALERT_AT_REST, stepAlert, type AlertEffect, type AlertReading } from './machine';

const MINUTE_MS = 60_000;
const TIMES = { confirmMs: MINUTE_MS, recoverMs: 2 * MINUTE_MS, cooldownMs: 60 * MINUTE_MS };
const FINE: AlertReading = { level: 0, isWellAgain: true };
const NEAR: AlertReading = { level: 0, isWellAgain: false };
const WRONG: AlertReading = { level: 1, isWellAgain: false };
const WORSE: AlertReading = { level: 2, isWellAgain: false };

/** One reading a minute. */
function run(readings: AlertReading[], times = TIMES): AlertEffect[] {
	let state = ALERT_AT_REST;
	return readings.map((reading, minute) => {
		const step = stepAlert(state, reading, times, minute * MINUTE_MS);
		state = step.state;
		return step.effect;
	});
}

const TOLD = (level: number) => ({ kind: 'raise', level, isTold: true });
const QUIET = (level: number) => ({ kind: 'raise', level, isTold: false });
const RESOLVED = { kind: 'resolve' };

describe('given a reading a minute', () => {
	it.each<[string, AlertReading[], unknown[]]>([
		['a crossing of one reading', [WRONG, FINE, FINE], [null, null, null]],
		['a crossing that lasts', [WRONG, WRONG, WRONG], [null, TOLD(1), null]],
		['something worse', [WRONG, WRONG, WORSE, WORSE], [null, TOLD(1), TOLD(2), null]],
		[
			'a value only just across again',
			[WRONG, WRONG, NEAR, NEAR, NEAR, NEAR],
			[null, TOLD(1), null, null, null, null]
		],
		[
			'one that stays well',
			[WRONG, WRONG, FINE, FINE, FINE, FINE],
			[null, TOLD(1), null, null, RESOLVED, null]
		],
		[
			'one that falls back before it was well for long',
			[WRONG, WRONG, FINE, WRONG, FINE, FINE, FINE],
			[null, TOLD(1), null, null, null, null, RESOLVED]
		],
		[
			'the same again within the cool-down',
			[WRONG, WRONG, FINE, FINE, FINE, WRONG, WRONG],
			[null, TOLD(1), null, null, RESOLVED, null, QUIET(1)]
		]
	])('when it is %s, then people are told as designed', (_what, readings, effects) => {
		expect(run(readings)).toEqual(effects);
	});
});

describe('given any readings of a week', () => {
	const reading = fc.record({ level: fc.integer({ min: 0, max: 3 }), isWellAgain: fc.boolean() });

	it('when they come, then of one level people are told at most once a cool-down, and raises and resolves alternate', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...ALERT_KINDS),
				fc.array(fc.tuple(reading, fc.integer({ min: 1, max: 120 })), { maxLength: 400 }),
				(kind, steps) => {
					const times = ALERT_TIMES[kind];
					let state = ALERT_AT_REST;
					let nowMs = 0;
					let isRaised = false;
					const toldAt = new Map<number, number>();
					for (const [{ level, isWellAgain }, minutes] of steps) {
						nowMs += minutes * MINUTE_MS;
						const seen = { level, isWellAgain: isWellAgain && level === 0 };
						const step = stepAlert(state, seen, times, nowMs);
						state = step.state;
						if (step.effect?.kind === 'resolve') {
							expect(isRaised).toBe(true);
							isRaised = false;
						} else if (step.effect) {
							isRaised = true;
							if (!step.effect.isTold) continue;
							const last = toldAt.get(step.effect.level);
							if (last !== undefined) {
								expect(nowMs - last).toBeGreaterThanOrEqual(times.cooldownMs);
							}
							toldAt.set(step.effect.level, nowMs);
						}
					}
				}
			)
		);
	});

	it('when a balance hovers at its line, then there is at most one mail per cool-down', () => {
		const times = ALERT_TIMES.low_balance;
		const minutes = 7 * 24 * 60;
		const hovering = Array.from(
			{ length: minutes },
			(_, minute) => [WRONG, NEAR, FINE, FINE, FINE, FINE][minute % 6] ?? FINE
		);
		const told = run(hovering, times).filter((effect) => effect?.kind === 'raise' && effect.isTold);
		expect(told.length).toBeLessThanOrEqual((minutes * MINUTE_MS) / times.cooldownMs);
		expect(told.length).toBeGreaterThan(0);
	});
});
