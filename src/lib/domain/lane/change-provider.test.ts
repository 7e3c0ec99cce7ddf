import { describe, expect, it } from 'vitest';
import {
	COMMAND_LINE,
	completedOf,
	deliveryOf,
	eventOf,
	getCall,
	getOrganization,
	NOW_MS,
	run
} from '../../../../tests/fixtures/lane';
import {
	bind,
	close,
	expectSettled,
	expectUntouched,
	placed
} from '../../../../tests/fixtures/lane-steps';
import type { ChangeProvider } from './commands';
import { RING_SECONDS_MAX } from './place';

const change = (to: Partial<ChangeProvider['to']> = {}): ChangeProvider => ({
	kind: 'change_provider',
	callId: 'call-1',
	from: { provider: 'twilio' },
	to: { provider: 'exotel', from: '+918000000000', canBeCut: false, fixedSeconds: null, ...to }
});

describe('given a call that its provider refused', () => {
	it('when another provider is tried, then the call keeps its row and its hold, and may last what is held', () => {
		const state = placed();
		expect(getCall(state).timeLimitSeconds).toBe(240);
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
		expect(getCall(state).timeLimitSeconds).toBe(240);
	});

	it('when the other provider has a length of its own, then that much is held, and it may last so long', () => {
		const state = placed();
		run(state, change({ provider: 'bolna', fixedSeconds: 500 }));
		expect(getCall(state)).toMatchObject({ provider: 'bolna', timeLimitSeconds: 500 });
		const hold = state.openHolds.get('call-1');
		expect(hold).toMatchObject({
			parts: [{ minutes: 9 }],
			expiresAtMs: NOW_MS + (RING_SECONDS_MAX + 500) * 1_000
		});
		expect(getOrganization(state).credit.heldMinutes).toBe(9);
		run(state, deliveryOf(completedOf(70, { provider: 'bolna', callId: 'call-1' })));
		expectSettled(state, 2);
	});

	it('when it moves late, then its hold lasts as long as the new provider may ring and let it talk', () => {
		const state = placed();
		run(state, change({ provider: 'bolna', fixedSeconds: 300 }), NOW_MS + 58_000);
		expect(state.openHolds.get('call-1')?.expiresAtMs).toBe(
			NOW_MS + (58 + RING_SECONDS_MAX + 300) * 1_000
		);
	});

	it('when a length of its own cannot be held, then the call is not moved and its hold is as it was', () => {
		const state = placed();
		const { result, changes } = run(state, change({ provider: 'bolna', fixedSeconds: 660 }));
		expect({ result, changes }).toEqual({ result: { kind: 'not_covered' }, changes: {} });
	});

	it('when a budget leaves less than that length, then it is not moved either', () => {
		const state = placed();
		run(state, {
			...{ kind: 'set_budget', budgetId: 'budget-1', organizationId: 1, actor: COMMAND_LINE },
			...{ scope: 'user', subjectId: 'user-1', subjectName: 'Ravi' },
			...{ period: 'day', limitMinutes: 4 }
		});
		const { result } = run(state, change({ provider: 'bolna', fixedSeconds: 480 }));
		expect(result).toEqual({ kind: 'not_covered' });
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
