import { describe, expect, it } from 'vitest';
import {
	completedOf,
	deliveryOf,
	eventOf,
	getCall,
	NOW_MS,
	placeOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import {
	bind,
	bound,
	close,
	expectSettled,
	expectUntouched,
	found,
	placed,
	sweep
} from '../../../../tests/fixtures/lane-steps';
import { CHECK_AFTER_SECONDS } from './place';
import type { LaneState } from './state';

describe('given a sweep', () => {
	it('when the call never existed, then it failed and its hold goes back', () => {
		const state = placed();
		run(state, close('unknown'));
		const { result, changes } = run(state, sweep({ kind: 'never_existed' }), NOW_MS + 90_000);
		expect(result).toEqual({ kind: 'swept', ended: true });
		expect(getCall(state)).toMatchObject({ status: 'failed', endReason: 'never_placed' });
		expect(changes.rows?.statusEvents).toMatchObject([
			{ source: 'sweep', rawStatus: 'never_placed' }
		]);
		expectSettled(state, 0);
	});

	it('when its first callback came while it was searched, then that nothing was found is put off, and its talk is charged', () => {
		const state = placed();
		run(state, close('unknown'));
		run(state, deliveryOf(eventOf({ status: 'in_progress', callId: 'call-1' })), NOW_MS + 61_000);
		const laterMs = NOW_MS + 62_000;
		const { result } = run(state, sweep({ kind: 'never_existed' }), laterMs);
		expect(result).toEqual({ kind: 'swept', ended: false });
		expect(state.openHolds.get('call-1')?.checkAtMs).toBe(laterMs + CHECK_AFTER_SECONDS * 1_000);
		run(state, deliveryOf(completedOf(170, { callId: 'call-1' }), 'end'), NOW_MS + 240_000);
		expectSettled(state, 3);
	});

	it('when it moved to another provider while the first was searched, then it lives', () => {
		const state = placed();
		run(
			state,
			{
				...{ kind: 'change_provider', callId: 'call-1', from: { provider: 'twilio' } },
				to: { provider: 'exotel', from: '+918000000000', canBeCut: false, fixedSeconds: null }
			},
			NOW_MS + 61_000
		);
		const ofFirst = sweep({ kind: 'never_existed' });
		expect(run(state, ofFirst, NOW_MS + 62_000).result).toEqual({ kind: 'swept', ended: false });
		const ofSecond = { ...ofFirst, asked: { provider: 'exotel' as const, providerCallId: null } };
		expect(run(state, ofSecond, NOW_MS + 120_000).result).toMatchObject({ ended: false });
		expect(run(state, ofSecond, NOW_MS + 121_000).result).toMatchObject({ ended: true });
	});

	it('when it had ended unplaced and its provider accepts it after all, then whoever placed it is told so', () => {
		const state = placed();
		run(state, sweep({ kind: 'never_existed' }), NOW_MS + 90_000);
		expect(run(state, bind(), NOW_MS + 95_000).result).toEqual({ kind: 'bound_late' });
		expectSettled(state, 0);
	});

	it('when it had ended unplaced and its callback says that it lives, then whoever hears of it hangs up, as does whoever placed it', () => {
		const state = placed();
		run(state, sweep({ kind: 'never_existed' }), NOW_MS + 90_000);
		const rings = deliveryOf(eventOf({ status: 'ringing', callId: 'call-1' }));
		expect(run(state, rings, NOW_MS + 95_000).result).toMatchObject({
			mustEnd: { id: 'call-1', providerCallId: 'CA1' }
		});
		expect(run(state, bind(), NOW_MS + 96_000).result).toEqual({ kind: 'bound_late' });
		const ends = deliveryOf(completedOf(9, { callId: 'call-1' }), 'end');
		expect(run(state, ends, NOW_MS + 99_000).result).not.toHaveProperty('mustEnd');
		expectSettled(state, 0);
	});

	const denied = sweep({ kind: 'never_existed' }, 'call-1', 'CA1');
	const denyAt = (state: LaneState, seconds: number) =>
		run(state, denied, NOW_MS + seconds * 1_000).result;

	it('when its provider denies a call it accepted, then it is asked again, and believed the second time', () => {
		const state = bound();
		expect(denyAt(state, 90)).toEqual({ kind: 'swept', ended: false });
		expectUntouched(state);
		expect(denyAt(state, 135)).toEqual({ kind: 'swept', ended: true });
		expect(getCall(state)).toMatchObject({ status: 'failed', endReason: 'never_placed' });
	});

	it.each([
		['a callback', deliveryOf(eventOf({ status: 'ringing' }))],
		['the provider itself', found(eventOf({ status: 'ringing' }))]
	])(
		'when it is heard of by %s after a denial, then the next denial is the first again',
		(_by, heard) => {
			const state = bound();
			denyAt(state, 90);
			run(state, heard, NOW_MS + 100_000);
			expect(denyAt(state, 135)).toEqual({ kind: 'swept', ended: false });
			expect(getCall(state).status).toBe('ringing');
		}
	);

	it.each([
		['until it was first denied', 100, 2],
		['no more than what was held', 400, 3]
	])(
		'when it was answered and its provider denies it for five minutes, then it is charged %s and owes nothing',
		(_what, seconds, minutes) => {
			const state = bound();
			run(state, deliveryOf(eventOf({ status: 'in_progress', occurredAtMs: NOW_MS })));
			for (const later of [0, 45, 299]) {
				expect(denyAt(state, seconds + later)).toEqual({ kind: 'swept', ended: false });
			}
			expectUntouched(state);
			expect(denyAt(state, seconds + 300)).toEqual({ kind: 'swept', ended: true });
			expect(getCall(state)).toMatchObject({ status: 'completed', endReason: 'lost' });
			expectSettled(state, minutes);
			const lives = deliveryOf(eventOf({ status: 'in_progress' }), 'lives');
			expect(run(state, lives, NOW_MS + 900_000).result).toHaveProperty('mustEnd');
		}
	);

	it('when the provider gave no answer, then the hold is kept and the question is put off', () => {
		const state = bound();
		const laterMs = NOW_MS + 90_000;
		const { result } = run(state, sweep({ kind: 'no_answer', error: 'timeout' }), laterMs);
		expect(result).toEqual({ kind: 'swept', ended: false });
		expect(state.openHolds.get('call-1')?.checkAtMs).toBe(laterMs + CHECK_AFTER_SECONDS * 1_000);
		expectUntouched(state);
	});

	it('when the call ended unheard, then it is settled, and the late callback changes nothing', () => {
		const state = bound();
		expect(run(state, found(completedOf(61))).result).toEqual({ kind: 'swept', ended: true });
		expectSettled(state, 2);
		run(state, deliveryOf(completedOf(61)));
		expectSettled(state, 2);
	});

	it('when the call of a lost create is found, then it is bound to it', () => {
		const state = placed();
		run(state, close('unknown'));
		const { result } = run(state, found(eventOf({ status: 'in_progress' })));
		expect(result).toEqual({ kind: 'swept', ended: false });
		expect(getCall(state)).toMatchObject({
			status: 'in_progress',
			providerCallId: 'CA1',
			submitState: 'accepted'
		});
		expectUntouched(state);
	});

	it('when the call is where it was, then only the question is put off', () => {
		const state = bound();
		run(state, deliveryOf(eventOf({ status: 'in_progress' })));
		const laterMs = NOW_MS + 90_000;
		const { changes } = run(state, found(eventOf({ status: 'in_progress' })), laterMs);
		expect(changes.rows?.statusEvents ?? []).toEqual([]);
		expect(state.openHolds.get('call-1')?.checkAtMs).toBe(laterMs + CHECK_AFTER_SECONDS * 1_000);
		expectUntouched(state);
	});

	it('when the event found belongs to another call of ours, then neither call changes', () => {
		const state = bound();
		run(state, placeOf({ callId: 'call-2', to: '+12025550102' }));
		const event = sweep({ kind: 'event', event: completedOf(61) }, 'call-2');
		expect(run(state, event).result).toEqual({ kind: 'swept', ended: false });
		expect(getCall(state, 'call-1').status).toBe('initiated');
		expect(getCall(state, 'call-2')).toMatchObject({ status: 'initiated', providerCallId: null });
	});

	it('when the call is bound and the event found is of an id nobody knows, then it changes nothing', () => {
		const state = bound();
		const { result } = run(state, found(completedOf(61, { providerCallId: 'CA2' })));
		expect(result).toEqual({ kind: 'swept', ended: false });
		expectUntouched(state);
	});

	it('when what was found has a problem or an unknown status, then nothing is billed', () => {
		const state = bound();
		run(state, found(completedOf(0, { problems: ['duration is missing.'] })));
		run(state, found(eventOf({ status: null })));
		expect(getCall(state).status).toBe('initiated');
		expectUntouched(state);
	});

	it('when the call has ended already, then it says so and changes nothing', () => {
		const state = bound();
		run(state, deliveryOf(completedOf(61)));
		for (const finding of [
			{ kind: 'never_existed' },
			{ kind: 'event', event: completedOf(600) }
		] as const) {
			expect(run(state, sweep(finding))).toEqual({
				result: { kind: 'swept', ended: true },
				changes: {}
			});
		}
		expectSettled(state, 2);
	});

	it('when nobody knows the call, then nothing changes', () => {
		expect(run(stateOf(), sweep({ kind: 'never_existed' })).result).toEqual({
			kind: 'unknown_call'
		});
	});
});
