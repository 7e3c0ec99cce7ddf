import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	countCall,
	countExtension,
	guardCall,
	limitsOf,
	newGuard,
	released,
	SUSPICIOUS_MAX,
	type Guard,
	type GuardedCall
} from './guard';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');
const DAY_MS = 86_400_000;
const MICROS = 1_000_000n;

const guardOf = (part: Partial<Guard> = {}): Guard => ({ ...newGuard('US', NOW_MS), ...part });
const callOf = (part: Partial<GuardedCall> = {}): GuardedCall => ({
	to: '+12025550123',
	country: 'US',
	perMinuteMicros: 100_000n,
	promisedMicros: 300_000n,
	...part
});
const ask = (guard: Guard, call: Partial<GuardedCall> = {}, liveCalls = 0, nowMs = NOW_MS) =>
	guardCall(guard, 'Asha Travels', callOf(call), liveCalls, nowMs);

/** The guard after some calls in a row, and how many were let through. */
function callMany(guard: Guard, count: number, call: Partial<GuardedCall>, everyMs: number) {
	let passed = 0;
	for (let index = 0; index < count; index++) {
		const nowMs = NOW_MS + index * everyMs;
		const verdict = ask(guard, call, 0, nowMs);
		if (verdict.block === null) passed++;
		guard =
			verdict.block === null ? countCall(guard, callOf(call).promisedMicros, nowMs) : verdict.guard;
	}
	return { guard, passed };
}

describe('where a call may go', () => {
	it.each([
		[{ cents: 10 }, null],
		[{ to: '+19005550123' }, 'number_not_allowed'],
		[{ to: '+442079460961', country: 'GB' }, 'country_not_allowed'],
		[{ to: '+18765550123', country: 'JM' }, 'country_not_allowed'],
		[{ cents: 100 }, null],
		[{ cents: 101 }, 'price_too_high']
	])('given %j, then it is answered %s', (given, code) => {
		const { cents = 10, ...call }: Partial<GuardedCall> & { cents?: number } = given;
		const perMinuteMicros = BigInt(cents) * 10_000n;
		expect(ask(guardOf(), { ...call, perMinuteMicros }).block?.code ?? null).toBe(code);
	});

	it('given a country that was allowed, then it may be called', () => {
		const guard = guardOf({ countries: ['US', 'GB'] });
		expect(ask(guard, { to: '+442079460961', country: 'GB' }).block).toBeNull();
	});
});

const ABROAD = { to: '+979123456789', country: 'ZZ' };

describe('the breaker', () => {
	it('given attempts at premium numbers within a minute, then every new call stops until released', () => {
		const attack = callMany(guardOf(), SUSPICIOUS_MAX + 2, ABROAD, 200);
		expect(attack).toMatchObject({ passed: 0, guard: { tripReason: 'refused_numbers' } });
		expect(ask(attack.guard).block?.code).toBe('calling_paused');
		expect(ask(released(attack.guard)).block).toBeNull();
	});

	it('given the same attempts over an hour, dear lines at home, or wrong countries, then calling goes on', () => {
		const slow = callMany(guardOf(), 20, ABROAD, 180_000);
		const abroad = callMany(guardOf(), 1000, { to: '+442079460961', country: 'GB' }, 100);
		const home = callMany(guardOf(), 1000, { to: '+19005550123' }, 100);
		const tripped = [slow, abroad, home].map(({ guard }) => guard.trippedAtMs);
		expect(tripped).toEqual([null, null, null]);
	});

	it('given calls at the highest price that is allowed, then it trips before the cap is passed', () => {
		const call = { perMinuteMicros: MICROS, promisedMicros: 3n * MICROS };
		const { guard, passed } = callMany(guardOf(), 400, call, 10);
		expect(guard.tripReason).toBe('spending');
		expect(BigInt(passed) * call.promisedMicros).toBeLessThanOrEqual(500n * MICROS);
		expect(passed).toBeGreaterThan(160);
	});

	it('given live calls that are promised more than the cap, then it trips', () => {
		let guard = guardOf({ hourlyCapMicros: 10n * MICROS });
		for (let index = 0; index < 5; index++) guard = countExtension(guard, 2n * MICROS, NOW_MS);
		expect(guard.trippedAtMs).toBeNull();
		expect(countExtension(guard, 2n * MICROS, NOW_MS).tripReason).toBe('spending');
	});

	it('given any calls at all, then what is promised in an hour stays below twice the cap', () => {
		const someCalls = fc.array(
			fc.record({ cents: fc.integer({ min: 0, max: 2_000 }), waitMs: fc.nat({ max: 60_000 }) }),
			{ maxLength: 200 }
		);
		fc.assert(
			fc.property(someCalls, (calls) => {
				let guard = guardOf({ isTrusted: true, hourlyCapMicros: 50n * MICROS });
				let nowMs = NOW_MS;
				const promises: { atMs: number; micros: bigint }[] = [];
				for (const { cents, waitMs } of calls) {
					nowMs += waitMs;
					const promisedMicros = BigInt(cents) * 10_000n;
					const verdict = ask(guard, { promisedMicros }, 0, nowMs);
					if (verdict.block !== null) {
						guard = verdict.guard;
						continue;
					}
					guard = countCall(guard, promisedMicros, nowMs);
					promises.push({ atMs: nowMs, micros: promisedMicros });
				}
				for (const { atMs } of promises) {
					const hour = promises.filter((one) => one.atMs >= atMs && one.atMs < atMs + 3_600_000);
					const sum = hour.reduce((total, { micros }) => total + micros, 0n);
					expect(sum <= 100n * MICROS).toBe(true);
				}
			})
		);
	});
});

describe('growing into speed', () => {
	it.each([
		[0, 100, 600, 500],
		[1, 200, 1_200, 1_500],
		[7, null, null, 5_000]
	])(
		'given %i days, then %j calls at once, %j a minute, %d dollars an hour',
		(days, live, pace, cap) => {
			const limits = limitsOf(guardOf(), NOW_MS + days * DAY_MS);
			expect(limits).toEqual({
				liveCallsMax: live,
				callsPerMinute: pace,
				hourlyCapMicros: BigInt(cap) * MICROS
			});
		}
	);

	it('given as many live calls as it may have, then one more waits; trusted, it is placed', () => {
		expect(ask(guardOf(), {}, 99).block).toBeNull();
		expect(ask(guardOf(), {}, 100).block?.code).toBe('calling_too_fast');
		expect(ask(guardOf({ isTrusted: true }), {}, 5_000).block).toBeNull();
	});

	it('given a burst, then the pace holds it, and it goes on when it is asked again later', () => {
		const { guard, passed } = callMany(guardOf(), 700, { promisedMicros: 0n }, 0);
		expect(passed).toBe(600);
		expect(ask(guard, {}, 0, NOW_MS + 1_000).block).toBeNull();
	});
});

it('given a thousand calls of a campaign on the first day, then none is held up', () => {
	const { guard, passed } = callMany(guardOf(), 1_000, {}, 1_000);
	expect({ passed, trippedAtMs: guard.trippedAtMs }).toEqual({ passed: 1_000, trippedAtMs: null });
});
