import { describe, expect, it } from 'vitest';
import { stepCampaign, type CampaignState, type Seen } from './step';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const running: CampaignState = {
	status: 'running',
	pauseCause: null,
	pauseReason: null,
	probeAtMs: null,
	probes: 0,
	isProbing: false,
	endedAtMs: null
};
const seen: Seen = { nowMs: NOW, obstacle: null, calling: 2, waiting: 5, isAccepted: false };
const credit = { cause: 'credit', reason: 'No minutes are left.' } as const;
const provider = { cause: 'provider', reason: 'Twilio does not answer.' } as const;

describe('given a campaign that is looked at', () => {
	it.each([
		['nothing is the matter', {}, { status: 'running' }],
		['its own calls hold the credit', { obstacle: credit }, { status: 'running' }],
		[
			'credit is short and no call holds any',
			{ obstacle: credit, calling: 0 },
			{ status: 'paused', pauseCause: 'credit', pauseReason: credit.reason, probeAtMs: null }
		],
		[
			'its provider places nothing',
			{ obstacle: provider },
			{ status: 'paused', pauseCause: 'provider', probeAtMs: NOW + 60_000, probes: 1 }
		],
		['the last lead is done', { calling: 0, waiting: 0 }, { status: 'finished', endedAtMs: NOW }]
	] as [string, Partial<Seen>, object][])(
		'when %s, then it is as it should be',
		(_what, change, after) => {
			expect(stepCampaign(running, { ...seen, ...change })).toMatchObject(after);
		}
	);

	it('when it was paused for credit, then it goes on by itself once there is some', () => {
		const paused = stepCampaign(running, { ...seen, obstacle: credit, calling: 0 });
		expect(stepCampaign(paused, { ...seen, obstacle: credit, calling: 0 })).toBe(paused);
		expect(stepCampaign(paused, { ...seen, calling: 0 })).toMatchObject({
			status: 'running',
			pauseCause: null,
			isProbing: false
		});
	});

	it('when its provider fails again and again, then it tries ever more seldom, until one call is accepted', () => {
		let state = running;
		let nowMs = NOW;
		const waits: number[] = [];
		for (let turn = 0; turn < 6; turn++) {
			state = stepCampaign(state, { ...seen, nowMs, calling: 0, obstacle: provider });
			waits.push(((state.probeAtMs ?? 0) - nowMs) / 60_000);
			nowMs = state.probeAtMs ?? 0;
			expect(stepCampaign(state, { ...seen, nowMs: nowMs - 1, calling: 0 })).toBe(state);
			state = stepCampaign(state, { ...seen, nowMs, calling: 0 });
			expect(state).toMatchObject({ status: 'running', isProbing: true });
		}
		expect(waits).toEqual([1, 2, 4, 8, 15, 15]);
		expect(stepCampaign(state, { ...seen, nowMs, isAccepted: true })).toMatchObject({
			isProbing: false,
			probes: 0
		});
	});

	it('when a person paused it, then nothing but a person lets it go on', () => {
		const paused: CampaignState = { ...running, status: 'paused', pauseCause: 'person' };
		expect(stepCampaign(paused, seen)).toBe(paused);
		expect(stepCampaign(paused, { ...seen, obstacle: credit })).toBe(paused);
	});

	it('when it is stopping, then it is stopped once its last call has ended, whatever else is', () => {
		const stopping: CampaignState = { ...running, status: 'stopping' };
		expect(stepCampaign(stopping, { ...seen, obstacle: credit })).toBe(stopping);
		expect(stepCampaign(stopping, { ...seen, calling: 0 })).toMatchObject({
			status: 'stopped',
			endedAtMs: NOW
		});
	});
});
