import { describe, expect, it } from 'vitest';
import {
	callOf,
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
	placed
} from '../../../../tests/fixtures/lane-steps';
import type { CallEvent } from '../call/event';
import { CHECK_AFTER_SECONDS } from './place';
import type { LaneState } from './state';

function waitFor(state: LaneState, events: CallEvent[]): void {
	const waiting = events.map((event, index) => ({
		id: `waiting-${index}`,
		event,
		receivedAtMs: NOW_MS + index
	}));
	state.unmatched.set('twilio:CA1', waiting);
}

describe('given a delivery', () => {
	it('when it completes the call, then the call is billed from its hold, once', () => {
		const state = bound();
		const { result, changes } = run(state, deliveryOf(completedOf(61)));
		expect(result).toEqual({ kind: 'applied', callId: 'call-1', note: null });
		expect(changes.rows?.usage).toMatchObject([
			{ callId: 'call-1', allocationId: 'lot-1', minutesConsumed: 2, settlesDebt: false }
		]);
		expect(changes.holds).toMatchObject([{ id: 'hold-of-call-1', state: 'settled' }]);
		expectSettled(state, 2);
		for (let repeat = 2; repeat < 50; repeat++) {
			const again = run(state, deliveryOf(completedOf(61), `delivery-${repeat}`));
			expect(again.result.kind).toBe('applied');
			expect(again.changes.rows?.usage ?? []).toEqual([]);
		}
		expectSettled(state, 2);
		expect(getCall(state).endedAtMs).toBe(NOW_MS + 200_000);
		expect([...state.days.values()]).toMatchObject([
			{ total: 1, completed: 1, failed: 0, cancelled: 0, talkSeconds: 61, billedMinutes: 2 }
		]);
	});

	it.each(['in_progress', 'ringing', 'initiated'] as const)(
		'when %s comes after the end, then the call stays ended and nothing is held again',
		(status) => {
			const state = bound();
			run(state, deliveryOf(completedOf(61), 'delivery-1'));
			run(state, deliveryOf(eventOf({ status }), 'delivery-2'));
			expect(getCall(state).status).toBe('completed');
			expectSettled(state, 2);
		}
	);

	it('when the call was not answered, then it costs nothing and its hold goes back', () => {
		const state = bound();
		const { changes } = run(state, deliveryOf(eventOf({ status: 'failed', endReason: 'busy' })));
		expect(changes.holds).toMatchObject([{ state: 'released' }]);
		expect(getCall(state)).toMatchObject({ status: 'failed', endReason: 'busy', billedMinutes: 0 });
		expectSettled(state, 0);
	});

	it('when it contradicts the end, then it is kept as ignored and changes no bill', () => {
		const state = bound();
		run(state, deliveryOf(completedOf(61), 'delivery-1'));
		for (const event of [eventOf({ status: 'failed', endReason: 'busy' }), completedOf(600)]) {
			const { result } = run(state, deliveryOf(event, 'delivery-2'));
			expect(result).toMatchObject({ kind: 'ignored', callId: 'call-1' });
		}
		expectSettled(state, 2);
	});

	it('when its status is unknown, then it is kept as ignored and the call goes on', () => {
		const state = bound();
		const { result, changes } = run(state, deliveryOf(eventOf({ status: null })));
		expect(result).toMatchObject({ kind: 'ignored', note: 'The status "exploded" is unknown.' });
		expect(changes.rows?.statusEvents).toMatchObject([
			{ status: 'unknown', rawStatus: 'exploded' }
		]);
		expect(getCall(state).status).toBe('initiated');
		expectUntouched(state);
	});

	it('when its body has a problem, then it is kept as failed, bills nothing and the provider is asked now', () => {
		const state = bound();
		const nonsense = completedOf(0, { talkSeconds: null, problems: ['CallDuration is "-7".'] });
		const { result } = run(state, deliveryOf(nonsense), NOW_MS + 9_000);
		expect(result).toEqual({ kind: 'failed', callId: 'call-1', note: 'CallDuration is "-7".' });
		expect(getCall(state).status).toBe('initiated');
		expect(state.openHolds.get('call-1')?.checkAtMs).toBe(NOW_MS + 9_000);
		expectUntouched(state);
	});

	it('when it is held back, then it is kept with the reason, bills nothing and the provider is asked now', () => {
		const state = bound();
		const heldBack = 'Exotel did not confirm it.';
		const command = { ...deliveryOf(completedOf(61)), heldBack };
		expect(run(state, command, NOW_MS + 9_000).result).toEqual({
			kind: 'received',
			callId: 'call-1',
			note: heldBack
		});
		expect(getCall(state).status).toBe('initiated');
		expect(state.openHolds.get('call-1')?.checkAtMs).toBe(NOW_MS + 9_000);
		expectUntouched(state);
	});

	it('when it names our call before the create answer came, then it binds and applies', () => {
		const state = placed();
		run(state, deliveryOf(completedOf(61, { callId: 'call-1' })));
		expect(getCall(state)).toMatchObject({ providerCallId: 'CA1', status: 'completed' });
		expect(run(state, bind()).result).toEqual({ kind: 'bound' });
		expect(run(state, close('unknown')).result).toEqual({ kind: 'call_went_on' });
		expectSettled(state, 2);
	});

	it('when it names no call anyone knows, then it is kept and nothing changes', () => {
		const state = placed();
		const { result, changes } = run(state, deliveryOf(completedOf(61)));
		expect(result).toMatchObject({ kind: 'unmatched', callId: null });
		expect(changes.rows?.deliveries).toMatchObject([{ state: 'unmatched', callId: null }]);
		expectUntouched(state);
	});

	it('when its URL names our call but its id is that of another one, then it is ignored', () => {
		const state = bound();
		const { result } = run(
			state,
			deliveryOf(completedOf(61, { providerCallId: 'CA2', callId: 'call-1' }))
		);
		expect(result.kind).toBe('ignored');
		expectUntouched(state);
	});

	it('when its id is bound to a call, then that call is meant, whatever the URL says', () => {
		const state = bound();
		run(state, placeOf({ callId: 'call-2', to: '+12025550102' }));
		run(state, deliveryOf(completedOf(61, { callId: 'call-2' })));
		expect(getCall(state, 'call-1').status).toBe('completed');
		expect(getCall(state, 'call-2')).toMatchObject({ status: 'initiated', providerCallId: null });
	});

	it('when another provider uses the same id, then it belongs to no call of this one', () => {
		const state = bound();
		const event = completedOf(61, { provider: 'exotel', callId: 'call-1' });
		expect(run(state, deliveryOf(event)).result.kind).toBe('unmatched');
		expectUntouched(state);
	});

	it('when the call was heard of, then the next question is put off', () => {
		const state = bound();
		const laterMs = NOW_MS + 40_000;
		run(state, deliveryOf(eventOf({ status: 'in_progress' })), laterMs);
		expect(state.openHolds.get('call-1')?.checkAtMs).toBe(laterMs + CHECK_AFTER_SECONDS * 1_000);
	});
});

