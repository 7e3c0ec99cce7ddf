import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditOf } from '../../../../tests/fixtures/lane';
import type { Credit } from '../credit/types';
import {
	changeRefillSettings,
	claimRefill,
	DECLINES_MAX,
	failRefill,
	NO_REFILL,
	refillMicros,
	resumeRefill,
	settleRefill,
	stepRefill,
	type AutoRefill,
	type ChargeFailure
} from './auto-refill';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');
const HOUR_MS = 3_600_000;
const DOLLAR = 1_000_000n;
const ON: AutoRefill = { ...NO_REFILL, isEnabled: true };

function wallet(dollars: number, part: Partial<Credit> = {}): Credit {
	const balanceMicros = BigInt(Math.round(dollars * 100)) * 10_000n;
	return creditOf([], { mode: 'wallet', balanceMicros, ...part });
}

const DECLINE: ChargeFailure = {
	kind: 'declined',
	code: 'card_declined',
	declineCode: 'insufficient_funds',
	mayRetry: true
};

/** A refill whose charge `pay-1` is under way. */
function charging(part: Partial<AutoRefill> = {}): AutoRefill {
	return { ...ON, state: 'charging', paymentId: 'pay-1', lookAtMs: NOW_MS + 60_000, ...part };
}

function step(refill: AutoRefill, credit: Credit, part: object = {}, nowMs = NOW_MS) {
	const offer = { paymentId: 'pay-2', hasCard: true, month: '2026-11', ...part };
	return stepRefill(refill, credit, offer, nowMs);
}

describe('claiming', () => {
	it.each([
		['$10, the threshold', ON, wallet(10), false, false],
		['a cent less', ON, wallet(9.99), false, true],
		['dollars that calls hold', ON, wallet(12, { heldMicros: 3n * DOLLAR }), false, true],
		['debt', ON, wallet(12, { debtMicros: 3n * DOLLAR }), false, true],
		['a refused call', ON, wallet(50), true, true],
		['auto-refill off', NO_REFILL, wallet(0), true, false],
		['an organisation that pays by minutes', ON, wallet(0, { mode: 'minutes' }), true, false],
		['a claim that is open', charging(), wallet(0), true, false],
		['a pause', { ...ON, state: 'paused' as const }, wallet(0), true, false]
	])('given %s, then it is claimed or not', (_name, refill, credit, isCallShort, isClaimed) => {
		expect(claimRefill(refill, credit, isCallShort, NOW_MS) !== null).toBe(isClaimed);
	});
});

describe('how much', () => {
	it.each([
		[9, 0, 50],
		[0, 0, 50],
		[0, 39, 50],
		[0, 40, 50],
		[0, 41, 100],
		[0, 140, 150],
		[0, 100_000, 1_000]
	])('given $%i and $%i of debt, then $%i in one charge', (dollars, debt, charged) => {
		const credit = wallet(dollars, { debtMicros: BigInt(debt) * DOLLAR });
		expect(refillMicros(ON, credit)).toBe(BigInt(charged) * DOLLAR);
	});

	it('given any gap, then the charge is whole steps, closes it or is the most, and one step less would not', () => {
		const cents = (max: number) => fc.bigInt({ min: 0n, max: BigInt(max) }).map((n) => n * 10_000n);
		fc.assert(
			fc.property(cents(20_000), cents(60_000), cents(10_000), (balance, debt, over) => {
				const settings = { ...ON, thresholdMicros: DOLLAR + over };
				const credit = wallet(0, { balanceMicros: balance, debtMicros: debt });
				const charged = refillMicros(settings, credit);
				expect(charged % settings.amountMicros).toBe(0n);
				const after = balance - debt + charged;
				expect(after >= settings.thresholdMicros || charged === 1_000n * DOLLAR).toBe(true);
				const isOneStep = charged === settings.amountMicros;
				expect(isOneStep || after - settings.amountMicros < settings.thresholdMicros).toBe(true);
			})
		);
	});
});

