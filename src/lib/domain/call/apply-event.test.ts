import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf, deepFreeze, eventOf, NOW_MS } from '../../../../tests/fixtures/lane';
import { applyEvent } from './apply-event';
import type { Call } from './call';
import type { CallEvent } from './event';
import { isTerminal, statusRank } from './status';

const placed = deepFreeze(callOf());

function endOf(life: { final: string; talkSeconds: number }): Partial<CallEvent> {
	switch (life.final) {
		case 'completed':
			return { status: 'completed', talkSeconds: life.talkSeconds };
		case 'canceled':
			return { status: 'cancelled', endReason: 'cancelled' };
		case 'busy':
			return { status: 'failed', endReason: 'busy' };
		case 'no-answer':
			return { status: 'failed', endReason: 'no_answer' };
		default:
			return { status: 'failed', endReason: 'provider_error' };
	}
}

/** The events Twilio sends for one call, in order: some of the steps it passes, and always one final. */
const lives = fc
	.record({
		final: fc.constantFrom('completed', 'busy', 'no-answer', 'failed', 'canceled'),
		heard: fc.subarray(['initiated', 'ringing', 'in_progress'] as const),
		startMs: fc.integer({ min: -2_000, max: 2_000 }),
		ringMs: fc.integer({ min: 0, max: 5_000 }),
		answerMs: fc.integer({ min: 0, max: 60_000 }),
		talkSeconds: fc.oneof(fc.nat(200), fc.constantFrom(0, 59, 60, 61, 3_600))
	})
	.map((life) => {
		const initiatedMs = NOW_MS + life.startMs;
		const at = {
			initiated: initiatedMs,
			ringing: initiatedMs + life.ringMs,
			in_progress: initiatedMs + life.ringMs + life.answerMs
		};
		const steps = life.heard
			.filter((status) => life.final === 'completed' || status !== 'in_progress')
			.map((status) => eventOf({ status, occurredAtMs: at[status] }));
		const endedMs = at.in_progress + life.talkSeconds * 1_000;
		return [...steps, eventOf({ ...endOf(life), occurredAtMs: endedMs })].map(deepFreeze);
	});

/** One life, and the same events each once or several times, in any order. */
const shuffledLives = lives.chain((events) =>
	fc.record({
		inOrder: fc.constant(events),
		heard: fc.array(fc.constantFrom(...events), { maxLength: 8 }).chain((again) =>
			fc.shuffledSubarray([...events, ...again], {
				minLength: events.length + again.length,
				maxLength: events.length + again.length
			})
		)
	})
);

function applyAll(events: CallEvent[], from: Call = placed): Call {
	return events.reduce(
		(call, event, turn) => applyEvent(deepFreeze(call), event, NOW_MS + 500_000 + turn * 777).call,
		from
	);
}

describe('given all events of one call', () => {
	it('when they come in any order and any number of times, then the call is the same', () => {
		fc.assert(
			fc.property(shuffledLives, ({ inOrder, heard }) => {
				expect(applyAll(heard)).toEqual(applyAll(inOrder));
			}),
			{ numRuns: 1_000 }
		);
	});

	it('when none of them carries a time, then status, reason and bill are the same all the same', () => {
		fc.assert(
			fc.property(shuffledLives, ({ inOrder, heard }) => {
				const outcome = (events: CallEvent[]) => {
					const call = applyAll(events.map((event) => ({ ...event, occurredAtMs: null })));
					const { status, endReason, talkSeconds, billedMinutes } = call;
					return { status, endReason, talkSeconds, billedMinutes };
				};
				expect(outcome(heard)).toEqual(outcome(inOrder));
			})
		);
	});

	it('when they come in any order, then rank never falls and a terminal status stays', () => {
		fc.assert(
			fc.property(shuffledLives, ({ heard }) => {
				let call = placed;
				for (const event of heard) {
					const next = applyEvent(call, event, NOW_MS).call;
					expect(statusRank(next.status)).toBeGreaterThanOrEqual(statusRank(call.status));
					if (isTerminal(call.status)) {
						const { ringingAtMs, answeredAtMs, answeredEstimated } = next;
						expect(next).toEqual({ ...call, ringingAtMs, answeredAtMs, answeredEstimated });
					}
					call = next;
				}
				expect(isTerminal(call.status)).toBe(true);
			})
		);
	});

	it('when an event changed nothing, then the effect says so, and only then', () => {
		fc.assert(
			fc.property(shuffledLives, ({ heard }) => {
				let call = placed;
				for (const event of heard) {
					const applied = applyEvent(call, event, NOW_MS);
					expect(applied.effect === 'none').toBe(applied.call === call);
					expect(applied.effect === 'none').toBe(applied.note !== null);
					call = applied.call;
				}
			})
		);
	});
});

