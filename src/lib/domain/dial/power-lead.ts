/** Which leads of a list an agent is given to call, one after the other, and why others are passed over. */
import { isCallingHour, type CallingHours } from '../campaigns/calling-hours';
import { isClosing, type DispositionKind } from '../outcomes/dispositions';

export interface PowerLead {
	doNotCall: boolean;
	/** Every zone it may be in. */
	zones: readonly string[];
	lastCalledAtMs: number | null;
	/** A call to its number lives. */
	isOnCall: boolean;
	/** It was promised a call later than now. */
	isPromised: boolean;
	/** What became of its newest call. */
	lastOutcome: DispositionKind | null;
}

export type PowerVerdict = 'offer' | 'do_not_call' | 'done' | 'taken' | 'hours';

/**
 * @param startedAtMs since when the agent goes through the list: whoever was called since is taken
 * @param nowMs milliseconds since 1970 UTC
 */
export function judgeLead(
	lead: PowerLead,
	rules: { startedAtMs: number; hours: CallingHours },
	nowMs: number
): PowerVerdict {
	if (lead.doNotCall) return 'do_not_call';
	if (lead.lastOutcome !== null && isClosing(lead.lastOutcome)) return 'done';
	const wasCalled = lead.lastCalledAtMs !== null && lead.lastCalledAtMs >= rules.startedAtMs;
	if (lead.isOnCall || lead.isPromised || wasCalled) return 'taken';
	return isCallingHour(lead.zones, rules.hours, nowMs) ? 'offer' : 'hours';
}
