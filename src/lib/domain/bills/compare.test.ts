import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBill, type BilledLeg, type ChargedCall } from './compare';

const DAY = {
	fromMs: Date.parse('2026-11-20T00:00:00Z'),
	toMs: Date.parse('2026-11-21T00:00:00Z')
};
const NOON = DAY.fromMs + 12 * 3_600_000;

function legOf(part: Partial<BilledLeg> = {}): BilledLeg {
	return {
		providerCallId: 'CA1',
		callId: null,
		status: 'completed',
		rawStatus: 'completed',
		talkSeconds: 61,
		cost: { amount: '0.028', currency: 'USD' },
		startedAtMs: NOON + 500,
		to: '+12025550161',
		...part
	};
}

function callOf(part: Partial<ChargedCall> = {}): ChargedCall {
	return {
		id: 'call-1',
		organizationId: 1,
		provider: 'twilio',
		providerCallId: 'CA1',
		status: 'completed',
		talkSeconds: 61,
		to: '+12025550161',
		initiatedAtMs: NOON,
		chargedMicros: 200_000n,
		chargedMinutes: 0,
		isLive: false,
		...part
	};
}

const compare = (legs: BilledLeg[], ours: ChargedCall[]) => compareBill(legs, ours, DAY);

describe('given one call on both sides', () => {
	it('when they agree, then it matches, with cost, charge and margin', () => {
		expect(compare([legOf()], [callOf()])).toMatchObject([
			{
				kind: 'match',
				note: null,
				callId: 'call-1',
				costMicros: 28_000n,
				chargedMicros: 200_000n,
				marginMicros: 172_000n
			}
		]);
	});

	it.each([
		['seconds', { talkSeconds: 600 }, 'We have 61 s of talk, the provider 600 s.'],
		[
			'status',
			{ status: 'failed', rawStatus: 'busy', talkSeconds: null },
			'We have completed, the provider failed. We have 61 s of talk, the provider 0 s.'
		],
		[
			'status word',
			{ status: null, rawStatus: 'exploded' },
			'We have completed, the provider "exploded".'
		]
	] as const)('when the %s differ, then both are named', (_what, part, note) => {
		expect(compare([legOf(part)], [callOf()])).toMatchObject([{ kind: 'mismatch', note }]);
	});

	it('when seconds differ by a rounding, then it matches', () => {
		expect(compare([legOf({ talkSeconds: 62 })], [callOf()])).toMatchObject([{ kind: 'match' }]);
	});

	it.each([
		['minutes paid a part', { cost: { amount: '0.01', currency: 'USD' } }, { chargedMinutes: 1 }],
		['the cost is in rupees', { cost: { amount: '1.5', currency: 'INR' } }, {}],
		['the price is not there yet', { cost: null }, {}]
	])('when %s, then no margin is made up', (_why, leg, call) => {
		expect(compare([legOf(leg)], [callOf(call)])).toMatchObject([
			{ kind: 'match', marginMicros: null }
		]);
	});

	it('when only our id is on the bill, then it is found by it', () => {
		const legs = [legOf({ providerCallId: 'X9', callId: 'call-1' })];
		expect(compare(legs, [callOf({ providerCallId: null })])).toMatchObject([{ kind: 'match' }]);
	});
});

describe('given one call on one side only', () => {
	it('when the provider bills what we do not know, then it is provider only, and costs', () => {
		expect(compare([legOf({ providerCallId: 'CA9' })], [])).toMatchObject([
			{ kind: 'provider_only', callId: null, organizationId: null, marginMicros: -28_000n }
		]);
	});

	it('when the provider does not bill ours, then it is ours only', () => {
		expect(compare([], [callOf()])).toMatchObject([
			{ kind: 'ours_only', costMicros: null, chargedMicros: 200_000n }
		]);
	});
});

describe('given a call that is not over',() => {
	it('when the provider lists it already, then nothing is said of it yet', () => {
		const live = callOf({ isLive: true, status: 'in_progress', talkSeconds: 0 });
		expect(compare([legOf({ status: 'in_progress', rawStatus: 'in-progress' })], [live])).toEqual([]);
		expect(compare([], [live])).toEqual([]);
	});
});

