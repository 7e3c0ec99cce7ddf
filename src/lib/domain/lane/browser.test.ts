import { describe, expect, it } from 'vitest';
import {
	completedOf,
	deliveryOf,
	eventOf,
	getCall,
	NOW_MS,
	organizationOf,
	placeOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import {
	close,
	expectSettled,
	expectUntouched,
	found,
	sweep
} from '../../../../tests/fixtures/lane-steps';
import { CONNECT_SECONDS_MAX } from './browser';
import type { ConnectBrowser } from './commands';
import type { LaneState } from './state';

const PARENT = 'CA-browser';
const CHILD = 'CA-lead';

function placedInBrowser(organization = organizationOf()): LaneState {
	const state = stateOf({ organizations: [organization] });
	run(state, placeOf({ device: 'browser' }));
	return state;
}

function connect(part: Partial<ConnectBrowser> = {}): ConnectBrowser {
	return {
		kind: 'connect_browser',
		callId: 'call-1',
		userId: 'user-1',
		organizationId: 1,
		parentCallId: PARENT,
		...part
	};
}

function connected(): LaneState {
	const state = placedInBrowser();
	run(state, connect());
	return state;
}

const child = { providerCallId: CHILD, parentCallId: PARENT, callId: 'call-1' };
const parent = { providerCallId: PARENT, callId: 'call-1' };

describe('given a call placed in the browser', () => {
	it('when its browser connects, then it may be put through, and the same leg is told the same again', () => {
		const state = placedInBrowser();
		const first = run(state, connect()).result;
		expect(first).toMatchObject({ kind: 'connected', call: { parentCallId: PARENT } });
		expect(run(state, connect(), NOW_MS + 90_000).result).toEqual(first);
		expect(getCall(state)).toMatchObject({ providerCallId: null, submitState: 'accepted' });
		expectUntouched(state);
	});

	it.each<[string, Partial<ConnectBrowser>, string]>([
		['another person connects', { userId: 'user-2' }, 'not_yours'],
		['the person is now of another organisation', { organizationId: 2 }, 'not_yours'],
		['it names no call', { callId: 'call-9' }, 'unknown_call']
	])('when %s, then it is refused and nothing changes', (_name, part, reason) => {
		const state = placedInBrowser();
		expect(run(state, connect(part))).toEqual({ result: { kind: 'refused', reason }, changes: {} });
	});

	it('when a super admin who placed it connects, then it may be put through', () => {
		const state = placedInBrowser();
		expect(run(state, connect({ organizationId: null })).result.kind).toBe('connected');
	});

	it('when it connects a second time from elsewhere, then only the first is put through', () => {
		const state = connected();
		const second = run(state, connect({ parentCallId: 'CA-other' })).result;
		expect(second).toEqual({ kind: 'refused', reason: 'already_connected' });
	});

	it('when it connects later than a browser does, then it is refused', () => {
		const limitMs = NOW_MS + CONNECT_SECONDS_MAX * 1_000;
		expect(run(placedInBrowser(), connect(), limitMs).result.kind).toBe('connected');
		expect(run(placedInBrowser(), connect(), limitMs + 1).result).toEqual({
			kind: 'refused',
			reason: 'too_late'
		});
	});

	it('when the organisation was switched off meanwhile, then it is refused', () => {
		const state = placedInBrowser();
		state.organizations.set(1, organizationOf({ isActive: false }));
		expect(run(state, connect()).result).toEqual({
			kind: 'refused',
			reason: 'organization_inactive'
		});
	});

	it('when the fraud guard has paused calling meanwhile, then it is refused', () => {
		const state = placedInBrowser();
		const { guard } = organizationOf();
		const paused = { ...guard, trippedAtMs: NOW_MS, tripReason: 'spending' as const };
		state.organizations.set(1, organizationOf({ guard: paused }));
		expect(run(state, connect()).result).toEqual({ kind: 'refused', reason: 'calling_paused' });
	});

	it('when it was given up before, then its hold is back and it is refused', () => {
		const state = placedInBrowser();
		run(state, { ...close('refused'), outcome: 'cancelled', endReason: 'cancelled' });
		expect(getCall(state)).toMatchObject({ status: 'cancelled', endReason: 'cancelled' });
		expectSettled(state, 0);
		expect(run(state, connect()).result).toEqual({ kind: 'refused', reason: 'ended' });
	});

	it('when it is given up after the browser connected, then it goes on', () => {
		const state = connected();
		const given = { ...close('refused'), outcome: 'cancelled' as const };
		expect(run(state, given).result).toEqual({ kind: 'call_went_on' });
	});

	it('when a call placed by phone is named, then no browser is put through', () => {
		const state = stateOf();
		run(state, placeOf());
		expect(run(state, connect()).result).toEqual({ kind: 'refused', reason: 'unknown_call' });
	});
});

describe('given a browser call that was put through', () => {
	it('when the parent talked 35 seconds and the child 22, then the child is billed, in either order', () => {
		const parentEnded = deliveryOf(completedOf(35, parent), 'parent');
		const childEnded = deliveryOf(completedOf(22, child), 'child');
		for (const order of [
			[parentEnded, childEnded],
			[childEnded, parentEnded]
		]) {
			const state = connected();
			for (const delivery of order) run(state, delivery);
			expect(getCall(state)).toMatchObject({
				status: 'completed',
				talkSeconds: 22,
				billedMinutes: 1,
				providerCallId: CHILD,
				parentCallId: PARENT
			});
			expectSettled(state, 1);
		}
	});

	it('when the browser has left, then nothing moves, and the lead is asked about soon', () => {
		const state = connected();
		const { result, changes } = run(state, deliveryOf(completedOf(9, parent)));
		expect(result).toMatchObject({ kind: 'applied', callId: 'call-1' });
		expect(changes.calls ?? []).toEqual([]);
		expect(state.openHolds.get('call-1')?.checkAtMs).toBe(NOW_MS + 5_000);
		expectUntouched(state);
	});

	it('when a leg comes that neither began, then it is ignored', () => {
		const state = connected();
		for (const event of [
			eventOf({ ...child, parentCallId: 'CA-other' }),
			eventOf({ providerCallId: CHILD, callId: 'call-1' })
		]) {
			expect(run(state, deliveryOf(event, event.providerCallId)).result.kind).toBe('ignored');
		}
		expect(getCall(state).providerCallId).toBeNull();
	});

	it('when the lead was never dialled, then it is cancelled with 0 seconds', () => {
		const state = connected();
		expect(run(state, sweep({ kind: 'never_dialled' })).result).toEqual({
			kind: 'swept',
			ended: true
		});
		expect(getCall(state)).toMatchObject({ status: 'cancelled', talkSeconds: 0 });
		expectSettled(state, 0);
	});

	it('when the sweep finds the child, then it is bound and settled by it', () => {
		const state = connected();
		run(state, found(completedOf(61, child)));
		expect(getCall(state)).toMatchObject({ providerCallId: CHILD, talkSeconds: 61 });
		expectSettled(state, 2);
	});

	it('when the sweep finds the parent, then nothing is settled by it', () => {
		const state = connected();
		expect(run(state, found(completedOf(61, parent))).result).toEqual({
			kind: 'swept',
			ended: false
		});
		expectUntouched(state);
	});

	it('when the child was heard of while the sweep asked, then it is not taken for never dialled', () => {
		const state = connected();
		run(state, deliveryOf(eventOf(child)));
		expect(run(state, sweep({ kind: 'never_dialled' })).result).toEqual({
			kind: 'swept',
			ended: false
		});
	});
});

describe('given a browser that never connected', () => {
	it('when the sweep says so, then the call failed and its hold goes back', () => {
		const state = placedInBrowser();
		run(state, sweep({ kind: 'never_existed' }), NOW_MS + 75_000);
		expect(getCall(state)).toMatchObject({ status: 'failed', endReason: 'never_connected' });
		expectSettled(state, 0);
	});

	it('when it connected while the sweep asked, then it lives', () => {
		const state = connected();
		expect(run(state, sweep({ kind: 'never_existed' })).result).toEqual({
			kind: 'swept',
			ended: false
		});
		expectUntouched(state);
	});
});
