import { describe, expect, it } from 'vitest';
import { deliveryOf, eventOf, getCall, run } from '../../../../tests/fixtures/lane';
import { bind, close, expectUntouched, placed } from '../../../../tests/fixtures/lane-steps';
import type { ChangeProvider } from './commands';

const change = (to: Partial<ChangeProvider['to']> = {}): ChangeProvider => ({
	kind: 'change_provider',
	callId: 'call-1',
	from: { provider: 'twilio' },
	to: { provider: 'exotel', from: '+918000000000', canBeCut: false, ...to }
});

describe('given a call that its provider refused', () => {
	it('when another provider is tried, then the call keeps its row and its hold, and may last what is held', () => {
		const state = placed();
		expect(getCall(state).timeLimitSeconds).toBe(600);
		const { result } = run(state, change());
		expect(result.kind).toBe('changed');
		expect(getCall(state)).toMatchObject({
			provider: 'exotel',
			from: '+918000000000',
			submitState: 'submitting',
			timeLimitSeconds: 180
		});
		expectUntouched(state);
	});

	it('when the other provider can be hung up, then it may last as long as can be paid', () => {
		const state = placed();
		run(state, change({ provider: 'bolna', canBeCut: true }));
		expect(getCall(state).timeLimitSeconds).toBe(600);
	});

	it('when it is changed twice by one wish, then the second changes nothing', () => {
		const state = placed();
		run(state, change());
		expect(run(state, change()).result).toEqual({ kind: 'call_went_on' });
	});

	it.each([
		['was accepted after all', (state: ReturnType<typeof placed>) => run(state, bind())],
		['may be ringing', (state: ReturnType<typeof placed>) => run(state, close('unknown'))],
		['has failed', (state: ReturnType<typeof placed>) => run(state, close('refused'))],
		[
			'was heard of',
			(state: ReturnType<typeof placed>) => run(state, deliveryOf(eventOf({ callId: 'call-1' })))
		]
	])('when it %s, then it stays with its provider', (_what, happen) => {
		const state = placed();
		happen(state);
		expect(run(state, change()).result).toEqual({ kind: 'call_went_on' });
		expect(getCall(state).provider).toBe('twilio');
	});
});
