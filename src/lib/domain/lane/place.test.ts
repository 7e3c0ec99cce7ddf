import { describe, expect, it } from 'vitest';
import {
	creditOf,
	getCall,
	getOrganization,
	lotOf,
	MINUTE_MS,
	NOW_MS,
	organizationOf,
	placeOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import { CHECK_AFTER_SECONDS, RING_SECONDS_MAX } from './place';
import { TIME_LIMIT_SECONDS_MAX } from './slices';

const withMinutes = (minutes: number) =>
	stateOf({
		organizations: [organizationOf({ credit: creditOf([lotOf({ remainingMinutes: minutes })]) })]
	});

const numberAt = (index: number) => `+120255501${String(index).padStart(2, '0')}`;

describe('given credit for calls', () => {
	it('when one is placed, then its minutes are held in the same step', () => {
		const state = withMinutes(10);
		const { result, changes } = run(state, placeOf());
		expect(result).toMatchObject({ kind: 'placed', repeated: false });
		expect(changes.holds).toEqual([
			{
				id: 'hold-of-call-1',
				organizationId: 1,
				callId: 'call-1',
				state: 'open',
				parts: [{ allocationId: 'lot-1', minutes: 3 }],
				walletMicros: 0n,
				walletSeconds: 0,
				overdraftMinutes: 0,
				overdraftMicros: 0n,
				overdraftSeconds: 0,
				isOverdraftAgreed: false,
				isDraining: false,
				drainCause: null,
				heardAtMs: NOW_MS,
				deniedSinceMs: null,
				meterAtMs: null,
				createdAtMs: NOW_MS,
				checkAtMs: NOW_MS + CHECK_AFTER_SECONDS * 1_000,
				expiresAtMs: NOW_MS + (RING_SECONDS_MAX + 240) * 1_000,
				closedAtMs: null
			}
		]);
		const { credit, liveCalls } = getOrganization(state);
		expect(credit).toMatchObject({ totalMinutes: 10, usedMinutes: 0, heldMinutes: 3 });
		expect(credit.lots).toEqual([lotOf({ heldMinutes: 3 })]);
		expect(liveCalls).toBe(1);
		expect(changes.rows?.statusEvents).toMatchObject([
			{ source: 'placed', status: 'initiated', rawStatus: 'held 3 min' }
		]);
	});

	it('when the default estimate is more than is left, then one minute is held and the rest stays for others', () => {
		const { result, changes } = run(withMinutes(2), placeOf());
		expect(result.kind).toBe('placed');
		expect(changes.holds).toMatchObject([{ parts: [{ allocationId: 'lot-1', minutes: 1 }] }]);
	});

	it('when the call cannot be cut later, then all that is left of the estimate is held before it is dialled', () => {
		const state = withMinutes(2);
		const { changes } = run(state, placeOf({ canBeCut: false }));
		expect(changes.holds).toMatchObject([{ parts: [{ allocationId: 'lot-1', minutes: 2 }] }]);
		expect(getCall(state).timeLimitSeconds).toBe(120);
	});

	it.each([
		[300, null, 10, 5],
		[300, 1, 10, 5],
		[300, 9, 10, 5],
		[301, null, 10, 6],
		[90, null, 2, 2],
		[300, null, 5, 5]
	])(
		'when its provider ends any call after %i s, then all of it is held, whatever estimate (%j) is given',
		(fixedSeconds, estimateMinutes, spendable, held) => {
			const state = withMinutes(spendable);
			const { changes } = run(state, placeOf({ canBeCut: false, fixedSeconds, estimateMinutes }));
			expect(changes.holds).toMatchObject([{ parts: [{ allocationId: 'lot-1', minutes: held }] }]);
			expect(getCall(state).timeLimitSeconds).toBe(fixedSeconds);
		}
	);

	it('when less is left than its provider may let it last, then it is blocked and nothing is held', () => {
		const state = withMinutes(4);
		const { result, changes } = run(state, placeOf({ canBeCut: false, fixedSeconds: 300 }));
		expect(result).toMatchObject({ kind: 'blocked', block: { code: 'minutes_exhausted' } });
		expect(changes.holds).toBeUndefined();
	});

	it.each([
		[0, 3, 3],
		[1, 6, 3],
		[1, 5, 1],
		[4, 15, 3],
		[4, 14, 1]
	])(
		'when %i calls are live and %i minutes are spendable, then a slice has %i minutes',
		(liveCalls, minutes, slice) => {
			const credit = creditOf([lotOf({ remainingMinutes: minutes })]);
			const state = stateOf({ organizations: [organizationOf({ credit, liveCalls })] });
			const { changes } = run(state, placeOf());
			expect(changes.holds?.[0]?.parts).toEqual([{ allocationId: 'lot-1', minutes: slice }]);
		}
	);

	it('when an explicit estimate is more than is left, then the call is refused with the numbers', () => {
		const state = withMinutes(4);
		const { result, changes } = run(state, placeOf({ estimateMinutes: 5 }));
		expect(result).toMatchObject({
			kind: 'blocked',
			block: { code: 'minutes_exhausted', numbers: { remainingMinutes: 4, heldMinutes: 0 } }
		});
		expect(Object.keys(changes)).toEqual(['rows']);
		expect(changes.rows?.blocks).toMatchObject([{ code: 'minutes_exhausted', to: '+12025550101' }]);
		expect(state.calls.size).toBe(0);
	});

	it('when an explicit estimate is exactly what is left, then the call is placed', () => {
		const { result } = run(withMinutes(5), placeOf({ estimateMinutes: 5 }));
		expect(result.kind).toBe('placed');
	});

	it('when several lots are needed, then the hold names each in burn order', () => {
		const credit = creditOf([
			lotOf({ id: 'never', remainingMinutes: 5 }),
			lotOf({ id: 'soon', remainingMinutes: 1, expiresAtMs: NOW_MS + MINUTE_MS }),
			lotOf({ id: 'expired', remainingMinutes: 9, expiresAtMs: NOW_MS })
		]);
		const state = stateOf({ organizations: [organizationOf({ credit })] });
		const { changes } = run(state, placeOf());
		expect(changes.holds?.[0]?.parts).toEqual([
			{ allocationId: 'soon', minutes: 1 },
			{ allocationId: 'never', minutes: 2 }
		]);
	});

	it.each([
		[1, null, 60],
		[2, null, 120],
		[3, null, 180],
		[1_000, null, 240],
		[1_000, 239, TIME_LIMIT_SECONDS_MAX],
		[1_000, 240, TIME_LIMIT_SECONDS_MAX]
	])(
		'when %i minutes are spendable and %j are asked for, then the provider is told to end it after %i s',
		(minutes, estimateMinutes, seconds) => {
			const state = withMinutes(minutes);
			run(state, placeOf({ estimateMinutes }));
			expect(getCall(state).timeLimitSeconds).toBe(seconds);
		}
	);

	it('when it is placed at 18:30 UTC in Kolkata, then it counts on the next local day', () => {
		const state = withMinutes(10);
		run(state, placeOf(), Date.parse('2026-11-21T18:30:00.000Z'));
		expect(getCall(state).localDay).toBe('2026-11-22');
		expect([...state.days.keys()]).toEqual(['1:2026-11-22:US']);
	});
});

describe('given credit for one call', () => {
	it('when thirty are placed at once, then exactly one is, and the others say why', () => {
		const state = withMinutes(3);
		const results = Array.from({ length: 30 }, (_, index) =>
			run(state, placeOf({ callId: `call-${index}`, to: numberAt(index) }))
		).map(({ result }) => result);
		expect(results.filter(({ kind }) => kind === 'placed')).toHaveLength(1);
		const blocked = results.filter((result) => result.kind === 'blocked');
		expect(blocked).toHaveLength(29);
		for (const { block } of blocked) {
			expect(block.code).toBe('minutes_exhausted');
			expect(block.numbers).toEqual({ remainingMinutes: 0, heldMinutes: 3 });
			expect(block.message).toContain('has 0 minutes left (3 are held by calls in progress)');
		}
		expect(getOrganization(state)).toMatchObject({ liveCalls: 1, credit: { heldMinutes: 3 } });
		expect(state.openHolds.size).toBe(1);
	});

	it('when the only minutes have expired, then the call is refused', () => {
		const credit = creditOf([lotOf({ expiresAtMs: NOW_MS })]);
		const state = stateOf({ organizations: [organizationOf({ credit })] });
		expect(run(state, placeOf()).result).toMatchObject({
			kind: 'blocked',
			block: { code: 'minutes_exhausted', numbers: { remainingMinutes: 0, heldMinutes: 0 } }
		});
	});
});

describe('given a call that was placed', () => {
	it('when the same command comes again, then the same call is answered and nothing changes', () => {
		const state = withMinutes(10);
		run(state, placeOf());
		const { result, changes } = run(state, placeOf({ holdId: 'hold-other' }));
		expect(result).toMatchObject({ kind: 'placed', repeated: true, call: { id: 'call-1' } });
		expect(changes).toEqual({});
	});

	it('when its idempotency key comes again under another id, then the same call is answered', () => {
		const state = withMinutes(10);
		run(state, placeOf({ idempotencyKey: 'order-7' }));
		const again = placeOf({ callId: 'call-2', to: numberAt(2), idempotencyKey: 'order-7' });
		expect(run(state, again).result).toMatchObject({ repeated: true, call: { id: 'call-1' } });
		expect(state.calls.size).toBe(1);
	});

	it('when another organisation uses the same key and number, then it gets its own call', () => {
		const state = stateOf({
			organizations: [
				organizationOf(),
				organizationOf({ id: 2, credit: creditOf([lotOf({ id: 'lot-of-2' })]) })
			]
		});
		run(state, placeOf({ idempotencyKey: 'order-7' }));
		const other = placeOf({ callId: 'call-2', organizationId: 2, idempotencyKey: 'order-7' });
		expect(run(state, other).result).toMatchObject({ repeated: false, call: { id: 'call-2' } });
		expect(getOrganization(state, 1).credit.heldMinutes).toBe(3);
		expect(getOrganization(state, 2).credit.heldMinutes).toBe(3);
	});

	it('when the same number is dialled again, then it is refused until the first call ended', () => {
		const state = withMinutes(10);
		run(state, placeOf());
		const again = placeOf({ callId: 'call-2' });
		expect(run(state, again).result).toMatchObject({
			kind: 'blocked',
			block: { code: 'already_calling' }
		});
		run(state, { kind: 'close_submit', callId: 'call-1', outcome: 'refused', endReason: 'busy' });
		expect(run(state, again).result.kind).toBe('placed');
	});
});

it('given an organisation nobody knows, then nothing is placed', () => {
	const { result, changes } = run(stateOf(), placeOf({ organizationId: 99 }));
	expect(result).toEqual({ kind: 'unknown_organization' });
	expect(changes).toEqual({});
});
