/** What the toll-fraud guard's decision costs by itself: no request, no database. */
import { countCall, guardCall, newGuard, type Guard } from '../../../src/lib/domain/fraud/guard';
import { parsePhone } from '../../../src/lib/domain/phone';
import { percentile } from '../support/statistics';

export interface GuardCost {
	decisions: number;
	refused: number;
	p50Ms: number;
	p99Ms: number;
	maxMs: number;
}

const DECISIONS = 50_000;
const WARM_UP = 2_000;
/** Ordinary, foreign, premium, shared cost, satellite, free and special numbers. */
const NUMBERS = [
	...[
		'+12025550123',
		'+14155550177',
		'+919876543210',
		'+442071838750',
		'+4930901820',
		'+6591234567'
	],
	...[
		'+19005550123',
		'+449098790123',
		'+881612345678',
		'+18005550123',
		'+447012345678',
		'+33892123456'
	]
];

export function measureGuard(): GuardCost {
	const nowMs = Date.parse('2026-11-21T10:00:00Z');
	const fresh: Guard = newGuard('US', nowMs - 86_400_000);
	const calls = NUMBERS.map((to) => ({
		to,
		country: parsePhone(to)?.country ?? 'ZZ',
		perMinuteMicros: 100_000n,
		promisedMicros: 300_000n
	}));
	let guard = fresh;
	let refused = 0;
	const timesMs: number[] = [];
	for (let n = 0; n < WARM_UP + DECISIONS; n++) {
		const call = calls[n % calls.length] ?? calls[0];
		if (!call) throw new Error('There is no number.');
		const atMs = nowMs + n * 60;
		const startedAt = performance.now();
		const { block } = guardCall(guard, 'Asha Travels', call, n % 50, atMs);
		const next = block === null ? countCall(guard, call.promisedMicros, atMs) : guard;
		const tookMs = performance.now() - startedAt;
		if (n >= WARM_UP) {
			timesMs.push(tookMs);
			if (block !== null) refused++;
		}
		// What is spent drains in an hour: begin anew before the cap ends every decision early.
		guard = n % 1_000 === 999 ? fresh : next;
	}
	timesMs.sort((one, other) => one - other);
	return {
		decisions: DECISIONS,
		refused,
		p50Ms: percentile(timesMs, 0.5),
		p99Ms: percentile(timesMs, 0.99),
		maxMs: timesMs.at(-1) ?? NaN
	};
}

export function formatGuardCost({ decisions, refused, p50Ms, p99Ms, maxMs }: GuardCost): string {
	const micros = (ms: number) => `${(ms * 1000).toFixed(1)} µs`;
	return `guard alone     ${decisions} decisions (${refused} refused)  p50 ${micros(p50Ms)}  p99 ${micros(p99Ms)}  most ${micros(maxMs)}  (expected under 1 ms: ${p99Ms < 1 ? 'met' : 'NOT met'})`;
}
