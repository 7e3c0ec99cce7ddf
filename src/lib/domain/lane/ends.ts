/** Ends of calls that no provider told of: a create that was refused, a call that was never there. */
import type { Call } from '../call/call';
import { ownEvent } from './facts';
import type { AppendedRows, Changes } from './state';

/** A call no provider had, or none any more: nothing was talked. */
export function endWithoutProvider(
	call: Call,
	status: 'failed' | 'cancelled',
	endReason: string,
	nowMs: number
): Call {
	return {
		...call,
		status,
		endReason,
		endedAtMs: nowMs,
		talkSeconds: 0,
		billedMinutes: 0
	};
}

/** The line of the timeline for an end that no provider told of. */
export function withEndEvent(
	changes: Changes,
	call: Call,
	source: AppendedRows['statusEvents'][number]['source'],
	nowMs: number
): Changes {
	return {
		...changes,
		rows: {
			...changes.rows,
			statusEvents: [
				ownEvent(call, nowMs, { source, rawStatus: call.endReason ?? '', effect: 'advanced' })
			]
		}
	};
}
