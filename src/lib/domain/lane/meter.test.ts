import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	allocateOf,
	completedOf,
	creditOf,
	deliveryOf,
	eventOf,
	getCall,
	getOrganization,
	lotOf,
	meterOf,
	moneyOf,
	NOW_MS,
	organizationOf,
	placeOf,
	run,
	stateOf,
	switchOf,
	withdrawOf
} from '../../../../tests/fixtures/lane';
import { coveredSeconds, type Credit } from '../credit/types';
import { CUT_LEAD_MS, DRAIN_LOOK_MS, EXTEND_LEAD_SECONDS } from './slices';
import type { LaneState } from './state';

const ANSWERED_MS = NOW_MS + 5_000;
/** So many seconds into the talk. */
const talked = (seconds: number) => ANSWERED_MS + seconds * 1_000;

const withCredit = (credit: Credit) => stateOf({ organizations: [organizationOf({ credit })] });
const withMinutes = (minutes: number) =>
	withCredit(creditOf([lotOf({ remainingMinutes: minutes })]));

function answer(state: LaneState, callId = 'call-1'): void {
	const event = eventOf({
		status: 'in_progress',
		callId,
		providerCallId: `CA-${callId}`,
		occurredAtMs: ANSWERED_MS
	});
	run(state, deliveryOf(event, `answer-${callId}`), ANSWERED_MS);
}

/** A call that was placed and answered. */
function talking(state: LaneState, part: Parameters<typeof placeOf>[0] = {}): LaneState {
	run(state, placeOf(part));
	answer(state, part.callId);
	return state;
}

function holdIn(state: LaneState, callId = 'call-1') {
	const hold = state.openHolds.get(callId);
	if (!hold) throw new Error(`no hold of ${callId}`);
	return hold;
}

const look = (state: LaneState, seconds: number, callId?: string) =>
	run(state, meterOf(callId), talked(seconds)).result.kind;

describe('given a call with credit for more', () => {
	it('when it is answered, then the meter looks twenty seconds before its slice ends', () => {
		const state = talking(withMinutes(10));
		expect(holdIn(state).meterAtMs).toBe(talked(180 - EXTEND_LEAD_SECONDS));
	});

	it('when it only rings, then there is nothing to meter', () => {
		const state = withMinutes(10);
		run(state, placeOf());
		expect(run(state, meterOf(), NOW_MS + 3_600_000)).toMatchObject({
			result: { kind: 'not_due' },
			changes: {}
		});
		expect(holdIn(state).meterAtMs).toBeNull();
	});

	it('when its slice is not near its end, then nothing is held and the look is put off', () => {
		const state = talking(withMinutes(10));
		expect(look(state, 159)).toBe('not_due');
		expect(holdIn(state)).toMatchObject({
			parts: [{ minutes: 3 }],
			meterAtMs: talked(180 - EXTEND_LEAD_SECONDS)
		});
	});

	it('when its slice is near its end, then it grows by a slice, as one line, and is looked at before the next end', () => {
		const state = talking(withMinutes(10));
		expect(look(state, 160)).toBe('extended');
		expect(holdIn(state)).toMatchObject({
			parts: [{ allocationId: 'lot-1', minutes: 6 }],
			isDraining: false,
			meterAtMs: talked(360 - EXTEND_LEAD_SECONDS)
		});
		expect(getOrganization(state).credit.heldMinutes).toBe(6);
	});

	it('when it is looked at twice, then it is extended once', () => {
		const state = talking(withMinutes(10));
		expect([look(state, 160), look(state, 160)]).toEqual(['extended', 'not_due']);
		expect(getOrganization(state).credit.heldMinutes).toBe(6);
	});

	it('when minutes end within its next slice, then the slice is mixed and its bill is too', () => {
		const credit = creditOf([lotOf({ remainingMinutes: 4 })], { balanceMicros: 1_000_000n });
		const state = talking(withCredit(credit));
		expect(look(state, 160)).toBe('extended');
		expect(holdIn(state)).toMatchObject({
			parts: [{ minutes: 4 }],
			walletSeconds: 120,
			walletMicros: 200_000n
		});
		const end = completedOf(330, { callId: 'call-1', providerCallId: 'CA-call-1' });
		const { changes } = run(state, deliveryOf(end, 'end'), talked(330));
		expect(changes.rows?.usage).toMatchObject([{ minutesConsumed: 4 }]);
		expect(changes.rows?.transactions).toMatchObject([
			{
				id: 'call-1',
				type: 'debit',
				amountMicros: 200_000n,
				balanceBeforeMicros: 1_000_000n,
				balanceAfterMicros: 800_000n
			}
		]);
		expect(getCall(state)).toMatchObject({
			billedMinutes: 6,
			walletSeconds: 90,
			costMicros: 200_000n
		});
	});

	it('when it has ended, then the meter does nothing', () => {
		const state = talking(withMinutes(10));
		const end = completedOf(100, { callId: 'call-1', providerCallId: 'CA-call-1' });
		run(state, deliveryOf(end, 'end'), talked(100));
		expect(run(state, meterOf(), talked(160))).toEqual({
			result: { kind: 'not_due' },
			changes: {}
		});
	});

	it('when nobody knows the call, then it says so', () => {
		expect(run(stateOf(), meterOf('nobody')).result).toEqual({ kind: 'unknown_call' });
	});

	it('when its grant expires during the talk, then its held part stays and the next slice is of the next lot', () => {
		const credit = creditOf([
			lotOf({ id: 'soon', remainingMinutes: 9, expiresAtMs: talked(60) }),
			lotOf({ id: 'next', remainingMinutes: 9 })
		]);
		const state = talking(withCredit(credit));
		run(state, withdrawOf({ allocationId: 'soon', cause: 'expire' }), talked(61));
		expect(look(state, 160)).toBe('extended');
		expect(holdIn(state).parts).toEqual([
			{ allocationId: 'soon', minutes: 3 },
			{ allocationId: 'next', minutes: 3 }
		]);
		const end = completedOf(290, { callId: 'call-1', providerCallId: 'CA-call-1' });
		const { changes } = run(state, deliveryOf(end, 'end'), talked(290));
		expect(changes.rows?.usage).toMatchObject([
			{ allocationId: 'soon', minutesConsumed: 3 },
			{ allocationId: 'next', minutesConsumed: 2 }
		]);
		expect(getOrganization(state).credit).toMatchObject({
			totalMinutes: 12,
			usedMinutes: 5,
			heldMinutes: 0
		});
	});
});

