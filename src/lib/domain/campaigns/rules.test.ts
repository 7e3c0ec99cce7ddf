import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterCall, DEFAULT_RETRY_RULES, type RetryRules } from './attempts';
import { DEFAULT_CALLING_HOURS } from './calling-hours';
import { CAMPAIGN_STATUSES, isOver, mayPlace, statusAfter } from './campaign';
import { affordableCalls, decideClaim, roomFor, type ClaimCandidate, type Room } from './claim';
import { forecastBatch } from './forecast';
import { finishMs, nextRate, standstillOf, type Standing } from './progress';

const NOON_IN_LONDON = Date.parse('2026-11-25T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('given a campaign in each status', () => {
	it.each([
		['draft', 'running', null, null, 'stopped'],
		['running', null, 'paused', null, 'stopping'],
		['paused', null, 'paused', 'running', 'stopping'],
		['stopping', null, null, null, null],
		['stopped', null, null, null, null],
		['finished', null, null, null, null]
	] as const)('%s', (status, start, pause, resume, stop) => {
		expect(statusAfter(status, 'start')).toBe(start);
		expect(statusAfter(status, 'pause')).toBe(pause);
		expect(statusAfter(status, 'resume')).toBe(resume);
		expect(statusAfter(status, 'stop')).toBe(stop);
	});

	it('when it is over, then nothing starts it again and nothing is placed', () => {
		for (const status of CAMPAIGN_STATUSES.filter(isOver)) {
			expect(mayPlace(status)).toBe(false);
			expect(statusAfter(status, 'start') ?? statusAfter(status, 'resume')).toBeNull();
		}
	});
});

describe('given a call that has ended', () => {
	const rules: RetryRules = { ...DEFAULT_RETRY_RULES, failedAfterMinutes: null };

	it.each([
		['completed', null, 1, 'answered', true, null],
		['failed', 'busy', 1, 'waiting', true, 10],
		['failed', 'busy', 3, 'unreached', true, null],
		['failed', 'no_answer', 2, 'waiting', true, 60],
		['cancelled', 'cancelled', 1, 'waiting', true, 60],
		['failed', 'provider_error: 30001', 1, 'unreached', true, null],
		['failed', 'invalid_number', 1, 'unreached', true, null],
		['failed', 'never_placed', 3, 'waiting', false, 1],
		['failed', 'provider_unavailable', 3, 'waiting', false, 1]
	] as const)('%s, %s, attempt %i: %s', (status, endReason, attempts, state, counts, minutes) => {
		const after = afterCall({ status, endReason }, attempts, rules, NOON_IN_LONDON);
		expect(after).toMatchObject({ state, isAttempt: counts, isProviderFault: false });
		const waits = after.nextAttemptAtMs && (after.nextAttemptAtMs - NOON_IN_LONDON) / MINUTE_MS;
		expect(waits).toBe(minutes);
	});

	it('when the provider would place no call at all, then its lead has lost nothing', () => {
		const call = { status: 'failed', endReason: 'caller_id_refused' } as const;
		expect(afterCall(call, 1, rules, NOON_IN_LONDON)).toMatchObject({
			state: 'waiting',
			isAttempt: false,
			isProviderFault: true
		});
	});
});

describe('given a lead that waits', () => {
	const free: ClaimCandidate = {
		phone: '+442079460461',
		contact: { doNotCall: false, timezone: null },
		isNumberBusy: false,
		callsOfDayMs: []
	};
	const rules = { hours: DEFAULT_CALLING_HOURS, callsPerDayMax: 3 };
	const called = [3, 2, 1].map((hours) => NOON_IN_LONDON - hours * HOUR_MS);

	it.each([
		['nothing forbids it', free, { kind: 'call' }],
		[
			'its contact is gone',
			{ ...free, contact: null },
			{ kind: 'skip', reason: 'contact_deleted' }
		],
		[
			'it must not be called',
			{ ...free, contact: { doNotCall: true, timezone: null }, isNumberBusy: true },
			{ kind: 'skip', reason: 'do_not_call' }
		],
		[
			'it sleeps',
			{ ...free, contact: { doNotCall: false, timezone: 'America/Los_Angeles' } },
			{ kind: 'later', reason: 'calling_hours', atMs: NOON_IN_LONDON + 4 * HOUR_MS }
		],
		[
			'nobody knows its time',
			{ ...free, phone: '+881612345678' },
			{ kind: 'skip', reason: 'no_calling_hour' }
		],
		[
			'it was called often today',
			{ ...free, callsOfDayMs: called },
			{ kind: 'later', reason: 'attempt_cap', atMs: NOON_IN_LONDON + 21 * HOUR_MS }
		],
		['it was called, but not often', { ...free, callsOfDayMs: called.slice(1) }, { kind: 'call' }],
		[
			'somebody talks with it',
			{ ...free, isNumberBusy: true },
			{ kind: 'later', reason: 'number_busy', atMs: NOON_IN_LONDON + 30_000 }
		]
	])('when %s, then it is known what becomes of it', (_what, candidate, claim) => {
		expect(decideClaim(candidate, rules, NOON_IN_LONDON)).toEqual(claim);
	});
});