describe('a charge', () => {
	const claimed = { ...ON, state: 'claimed' as const, lookAtMs: NOW_MS };

	it('given a claim and a card, when it is due, then it is charged under the new id, once', () => {
		const first = step(claimed, wallet(9));
		expect(first).toMatchObject({ kind: 'charge', amountMicros: 50n * DOLLAR });
		expect(first.refill).toMatchObject({ state: 'charging', paymentId: 'pay-2' });
		expect(step(first.refill, wallet(9))).toMatchObject({ kind: 'rest', refill: first.refill });
	});

	it('given a charge nobody heard of, when its time is over, then it is resolved under its own id', () => {
		const refill = charging({ lookAtMs: NOW_MS });
		expect(step(refill, wallet(9))).toMatchObject({ kind: 'resolve', paymentId: 'pay-1' });
	});

	it('given no card, then it pauses; given a balance that was topped up while it waited, then it is armed', () => {
		expect(step(claimed, wallet(9), { hasCard: false }).refill).toMatchObject({
			state: 'paused',
			pauseReason: 'no_card'
		});
		const waiting = { ...ON, state: 'backoff' as const, lookAtMs: NOW_MS, declines: 2 };
		expect(step(waiting, wallet(60)).refill).toMatchObject({ state: 'armed', declines: 0 });
	});

	it.each([
		[null, 0, 100],
		[100, 0, 100],
		[99, 0, 50],
		[150, 60, 50],
		[150, 110, null]
	])('given a cap of %s and $%i spent, when $100 is wanted, then $%s', (cap, spent, charged) => {
		const refill: AutoRefill = {
			...claimed,
			month: '2026-11',
			monthSpentMicros: BigInt(spent) * DOLLAR,
			monthlyCapMicros: cap === null ? null : BigInt(cap) * DOLLAR
		};
		const result = step(refill, wallet(0, { debtMicros: 50n * DOLLAR }));
		if (charged === null) expect(result.refill.pauseReason).toBe('monthly_cap');
		else expect(result).toMatchObject({ kind: 'charge', amountMicros: BigInt(charged) * DOLLAR });
	});

	it('given the cap reached, when the next month begins or the cap is raised, then it is armed', () => {
		const capped: AutoRefill = {
			...ON,
			state: 'paused',
			pauseReason: 'monthly_cap',
			lookAtMs: NOW_MS,
			month: '2026-11',
			monthSpentMicros: 100n * DOLLAR,
			monthlyCapMicros: 100n * DOLLAR
		};
		expect(step(capped, wallet(0)).refill.state).toBe('paused');
		expect(step(capped, wallet(0), { month: '2026-12' }).refill.state).toBe('armed');
		expect(changeRefillSettings(capped, capped).state).toBe('paused');
		const raised = { ...capped, monthlyCapMicros: 500n * DOLLAR };
		expect(changeRefillSettings(capped, raised).state).toBe('armed');
		expect(resumeRefill(capped).state).toBe('paused');
	});

	it('given a success, whether it is the one under way or late, then the month counts it', () => {
		const paid = { paymentId: 'pay-1', amountMicros: 50n * DOLLAR, month: '2026-11' };
		expect(settleRefill(charging({ declines: 3 }), paid, NOW_MS)).toMatchObject({
			state: 'settled',
			declines: 0,
			monthSpentMicros: 50n * DOLLAR
		});
		const late = settleRefill(charging({ paymentId: 'pay-9' }), paid, NOW_MS);
		expect(late).toMatchObject({ state: 'charging', monthSpentMicros: 50n * DOLLAR });
	});
});