describe('given a call that used up its credit', () => {
	const lastMinute = () => talking(withMinutes(1));

	it('when its slice is near its end, then it drains and is looked at each second', () => {
		const state = lastMinute();
		expect(look(state, 40)).toBe('draining');
		expect(holdIn(state)).toMatchObject({
			isDraining: true,
			meterAtMs: talked(40) + DRAIN_LOOK_MS
		});
		expect(look(state, 59)).toBe('draining');
		expect(holdIn(state).meterAtMs).toBe(talked(60) - CUT_LEAD_MS);
	});

	it('when its slice ends, then it is cut, and asked again in three seconds until it has ended', () => {
		const state = lastMinute();
		look(state, 40);
		const atMs = talked(60) - CUT_LEAD_MS;
		expect(run(state, meterOf(), atMs - 1).result.kind).toBe('draining');
		expect(run(state, meterOf(), atMs).result).toMatchObject({
			kind: 'cut',
			call: { id: 'call-1' }
		});
		expect(holdIn(state)).toMatchObject({ isDraining: true, meterAtMs: atMs + 3_000 });
		expect(getCall(state).status, 'the provider has the last word').toBe('in_progress');
		expect(run(state, meterOf(), atMs + 3_000).result.kind).toBe('cut');
	});

	it.each([
		['minutes', (state: LaneState) => run(state, allocateOf({ minutes: 5 }), talked(50))],
		['dollars', (state: LaneState) => run(state, moneyOf(), talked(50))]
	])('when %s arrive while it drains, then it goes on', (_name, credit) => {
		const state = lastMinute();
		look(state, 40);
		credit(state);
		expect(look(state, 51)).toBe('extended');
		const hold = holdIn(state);
		expect(hold.isDraining).toBe(false);
		expect(coveredSeconds(hold)).toBeGreaterThanOrEqual(120);
		expect(look(state, 60)).toBe('not_due');
	});

	it('when another call gives its hold back, then it goes on with that', () => {
		const state = withMinutes(2);
		talking(state, { estimateMinutes: 1 });
		talking(state, { callId: 'call-2', to: '+12025550102', estimateMinutes: 1 });
		expect(look(state, 40)).toBe('draining');
		const end = completedOf(0, { callId: 'call-2', providerCallId: 'CA-call-2' });
		run(state, deliveryOf(end, 'end-2'), talked(45));
		expect(look(state, 46)).toBe('extended');
	});

	it('when two calls ask for the last minute, then one has it and the other drains', () => {
		const state = withMinutes(3);
		talking(state, { estimateMinutes: 1 });
		talking(state, { callId: 'call-2', to: '+12025550102', estimateMinutes: 1 });
		expect([look(state, 40), look(state, 40, 'call-2')]).toEqual(['extended', 'draining']);
	});

	it('when little is left for several, then a long call takes a minute at a time', () => {
		const state = withMinutes(9);
		talking(state);
		talking(state, { callId: 'call-2', to: '+12025550102' });
		expect(look(state, 160)).toBe('extended');
		expect(coveredSeconds(holdIn(state)) - 180).toBe(60);
	});
});

