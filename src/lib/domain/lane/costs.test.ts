import { describe, expect, it } from 'vitest';
import {
	completedOf,
	deliveryOf,
	eventOf,
	getCall,
	getOrganization,
	NOW_MS,
	run
} from '../../../../tests/fixtures/lane';
import { bound, expectSettled } from '../../../../tests/fixtures/lane-steps';
import type { LaneState } from './state';

const ask = (cost: { amount: string; currency: string } | null) =>
	({ kind: 'record_cost', callId: 'call-1', cost }) as const;

function ended(): LaneState {
	const state = bound();
	run(state, deliveryOf(completedOf(61)));
	return state;
}

describe('given an ended call whose price is not known', () => {
	it('when the provider says it, then it is kept and no credit moves', () => {
		const state = ended();
		const before = getOrganization(state);
		const { result, changes } = run(state, ask({ amount: '0.028', currency: 'USD' }), NOW_MS);
		expect(result).toEqual({ kind: 'known' });
		expect(Object.keys(changes)).toEqual(['calls']);
		expect(getOrganization(state)).toBe(before);
		expect(getCall(state)).toMatchObject({ providerCostMicros: 28_000n, costState: 'known' });
		expectSettled(state, 2);
	});

	it('when the provider is silent, then it is asked less and less often for a day, and then no more', () => {
		const state = ended();
		let nowMs = getCall(state).costCheckAtMs ?? 0;
		const waits: number[] = [];
		for (;;) {
			const { result } = run(state, ask(null), nowMs);
			const nextMs = getCall(state).costCheckAtMs;
			if (nextMs === null) {
				expect(result).toEqual({ kind: 'given_up' });
				break;
			}
			expect(result).toEqual({ kind: 'asked_again_later' });
			waits.push((nextMs - nowMs) / 1000);
			nowMs = nextMs;
		}
		expect(waits.slice(0, 4)).toEqual([120, 240, 480, 960]);
		expect(waits).toEqual([...waits].sort((first, second) => first - second));
		expect(waits.length).toBeLessThan(15);
		expect(getCall(state)).toMatchObject({ costState: 'unavailable', costCheckAtMs: null });
		expect(run(state, ask(null), nowMs).result).toEqual({ kind: 'not_waited_for' });
		expectSettled(state, 2);
	});

	it('when it was given up and the price comes all the same, then it is kept', () => {
		const state = ended();
		run(state, ask(null), NOW_MS + 2 * 86_400_000);
		expect(getCall(state).costState).toBe('unavailable');
		run(state, ask({ amount: '1.50', currency: 'INR' }), NOW_MS + 3 * 86_400_000);
		expect(getCall(state)).toMatchObject({ costState: 'known', providerCostCurrency: 'INR' });
	});

	it('when facts of it come by callback, then they are applied, and no line of the timeline is written', () => {
		const state = ended();
		const { result, changes } = run(
			state,
			deliveryOf(
				eventOf({
					kind: 'facts',
					status: null,
					rawStatus: '',
					providerCallId: 'CA-parent',
					callId: 'call-1',
					facts: {
						answeredBy: 'machine',
						transcript: 'hello',
						recording: { key: 'RE1', url: 'u', state: 'completed', seconds: 9, channels: 2 }
					}
				}),
				'delivery-2'
			)
		);
		expect(result).toEqual({ kind: 'applied', callId: 'call-1', note: null });
		expect(changes.rows).toMatchObject({
			statusEvents: [],
			usage: [],
			recordings: [{ key: 'RE1', state: 'pending', organizationId: 1 }],
			transcripts: [{ transcript: 'hello', summary: null }]
		});
		expect(getCall(state)).toMatchObject({ answeredBy: 'machine', providerCallId: 'CA1' });
		expectSettled(state, 2);
	});
});