describe('a failure', () => {
	it('given declines, then it waits 1, 2 and 4 hours and stops after the fourth', () => {
		let refill = charging();
		const waits: number[] = [];
		for (let count = 1; count <= DECLINES_MAX; count++) {
			refill = failRefill(refill, 'pay-1', DECLINE, NOW_MS);
			if (refill.lookAtMs !== null) waits.push((refill.lookAtMs - NOW_MS) / HOUR_MS);
			if (count < DECLINES_MAX) refill = { ...refill, state: 'charging' };
		}
		expect(waits).toEqual([1, 2, 4]);
		expect(refill).toMatchObject({ state: 'paused', pauseReason: 'declined', declines: 4 });
	});

	it.each([
		[{ ...DECLINE, mayRetry: false }, 'paused', 'card_refused', 1],
		[{ kind: 'authentication_required', code: 'x' }, 'paused', 'authentication_required', 1],
		[{ kind: 'card_refused', code: 'resource_missing' }, 'paused', 'card_refused', 1],
		[{ kind: 'outage', code: 'x' }, 'backoff', null, 0],
		[{ kind: 'unknown', code: 'x' }, 'unknown', null, 0]
	] as [ChargeFailure, string, string | null, number][])(
		'given %o, then it is %s',
		(failure, state, pauseReason, declines) => {
			expect(failRefill(charging(), 'pay-1', failure, NOW_MS)).toMatchObject({
				state,
				pauseReason,
				declines
			});
		}
	);

	it('given one that is late or of another attempt, then nothing changes', () => {
		for (const refill of [
			charging({ paymentId: 'pay-9' }),
			charging({ state: 'settled' }),
			charging({ state: 'backoff', declines: 1 })
		]) {
			expect(failRefill(refill, 'pay-1', DECLINE, NOW_MS)).toBe(refill);
		}
	});
});

describe('any day of an organisation', () => {
	it('given a bank that always declines and any moments of looking, then at most four attempts are made in 24 hours', () => {
		const minutes = fc.array(fc.integer({ min: 1, max: 180 }), { minLength: 1, maxLength: 200 });
		fc.assert(
			fc.property(minutes, (gaps) => {
				let refill = ON;
				let nowMs = NOW_MS;
				const attempts: number[] = [];
				for (const gap of gaps) {
					nowMs += gap * 60_000;
					refill = claimRefill(refill, wallet(5), false, nowMs) ?? refill;
					const next = step(refill, wallet(5), { paymentId: `pay-${nowMs}` }, nowMs);
					refill = next.refill;
					if (next.kind !== 'charge') continue;
					attempts.push(nowMs);
					refill = failRefill(refill, `pay-${nowMs}`, DECLINE, nowMs);
				}
				for (const from of attempts) {
					const inADay = attempts.filter((at) => at >= from && at < from + 24 * HOUR_MS);
					expect(inADay.length).toBeLessThanOrEqual(DECLINES_MAX);
				}
			})
		);
	});

	it('given anything that happens, then a pause has a reason, an attempt under way an id, and no second charge begins before the first has ended', () => {
		const event = fc.oneof(
			fc.constant('step' as const),
			fc.constant('paid' as const),
			fc.constant('resume' as const),
			fc.constant('toggle' as const),
			fc.constantFrom<ChargeFailure>(
				DECLINE,
				{ ...DECLINE, mayRetry: false },
				{ kind: 'unknown', code: 'x' },
				{ kind: 'outage', code: 'x' },
				{ kind: 'authentication_required', code: 'x' }
			)
		);
		const balances = fc.integer({ min: 0, max: 40 });
		fc.assert(
			fc.property(fc.array(fc.tuple(event, balances, fc.nat(200))), (events) => {
				let refill = ON;
				let nowMs = NOW_MS;
				let open: string | null = null;
				for (const [what, dollars, minutes] of events) {
					nowMs += minutes * 60_000;
					const credit = wallet(dollars);
					refill = claimRefill(refill, credit, false, nowMs) ?? refill;
					if (what === 'step') {
						const next = step(refill, credit, { paymentId: `pay-${nowMs}` }, nowMs);
						if (next.kind === 'charge') {
							expect(open, 'the one before has ended').toBeNull();
							open = `pay-${nowMs}`;
						}
						refill = next.refill;
					} else if (what === 'paid' && open !== null) {
						const paid = { paymentId: open, amountMicros: 50n * DOLLAR, month: '2026-11' };
						refill = settleRefill(refill, paid, nowMs);
						open = null;
					} else if (what === 'resume') refill = resumeRefill(refill);
					else if (what === 'toggle') {
						refill = changeRefillSettings(refill, { ...refill, isEnabled: !refill.isEnabled });
					} else if (typeof what === 'object' && open !== null) {
						refill = failRefill(refill, open, what, nowMs);
						if (what.kind !== 'unknown') open = null;
					}
					expect(refill.state === 'paused').toBe(refill.pauseReason !== null);
					if (['charging', 'unknown'].includes(refill.state)) expect(refill.paymentId).toBe(open);
				}
			})
		);
	});
});
