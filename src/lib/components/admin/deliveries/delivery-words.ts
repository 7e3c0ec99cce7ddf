import type { DeliveryOutcomeView } from '$lib/views';
import type { Tone } from '../../ui/Pill.svelte';
import { formatDuration, formatMoney } from '../../format/numbers';
import { statusWord } from '../../format/calls';

export const STATE_WORDS: Record<DeliveryOutcomeView['state'], string> = {
	received: 'To be applied',
	waiting: 'Waiting',
	applied: 'Applied',
	ignored: 'Changed nothing',
	unmatched: 'Of no known call',
	failed: 'Not applied'
};

export const STATE_TONES: Record<DeliveryOutcomeView['state'], Tone> = {
	received: 'attention',
	waiting: 'attention',
	applied: 'good',
	ignored: 'neutral',
	unmatched: 'attention',
	failed: 'stop'
};

/** `120 ms`, `2.4 s`, `3 m 05 s`; a dash when the provider did not date it. */
export function lagWords(lagMs: number | null): string {
	if (lagMs === null) return '–';
	if (lagMs < 1_000) return `${lagMs} ms`;
	if (lagMs < 60_000) return `${(lagMs / 1_000).toFixed(1)} s`;
	return formatDuration(lagMs / 1_000);
}

export interface Difference {
	what: string;
	before: string;
	after: string;
	isChanged: boolean;
}

/** Each part of an outcome before and after it was replayed. */
export function differences(before: DeliveryOutcomeView, after: DeliveryOutcomeView): Difference[] {
	const parts: [string, (outcome: DeliveryOutcomeView) => string][] = [
		['Delivery', (outcome) => STATE_WORDS[outcome.state]],
		['Note', (outcome) => outcome.note ?? '–'],
		['Attempts', (outcome) => String(outcome.attempts)],
		['Call', (outcome) => (outcome.callStatus === null ? 'none' : statusWord(outcome.callStatus))],
		['Billed minutes', (outcome) => String(outcome.billedMinutes ?? '–')],
		['Paid by the wallet', (outcome) => (outcome.cost === null ? '–' : formatMoney(outcome.cost))]
	];
	return parts.map(([what, of]) => ({
		what,
		before: of(before),
		after: of(after),
		isChanged: of(before) !== of(after)
	}));
}
