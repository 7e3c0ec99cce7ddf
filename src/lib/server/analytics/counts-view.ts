import type { CallCountsView } from '$lib/views';
import { formatMicros, parseMicros } from '$lib/domain/money';
import type { Counts } from './breakdown-rows';

export function toCountsView(counts: Counts): CallCountsView {
	return {
		calls: counts.calls,
		completed: counts.completed,
		failed: counts.failed,
		cancelled: counts.cancelled,
		answered: counts.answered,
		talkSeconds: counts.talk_seconds,
		billedMinutes: counts.billed_minutes,
		cost: formatMicros(parseMicros(counts.cost), 6),
		successRate: successRate(counts)
	};
}

export const NO_CALLS: CallCountsView = {
	calls: 0,
	completed: 0,
	failed: 0,
	cancelled: 0,
	answered: 0,
	talkSeconds: 0,
	billedMinutes: 0,
	cost: '0.000000',
	successRate: null
};

/** Completed of ended calls, percent with one decimal. */
function successRate({ completed, calls }: Counts): number | null {
	return calls === 0 ? null : Math.round((completed / calls) * 1000) / 10;
}