describe('given an organisation that is switched off', () => {
	const off = (policy: 'block_new' | 'drain' | 'cut_now') => {
		const state = talking(withMinutes(10));
		run(state, switchOf(false, policy), talked(30));
		return state;
	};

	it('when new ones are blocked, then a live call is still extended', () => {
		expect(look(off('block_new'), 160)).toBe('extended');
	});

	it('when it drains, then a live call keeps its slice and is cut at its end', () => {
		const state = off('drain');
		expect([look(state, 100), look(state, 160), look(state, 180)]).toEqual([
			'not_due',
			'draining',
			'cut'
		]);
		expect(getOrganization(state).credit.heldMinutes).toBe(3);
	});

	it('when it drains and is switched on again, then the call goes on', () => {
		const state = off('drain');
		look(state, 160);
		run(state, switchOf(true), talked(165));
		expect(look(state, 166)).toBe('extended');
	});

	it('when it cuts, then a talking call is cut at once', () => {
		const state = off('cut_now');
		expect(look(state, 31)).toBe('cut');
		expect(holdIn(state)).toMatchObject({ isDraining: true, meterAtMs: talked(31) + 3_000 });
	});

	it('when it cuts, then a ringing call is cut at once too', () => {
		const state = withMinutes(10);
		run(state, placeOf());
		const ringing = eventOf({ callId: 'call-1' });
		run(state, deliveryOf(ringing), NOW_MS + 1_000);
		run(state, switchOf(false, 'cut_now'), NOW_MS + 2_000);
		expect(run(state, meterOf(), NOW_MS + 3_000).result).toMatchObject({
			kind: 'cut',
			call: { id: 'call-1', providerCallId: 'CA1' }
		});
	});
});

it('given any credit and any looks at two calls, then no more is ever held than there is and a cut comes only at the end', () => {
	const looks = fc.array(fc.tuple(fc.nat(400), fc.constantFrom('call-1', 'call-2')), {
		maxLength: 30
	});
	fc.assert(
		fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(8), looks, (minutes, dimes, story) => {
			const balanceMicros = BigInt(dimes) * 100_000n;
			const state = withCredit(creditOf([lotOf({ remainingMinutes: minutes })], { balanceMicros }));
			talking(state, { estimateMinutes: 1 });
			talking(state, { callId: 'call-2', to: '+12025550102', estimateMinutes: 1 });
			for (const [seconds, callId] of story.sort(([first], [second]) => first - second)) {
				const coveredBefore = coveredSeconds(holdIn(state, callId));
				const kind = look(state, seconds, callId);
				const { credit } = getOrganization(state);
				expect(credit.heldMinutes).toBeLessThanOrEqual(minutes);
				expect(credit.heldMicros <= balanceMicros).toBe(true);
				if (kind === 'cut') expect(seconds).toBeGreaterThanOrEqual(coveredBefore - 1);
				if (kind === 'extended') {
					expect(seconds).toBeGreaterThanOrEqual(coveredBefore - EXTEND_LEAD_SECONDS);
				}
			}
		})
	);
});

describe('given a call that was held whole, because nobody can end it', () => {
	const lookAt = (state: LaneState, seconds: number) =>
		run(state, { ...meterOf(), canBeCut: false }, talked(seconds)).result.kind;

	it('when its time runs out, then it is neither extended nor cut', () => {
		const state = talking(withMinutes(100), { canBeCut: false });
		const held = coveredSeconds(holdIn(state));
		expect([lookAt(state, 160), lookAt(state, 179), lookAt(state, 400)]).toEqual([
			'not_due',
			'not_due',
			'not_due'
		]);
		expect(coveredSeconds(holdIn(state))).toBe(held);
		expect(holdIn(state)).toMatchObject({ isDraining: false });
		expect(holdIn(state).meterAtMs).toBeGreaterThanOrEqual(holdIn(state).expiresAtMs);
	});

	it('when its organisation is switched off at once, then it drains and is not looked at each second', () => {
		const state = talking(withMinutes(100), { canBeCut: false });
		run(state, switchOf(false, 'cut_now'), talked(10));
		expect(lookAt(state, 11)).toBe('not_due');
		expect(holdIn(state).isDraining).toBe(true);
		expect(holdIn(state).meterAtMs).toBeGreaterThan(talked(60));
	});
});
