import { describe, expect, it } from 'vitest';
import type { CallEventView } from '$lib/views';
import { timelineSteps } from './timeline-steps';

function heard(id: number, status: string, second: string, changes: Partial<CallEventView> = {}) {
	const occurredAt = `2026-11-21T10:00:${second}Z`;
	return {
		id,
		source: 'provider',
		status,
		rawStatus: status,
		effect: 'advanced',
		occurredAt,
		receivedAt: occurredAt,
		...changes
	} satisfies CallEventView;
}

describe('timelineSteps', () => {
	it('puts the placing first although the provider rounds its seconds down', () => {
		const steps = timelineSteps([
			heard(2, 'ringing', '05.000'),
			heard(1, 'initiated', '05.700', { source: 'placed' }),
			heard(3, 'in_progress', '09.000')
		]);
		expect(steps.map(({ word, gapSeconds }) => [word, gapSeconds])).toEqual([
			['Initiated', null],
			['Ringing', 0],
			['In progress', 4]
		]);
	});

	it('keeps an unknown word of the provider and says what changed nothing', () => {
		const [step] = timelineSteps([
			heard(1, 'unknown', '01.000', { rawStatus: 'parked', effect: 'none' })
		]);
		expect(step?.word).toBe('parked');
		expect(step?.isQuiet).toBe(true);
		expect(step?.note).toContain('changed nothing');
	});
});
