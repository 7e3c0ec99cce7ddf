import type { Call } from '../call/call';
import { dayKey, type DayStats, type LaneState } from './state';

function dayOf(state: LaneState, call: Call): DayStats {
	const key = dayKey(call.organizationId, call.localDay, call.country);
	return (
		state.days.get(key) ?? {
			organizationId: call.organizationId,
			day: call.localDay,
			country: call.country,
			total: 0,
			completed: 0,
			failed: 0,
			cancelled: 0,
			talkSeconds: 0,
			billedMinutes: 0
		}
	);
}

/** The day's counters with one more call placed. */
export function countPlaced(state: LaneState, call: Call): DayStats {
	const day = dayOf(state, call);
	return { ...day, total: day.total + 1 };
}

/** The day's counters with this call ended. The day is the one it was placed on. */
export function countEnded(state: LaneState, call: Call): DayStats {
	const day = dayOf(state, call);
	return {
		...day,
		completed: day.completed + (call.status === 'completed' ? 1 : 0),
		failed: day.failed + (call.status === 'failed' ? 1 : 0),
		cancelled: day.cancelled + (call.status === 'cancelled' ? 1 : 0),
		talkSeconds: day.talkSeconds + (call.talkSeconds ?? 0),
		billedMinutes: day.billedMinutes + (call.billedMinutes ?? 0)
	};
}