describe('given deliveries that wait for their call', () => {
	const wholeCall = [
		eventOf({ status: 'initiated', occurredAtMs: NOW_MS }),
		completedOf(61),
		eventOf({ status: 'in_progress', occurredAtMs: NOW_MS + 9_000 }),
		eventOf({ status: 'ringing', occurredAtMs: NOW_MS + 4_000 }),
		completedOf(61)
	];

	it('when the call is bound, then all are claimed in order and it is settled once', () => {
		const state = placed();
		waitFor(state, wholeCall);
		const { result, changes } = run(state, bind());
		expect(result).toEqual({ kind: 'bound' });
		expect(getCall(state)).toMatchObject({
			status: 'completed',
			providerCallId: 'CA1',
			ringingAtMs: NOW_MS + 4_000,
			answeredAtMs: NOW_MS + 9_000,
			answeredEstimated: false,
			endedAtMs: NOW_MS + 200_000,
			billedMinutes: 2
		});
		expect(changes.rows?.usage).toHaveLength(1);
		expect(changes.rows?.deliveries?.map(({ id, state: kept }) => [id, kept])).toEqual([
			['waiting-0', 'applied'],
			['waiting-1', 'applied'],
			['waiting-2', 'applied'],
			['waiting-3', 'applied'],
			['waiting-4', 'applied']
		]);
		expect(changes.rows?.statusEvents?.map(({ effect }) => effect)).toEqual([
			'none',
			'advanced',
			'filled',
			'filled',
			'none'
		]);
		expectSettled(state, 2);
	});

	it('when the call is bound, then its hold is closed and nothing of the batch leaves it open', () => {
		const state = placed();
		waitFor(state, wholeCall);
		// So late that each event also puts the next question off, and writes the hold for that.
		const { changes } = run(state, bind(), NOW_MS + CHECK_AFTER_SECONDS * 1_000);
		expect(changes.holds?.at(-1)).toMatchObject({ id: 'hold-of-call-1', state: 'settled' });
		expect(state.openHolds.has('call-1')).toBe(false);
		expect(run(state, placeOf({ callId: 'call-2' })).result.kind).toBe('placed');
	});

	it('when the call is bound twice in one batch, then each delivery is applied once', () => {
		const state = placed();
		waitFor(state, wholeCall);
		run(state, bind());
		expect(run(state, bind()).changes.rows?.statusEvents ?? []).toEqual([]);
	});

	it('when the call is bound under another id, then they wait on', () => {
		const state = placed();
		waitFor(state, wholeCall);
		run(state, bind('CA2'));
		expectUntouched(state);
	});
});

