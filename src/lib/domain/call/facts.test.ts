import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf, completedOf, deepFreeze, eventOf, NOW_MS } from '../../../../tests/fixtures/lane';
import { applyEvent } from './apply-event';
import type { Call } from './call';
import type { CallEvent, CallFacts } from './event';
import { applyFacts, joinRecordingNews, readCostMicros, readRecordingNews } from './facts';

const call = deepFreeze(callOf());

/** What one delivery told, and when it reached us. */
interface Heard {
	event: CallEvent;
	atMs: number;
}

function factsOf(facts: CallFacts): CallEvent {
	return eventOf({ kind: 'facts', status: null, rawStatus: '', facts });
}

/** A call with its steps and everything it told besides, each heard at a moment of its own. */
const stories = fc
	.record({
		costs: fc.array(fc.constantFrom('0', '0.014', '0.03', '1.5', '0.0354'), { maxLength: 4 }),
		verdicts: fc.array(fc.constantFrom('human', 'machine', 'fax', 'unknown'), { maxLength: 3 }),
		talkSeconds: fc.constantFrom(0, 1, 61),
		finalKnowsCost: fc.boolean()
	})
	.map(({ costs, verdicts, talkSeconds, finalKnowsCost }): Heard[] => {
		const facts: CallFacts[] = [
			...costs.map((amount) => ({ cost: { amount, currency: 'USD' } })),
			...verdicts.map((answeredBy) => ({ answeredBy }) as CallFacts),
			{}
		];
		const cost = finalKnowsCost ? { cost: { amount: '0.02', currency: 'USD' } } : {};
		return [
			...facts.map(factsOf),
			eventOf({ status: 'in_progress', occurredAtMs: NOW_MS + 9_000 }),
			completedOf(talkSeconds, { facts: cost })
		].map((event, index) => deepFreeze({ event, atMs: NOW_MS + 300_000 + index * 10 }));
	});

const shuffled = stories.chain((story) =>
	fc.record({
		story: fc.constant(story),
		heard: fc
			.array(fc.constantFrom(...story), { maxLength: 6 })
			.chain((again) =>
				fc.shuffledSubarray([...story, ...again], { minLength: story.length + again.length })
			)
	})
);

function applyAll(heard: Heard[]): Call {
	return heard.reduce(
		(next, { event, atMs }) => applyEvent(deepFreeze(next), event, atMs).call,
		call
	);
}

describe('given everything a provider told of one call, each with the moment it was heard', () => {
	it('when it is applied in any order, any number of times, then the call is the same', () => {
		fc.assert(
			fc.property(shuffled, ({ story, heard }) => {
				expect(applyAll(heard)).toEqual(applyAll(story));
			}),
			{ numRuns: 500 }
		);
	});

	it('when only facts come, then status, times and bill do not move, and the note is empty', () => {
		fc.assert(
			fc.property(shuffled, ({ heard }) => {
				let next = call;
				for (const { event, atMs } of heard.filter((one) => one.event.kind === 'facts')) {
					const applied = applyEvent(next, event, atMs);
					expect(applied.note).toBeNull();
					expect(applied.effect).toBe(applied.call === next ? 'none' : 'filled');
					next = applied.call;
				}
				const { status, endedAtMs, talkSeconds, billedMinutes, answeredAtMs } = next;
				expect({ status, endedAtMs, talkSeconds, billedMinutes, answeredAtMs }).toEqual({
					status: 'initiated',
					endedAtMs: null,
					talkSeconds: null,
					billedMinutes: null,
					answeredAtMs: null
				});
			})
		);
	});
});

describe('given an ended call', () => {
	const ended = deepFreeze(applyEvent(call, completedOf(61), NOW_MS).call);

	it('when it was talked on, then its price is waited for from a minute after the end', () => {
		expect(ended).toMatchObject({
			costState: 'pending',
			costCheckAtMs: (ended.endedAtMs ?? 0) + 60_000,
			providerCostMicros: null
		});
	});

	it('when nobody talked, then no price is waited for', () => {
		expect(applyEvent(call, completedOf(0), NOW_MS).call.costState).toBe('none');
		const busy = eventOf({ status: 'failed', endReason: 'busy' });
		expect(applyEvent(call, busy, NOW_MS).call.costState).toBe('none');
	});

	it('when its price comes late, then it is kept and the charge stays', () => {
		const priced = applyFacts(ended, { cost: { amount: '0.014', currency: 'USD' } }, NOW_MS);
		expect(priced).toEqual({
			...ended,
			providerCostMicros: 14_000n,
			providerCostCurrency: 'USD',
			providerCostAtMs: NOW_MS,
			costState: 'known',
			costCheckAtMs: null
		});
	});

	it('when a later price corrects the first, then it counts, and an older one told again does not', () => {
		const first = applyFacts(ended, { cost: { amount: '0.03', currency: 'USD' } }, NOW_MS);
		const second = applyFacts(first, { cost: { amount: '0.01', currency: 'USD' } }, NOW_MS + 1);
		expect(second.providerCostMicros).toBe(10_000n);
		expect(applyFacts(second, { cost: { amount: '0.03', currency: 'USD' } }, NOW_MS)).toBe(second);
		expect(applyFacts(second, {}, NOW_MS + 2)).toBe(second);
	});

	it('when the same final comes again with the price, then it fills the price in', () => {
		const cost = { amount: '0.014', currency: 'USD' };
		const again = applyEvent(ended, completedOf(61, { facts: { cost } }), NOW_MS);
		expect(again).toMatchObject({ effect: 'filled', note: 'The call had already ended so.' });
		expect(again.call.costState).toBe('known');
	});
});

describe('given what a provider says of a price', () => {
	it.each([
		['0.03', 30_000n],
		['0', 0n],
		['1.5', 1_500_000n],
		['0.0000014', 1n],
		['', null],
		['-0.03', null],
		['1e3', null],
		['0.03 USD', null],
		['12345678901', null]
	])('when it is "%s", then it is %s millionths', (amount, micros) => {
		expect(readCostMicros(amount)).toBe(micros);
		const told = applyFacts(call, { cost: { amount, currency: 'USD' } }, NOW_MS);
		expect(told.providerCostMicros).toBe(micros);
	});
});

describe('given verdicts on who answered', () => {
	it.each([
		['unknown', 'human', 'human'],
		['human', 'unknown', 'human'],
		['human', 'machine', 'machine'],
		['machine', 'human', 'machine'],
		['fax', 'unknown', 'fax']
	] as const)('when %s and then %s is heard, then it was %s', (first, second, verdict) => {
		const once = applyFacts(call, { answeredBy: first }, NOW_MS);
		expect(applyFacts(once, { answeredBy: second }, NOW_MS + 1).answeredBy).toBe(verdict);
	});
});

describe('given news of a recording', () => {
	const of = (state: 'in_progress' | 'completed' | 'absent' | 'failed', seconds: number | null) =>
		readRecordingNews(call, { key: 'RE1', url: 'https://x/RE1', state, seconds, channels: null });

	it('when it is under way, then it has no row yet', () => {
		expect(of('in_progress', null)).toBeNull();
	});

	it.each([
		['completed', 'absent', 'pending'],
		['absent', 'completed', 'pending'],
		['failed', 'completed', 'pending'],
		['absent', 'failed', 'failed'],
		['failed', 'absent', 'failed']
	] as const)('when %s and %s are told, then it is %s', (first, second, state) => {
		const [one, other] = [of(first, 12), of(second, null)];
		if (!one || !other) throw new Error('no news');
		expect(joinRecordingNews(one, other)).toMatchObject({ state, seconds: 12 });
	});
});
