import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAttempt, errorRate, mayTry, NEW_CIRCUIT, tryNow, type Circuit } from './health';

const NOW = 1_000_000;
const SECOND = 1_000;

/** Attempts a second apart: `+` was answered, `-` was not. The last one is made at NOW. */
function after(pattern: string, from: Circuit = NEW_CIRCUIT, endMs = NOW): Circuit {
	return [...pattern].reduce(
		(circuit, mark, index) =>
			afterAttempt(circuit, mark === '+', endMs - (pattern.length - 1 - index) * SECOND),
		from
	);
}

describe('given a closed circuit', () => {
	it.each([
		['nothing yet', '', 'closed'],
		['four failures in a row', '----', 'closed'],
		['five failures in a row', '-----', 'open'],
		['an answer between failures', '----+----', 'closed'],
		['half of twenty failing', '+-+-+-+-+-+-+-+-+-+-', 'closed'],
		['most of twenty failing, never five in a row', '+---+---+---+---+---', 'open'],
		['most of nineteen failing', '---+---+---+---+---', 'closed']
	])('when there is %s, then it is as it should be', (_what, pattern, state) => {
		expect(after(pattern).state).toBe(state);
	});

	it('when failures are older than a minute, then only those in a row count', () => {
		const old = after('+---+---+---+---+--', NEW_CIRCUIT, NOW - 120 * SECOND);
		const now = after('+-', old);
		expect(now.state).toBe('closed');
		expect(errorRate(now, NOW)).toBe(0.5);
	});
});

describe('given an open circuit', () => {
	const open = after('-----');

	it.each([
		[0, false],
		[29_999, false],
		[30_000, true]
	])('when %i ms have passed, then an attempt may be made: %s', (laterMs, may) => {
		expect(mayTry(open, NOW + laterMs)).toBe(may);
		expect(tryNow(open, NOW + laterMs) !== null).toBe(may);
	});

	it('when its time has come, then one attempt goes through and no second one', () => {
		const trying = tryNow(open, NOW + 30_000);
		expect(trying?.state).toBe('half_open');
		if (!trying) return;
		expect(tryNow(trying, NOW + 30_001)).toBeNull();
		expect(tryNow(trying, NOW + 90_000)?.state).toBe('half_open');
	});

	it('when that one is answered, then it closes and forgets', () => {
		const trying = tryNow(open, NOW + 30_000) ?? open;
		const closed = afterAttempt(trying, true, NOW + 31_000);
		expect(closed).toMatchObject({ state: 'closed', failuresInARow: 0, openings: 0 });
		expect(errorRate(closed, NOW + 31_000)).toBe(0);
	});

	it('when that one fails too, then it stays open twice as long, at most five minutes', () => {
		let circuit = open;
		const waits: number[] = [];
		for (let turn = 0; turn < 6; turn++) {
			const atMs = circuit.waitsUntilMs;
			const trying = tryNow(circuit, atMs);
			if (!trying) throw new Error('no try');
			circuit = afterAttempt(trying, false, atMs);
			waits.push((circuit.waitsUntilMs - atMs) / SECOND);
		}
		expect(waits).toEqual([60, 120, 240, 300, 300, 300]);
	});

	it('when an attempt from before it opened ends badly, then it waits no longer for it', () => {
		expect(afterAttempt(open, false, NOW + 5_000).waitsUntilMs).toBe(open.waitsUntilMs);
	});
});

describe('given any history', () => {
	it('when it goes on, then an answer always closes, and there is always a moment to try', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.boolean(), fc.nat(90_000)), { maxLength: 80 }),
				(history) => {
					let [circuit, nowMs] = [NEW_CIRCUIT, NOW];
					for (const [isAnswered, waitMs] of history) {
						nowMs += waitMs;
						circuit = afterAttempt(tryNow(circuit, nowMs) ?? circuit, isAnswered, nowMs);
						if (isAnswered) expect(circuit.state).toBe('closed');
						expect(mayTry(circuit, nowMs + 300_000)).toBe(true);
					}
				}
			)
		);
	});
});