describe('given a call with several legs', () => {
	const parent = legOf({
		providerCallId: 'CA0',
		talkSeconds: 80,
		cost: { amount: '0.004', currency: 'USD' }
	});
	const child = legOf({ parentProviderCallId: 'CA0' });

	it.each([
		['the child is the leg we charged', callOf()],
		['the parent is the leg we charged', callOf({ providerCallId: 'CA0', talkSeconds: 80 })]
	])('when %s, then it is compared, and the cost of both counts', (_what, call) => {
		expect(compare([parent, child], [call])).toMatchObject([
			{ kind: 'match', costMicros: 32_000n, providerSeconds: call.talkSeconds }
		]);
	});

	it('when nobody knows either, then it is one finding with the cost of both', () => {
		expect(compare([child, parent], [])).toMatchObject([
			{ kind: 'provider_only', providerCallId: 'CA0', costMicros: 32_000n }
		]);
	});
});

describe('given the edges of a day', () => {
	it('when we placed a call before midnight and it started after, then it belongs to our day, once', () => {
		const late = callOf({ initiatedAtMs: DAY.toMs - 500 });
		const leg = legOf({ startedAtMs: DAY.toMs + 300 });
		expect(compare([leg], [late])).toMatchObject([{ kind: 'match' }]);
		const next = { fromMs: DAY.toMs, toMs: DAY.toMs + 86_400_000 };
		expect(compareBill([leg], [late], next)).toEqual([]);
	});

	it('when an unknown call lies outside, then it is left to its own day', () => {
		expect(compare([legOf({ providerCallId: 'CA9', startedAtMs: DAY.fromMs - 1 })], [])).toEqual(
			[]
		);
	});
});

const sides = fc
	.array(
		fc.record({
			isOurs: fc.boolean(),
			isTheirs: fc.boolean(),
			hasChild: fc.boolean(),
			ourSeconds: fc.constantFrom(0, 61, 120),
			theirSeconds: fc.constantFrom(0, 61, 120)
		}),
		{ maxLength: 12 }
	)
	.map((all) => ({
		legs: all.flatMap(({ isTheirs, hasChild, theirSeconds }, index) => {
			if (!isTheirs) return [];
			const parent = legOf({ providerCallId: `CA${index}`, talkSeconds: theirSeconds });
			const child = legOf({ providerCallId: `CB${index}`, parentProviderCallId: `CA${index}` });
			return hasChild ? [parent, child] : [parent];
		}),
		ours: all.flatMap(({ isOurs, ourSeconds }, index) =>
			isOurs
				? [callOf({ id: `call-${index}`, providerCallId: `CA${index}`, talkSeconds: ourSeconds })]
				: []
		),
		oursCount: all.filter(({ isOurs }) => isOurs).length,
		strangers: all.filter(({ isOurs, isTheirs }) => isTheirs && !isOurs).length
	}));

describe('given any two sides', () => {
	it('when they are compared, then every call of ours and every stranger is told of once', () => {
		fc.assert(
			fc.property(sides, ({ legs, ours, oursCount, strangers }) => {
				const findings = compare(legs, ours);
				expect(findings.filter(({ callId }) => callId !== null)).toHaveLength(oursCount);
				expect(findings.filter(({ kind }) => kind === 'provider_only')).toHaveLength(strangers);
			})
		);
	});

	it('when rows repeat and come in any order, then the findings are the same', () => {
		const repeated = sides.chain((both) =>
			fc.record({
				both: fc.constant(both),
				legs:
					both.legs.length === 0
						? fc.constant<BilledLeg[]>([])
						: fc.array(fc.constantFrom(...both.legs), { maxLength: 10 }).chain((again) =>
								fc.shuffledSubarray([...both.legs, ...again], {
									minLength: both.legs.length + again.length
								})
							)
			})
		);
		const sorted = (legs: BilledLeg[], ours: ChargedCall[]) =>
			compare(legs, ours).sort((first, second) =>
				`${first.callId}${first.providerCallId}` < `${second.callId}${second.providerCallId}`
					? -1
					: 1
			);
		fc.assert(
			fc.property(repeated, ({ both, legs }) => {
				expect(sorted(legs, both.ours)).toEqual(sorted(both.legs, both.ours));
			})
		);
	});
});