describe('given an answer to the create request', () => {
	it('when it names a call nobody knows, then nothing changes', () => {
		expect(run(stateOf(), bind('CA1', 'call-9'))).toEqual({
			result: { kind: 'unknown_call' },
			changes: {}
		});
		expect(run(stateOf(), close('refused', 'call-9')).result).toEqual({ kind: 'unknown_call' });
	});

	it('when the call is already bound to another id, then it keeps its own', () => {
		const state = bound();
		expect(run(state, bind('CA2')).result).toEqual({ kind: 'already_bound' });
		expect(getCall(state).providerCallId).toBe('CA1');
	});

	it('when its id already belongs to another call, then it is not taken from it', () => {
		const state = bound();
		run(state, placeOf({ callId: 'call-2', to: '+12025550102' }));
		expect(run(state, bind('CA1', 'call-2')).result).toEqual({ kind: 'already_bound' });
		expect(getCall(state, 'call-2').providerCallId).toBeNull();
		expect(state.callIdByProviderCall.get('twilio:CA1')).toBe('call-1');
	});

	it('when it is a refusal, then the call failed, its hold is released and it is counted', () => {
		const state = placed();
		const { result, changes } = run(state, close('refused'));
		expect(result).toEqual({ kind: 'closed' });
		expect(getCall(state)).toMatchObject({
			status: 'failed',
			endReason: 'invalid_number',
			submitState: 'refused',
			billedMinutes: 0
		});
		expect(changes.holds).toMatchObject([{ state: 'released', closedAtMs: NOW_MS }]);
		expect([...state.days.values()]).toMatchObject([{ total: 1, failed: 1 }]);
		expectSettled(state, 0);
		expect(run(state, close('refused')).result).toEqual({ kind: 'call_went_on' });
		expectSettled(state, 0);
	});

	it('when there was none, then the call waits with its hold and is not billed', () => {
		const state = placed();
		expect(run(state, close('unknown')).result).toEqual({ kind: 'closed' });
		expect(getCall(state)).toMatchObject({ status: 'initiated', submitState: 'unknown' });
		expectUntouched(state);
	});

	it.each(['refused', 'unknown'] as const)(
		'when it says %s after a callback came, then the callback wins',
		(outcome) => {
			const state = placed();
			run(state, deliveryOf(eventOf({ status: 'in_progress', callId: 'call-1' })));
			const { result, changes } = run(state, close(outcome));
			expect(result).toEqual({ kind: 'call_went_on' });
			expect(changes).toEqual({});
			expect(getCall(state)).toMatchObject({ status: 'in_progress', submitState: 'accepted' });
			expectUntouched(state);
		}
	);
});

it('given a call whose organisation was not read, when it ends, then it throws instead of charging nobody', () => {
	const state = stateOf({ organizations: [], calls: [callOf()] });
	expect(() => run(state, deliveryOf(completedOf(61)))).toThrow('Organization 1 was not read');
});