describe('given one event', () => {
	it('when its status is unknown, then nothing changes and the word is named', () => {
		const applied = applyEvent(placed, eventOf({ status: null, rawStatus: 'exploded' }), NOW_MS);
		expect(applied.call).toBe(placed);
		expect(applied).toMatchObject({ effect: 'none', note: 'The status "exploded" is unknown.' });
	});

	it.each([
		[0, 0],
		[60, 1],
		[61, 2]
	])('when it completes a call of %i s, then %i minutes are billed', (talkSeconds, minutes) => {
		const { call, effect } = applyEvent(
			placed,
			eventOf({ status: 'completed', talkSeconds }),
			NOW_MS
		);
		expect(effect).toBe('advanced');
		expect(call).toMatchObject({ status: 'completed', talkSeconds, billedMinutes: minutes });
	});

	it.each(['failed', 'cancelled'] as const)(
		'when it says %s with seconds, then nothing is billed',
		(status) => {
			const { call } = applyEvent(
				placed,
				eventOf({ status, talkSeconds: 90, endReason: 'busy' }),
				NOW_MS
			);
			expect(call).toMatchObject({ status, endReason: 'busy', talkSeconds: 0, billedMinutes: 0 });
		}
	);

	it('when the final comes first, then the answer is reckoned back until it is heard', () => {
		const endedAtMs = NOW_MS + 100_000;
		const ended = applyAll([
			eventOf({ status: 'completed', talkSeconds: 61, occurredAtMs: endedAtMs })
		]);
		expect(ended).toMatchObject({ answeredAtMs: endedAtMs - 61_000, answeredEstimated: true });
		const heard = applyEvent(
			ended,
			eventOf({ status: 'in_progress', occurredAtMs: NOW_MS + 30_000 }),
			NOW_MS
		);
		expect(heard.effect).toBe('filled');
		expect(heard.call).toEqual({
			...ended,
			answeredAtMs: NOW_MS + 30_000,
			answeredEstimated: false
		});
	});

	it('when it is late on a live call, then it fills its time and the status stays', () => {
		const talking = applyAll([eventOf({ status: 'in_progress', occurredAtMs: NOW_MS + 9_000 })]);
		const late = applyEvent(
			talking,
			eventOf({ status: 'ringing', occurredAtMs: NOW_MS + 4_000 }),
			NOW_MS
		);
		expect(late.effect).toBe('filled');
		expect(late.call).toEqual({ ...talking, ringingAtMs: NOW_MS + 4_000 });
	});

	it('when it contradicts the end of a call, then the first end stays and the note names both', () => {
		const ended = applyAll([eventOf({ status: 'completed', talkSeconds: 61 })]);
		const other = applyEvent(ended, eventOf({ status: 'failed', endReason: 'busy' }), NOW_MS);
		expect(other.call).toBe(ended);
		expect(other.note).toBe('The call had already ended as completed; this says failed.');
		const longer = applyEvent(ended, eventOf({ status: 'completed', talkSeconds: 600 }), NOW_MS);
		expect(longer.call).toBe(ended);
		expect(longer.note).toMatch(/already ended as completed/);
	});

	it('when its time lies before the call was placed, then the time of placing is kept', () => {
		const early = applyAll([eventOf({ status: 'ringing', occurredAtMs: NOW_MS - 60_000 })]);
		expect(early.ringingAtMs).toBe(NOW_MS);
	});

	it('when it carries no time, then the time of receipt is taken', () => {
		const { call } = applyEvent(placed, eventOf({ occurredAtMs: null }), NOW_MS + 7_000);
		expect(call.ringingAtMs).toBe(NOW_MS + 7_000);
	});
});