describe('given the room a campaign has', () => {
	const room: Room = {
		concurrency: 10,
		calling: 4,
		campaignTurns: 100,
		providerTurns: 100,
		affordable: 100,
		isProbing: false
	};

	it.each([
		[{}, 6],
		[{ campaignTurns: 2 }, 2],
		[{ providerTurns: 0 }, 0],
		[{ affordable: 1 }, 1],
		[{ calling: 12 }, 0],
		[{ calling: 0, isProbing: true }, 1],
		[{ calling: 1, isProbing: true }, 0]
	])('when it is %j, then %i may be called', (changes, count) => {
		expect(roomFor({ ...room, ...changes })).toBe(count);
	});

	it.each([
		['plenty', { spendable: 90, needed: 1, slice: 3, talking: 0 }, 30],
		['less than a slice, and nobody talks', { spendable: 2, needed: 1, slice: 3, talking: 0 }, 1],
		['less than a slice, and one talks', { spendable: 3, needed: 1, slice: 3, talking: 1 }, 0],
		['a tail for each that talks', { spendable: 20, needed: 1, slice: 3, talking: 8 }, 4],
		['less than a call needs', { spendable: 4, needed: 5, slice: 3, talking: 0 }, 0],
		['nothing', { spendable: 0, needed: 1, slice: 3, talking: 0 }, 0]
	])('when credit is for %s, then so many calls can start', (_what, credit, count) => {
		expect(affordableCalls(credit)).toBe(count);
	});
});

describe('given a batch to forecast', () => {
	const history = { calls: 400, answered: 200, billedMinutes: 800 };

	it('when credit is short, then it says up to which lead it reaches', () => {
		const input = { leads: 120, attemptsMax: 1, history, affordableMinutes: 118 };
		expect(forecastBatch(input)).toEqual({
			leads: 120,
			minutes: 240,
			affordableMinutes: 118,
			reachesLead: 59,
			fromCalls: 400
		});
	});

	it('when too few calls were made, then what is usual counts', () => {
		const few = { calls: 3, answered: 3, billedMinutes: 90 };
		const forecast = forecastBatch({
			leads: 10,
			attemptsMax: 1,
			history: few,
			affordableMinutes: 18
		});
		expect(forecast).toMatchObject({ minutes: 18, reachesLead: 10, fromCalls: 0 });
	});

	it('when there is any history, then more minutes never reach fewer leads, and more tries cost more', () => {
		const any = fc.record({
			leads: fc.nat(10_000),
			attemptsMax: fc.integer({ min: 1, max: 10 }),
			affordableMinutes: fc.nat(50_000),
			history: fc
				.tuple(fc.nat(5_000), fc.nat(5_000), fc.nat(50_000))
				.map(([more, answered, minutes]) => ({
					calls: answered + more,
					answered,
					billedMinutes: answered + minutes
				}))
		});
		fc.assert(
			fc.property(any, (input) => {
				const forecast = forecastBatch(input);
				const richer = forecastBatch({ ...input, affordableMinutes: input.affordableMinutes + 10 });
				const patient = forecastBatch({ ...input, attemptsMax: input.attemptsMax + 1 });
				expect(forecast.reachesLead).toBeLessThanOrEqual(input.leads);
				expect(richer.reachesLead).toBeGreaterThanOrEqual(forecast.reachesLead);
				expect(patient.minutes).toBeGreaterThanOrEqual(forecast.minutes);
			})
		);
	});
});

describe('given a campaign that does not dial', () => {
	const nowMs = NOON_IN_LONDON;
	const counts = { total: 9, waiting: 4, calling: 2, answered: 3, unreached: 0, skipped: 0 };
	const running: Standing = {
		status: 'running',
		pauseCause: null,
		counts,
		concurrency: 5,
		holdup: null,
		nextDueMs: nowMs - 1,
		nextDueReason: null,
		lookedAtMs: nowMs - 200
	};

	it.each([
		['it dials', {}, { code: 'dialling' }],
		['it is a draft', { status: 'draft' }, { code: 'draft' }],
		[
			'somebody paused it',
			{ status: 'paused', pauseCause: 'person' },
			{ code: 'paused', cause: 'person' }
		],
		[
			'credit is used up',
			{ status: 'paused', pauseCause: 'credit' },
			{ code: 'paused', cause: 'credit' }
		],
		[
			'nobody works',
			{ lookedAtMs: nowMs - 31_000 },
			{ code: 'no_worker', sinceMs: nowMs - 31_000 }
		],
		['nobody ever worked', { lookedAtMs: null }, { code: 'no_worker', sinceMs: null }],
		['only calls are left', { counts: { ...counts, waiting: 0 } }, { code: 'last_calls' }],
		[
			'all sleep',
			{ nextDueMs: nowMs + 5, nextDueReason: 'calling_hours' },
			{ code: 'not_due', atMs: nowMs + 5, reason: 'calling_hours' }
		],
		['calls hold the credit', { holdup: 'credit' }, { code: 'credit' }],
		['it keeps its pace', { holdup: 'pace' }, { code: 'pace' }],
		['it has no more hands', { counts: { ...counts, calling: 5 } }, { code: 'full', calls: 5 }]
	] as [string, Partial<Standing>, object][])(
		'when %s, then it says so',
		(_what, changes, answer) => {
			expect(standstillOf({ ...running, ...changes }, nowMs)).toEqual(answer);
		}
	);

	it('when leads are done evenly, then the rate is that, and it says when the last one is', () => {
		let rate = 0;
		for (let tick = 0; tick < 3_000; tick++) rate = nextRate(rate, 1, 250);
		expect(rate).toBeCloseTo(240, 0);
		expect(finishMs(running, rate, nowMs)).toBeCloseTo(nowMs + 1_500, -2);
		expect(finishMs(running, 0, nowMs)).toBeNull();
		expect(finishMs({ ...running, status: 'paused' }, rate, nowMs)).toBeNull();
	});
});
