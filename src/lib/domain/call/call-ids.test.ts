import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { firstCallIdAt, isCallIdOfNow, momentOfCallId } from './call-ids';

describe('given ids of calls', () => {
	it.each([0, 1_000, Date.parse('2026-11-21T10:00:00.123Z')])(
		'when one was placed at %i, then it lies at or after the first id of that moment and before that of the next',
		(atMs) => {
			const id = uuid({ msecs: atMs });
			expect(id >= firstCallIdAt(atMs)).toBe(true);
			expect(id < firstCallIdAt(atMs + 1)).toBe(true);
		}
	);

	it.each([
		['now', 0, true],
		['by a clock twelve hours behind', -12, true],
		['by a clock twelve hours ahead', 12, true],
		['by a clock a day behind', -24, false],
		['by a clock a day ahead', 24, false]
	])('when one was made %s, then it may name a call placed now or not', (_how, hours, isOfNow) => {
		const nowMs = Date.parse('2026-11-21T10:00:00Z');
		const madeAtMs = nowMs + hours * 3_600_000;
		const id = uuid({ msecs: madeAtMs });
		expect(momentOfCallId(id)).toBe(madeAtMs);
		expect(isCallIdOfNow(id, nowMs)).toBe(isOfNow);
	});
});
