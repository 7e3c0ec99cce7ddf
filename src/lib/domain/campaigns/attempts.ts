/** What an ended call means for its lead: reached, called again, or given up. */
import { STOPPED_WAITING } from '../providers/refusals';
import type { Call } from '../call/call';
import type { LeadState, WaitReason } from './campaign';

/** When a lead that was not reached is called again. */
export interface RetryRules {
	/** Calls to one lead, the first one included. */
	attemptsMax: number;
	/** Minutes until the next call after each outcome; null: that outcome is not tried again. */
	busyAfterMinutes: number | null;
	noAnswerAfterMinutes: number | null;
	failedAfterMinutes: number | null;
}

export const DEFAULT_RETRY_RULES: RetryRules = {
	attemptsMax: 3,
	busyAfterMinutes: 10,
	noAnswerAfterMinutes: 60,
	failedAfterMinutes: 30
};

const MINUTE_MS = 60_000;
/** A call that did not go out for no fault of its lead waits this long before it is tried anew. */
export const NOT_PLACED_WAIT_MS = MINUTE_MS;

/** The number itself is at fault: another call would end the same. */
const HOPELESS = new Set(['invalid_number', 'number_blocked', 'do_not_call', 'unreachable_number']);
/** Nothing was dialled, and the lead has nothing to do with it. */
const NOT_PLACED = new Set([
	'never_placed',
	'provider_busy',
	'provider_unavailable',
	...STOPPED_WAITING
]);
/** Nothing will be dialled for any lead until a person has done something. */
const PROVIDER_FAULTS = new Set([
	'provider_credentials',
	'provider_balance',
	'provider_out_of_credit',
	'provider_account_inactive',
	'caller_id_refused',
	'no_agent_phone'
]);

export interface AfterCall {
	state: Exclude<LeadState, 'calling' | 'skipped'>;
	/** Whether the call counts among the lead's attempts: one that was never dialled does not. */
	isAttempt: boolean;
	nextAttemptAtMs: number | null;
	waitReason: WaitReason | null;
	/** The campaign cannot go on: the provider places none of its calls. */
	isProviderFault: boolean;
}

/** The provider's words after `: ` are no part of the reason. */
export function plainReason(endReason: string | null): string {
	return endReason?.split(': ')[0] ?? '';
}

/**
 * @param call as it ended
 * @param attempts calls to this lead so far, this one included
 */
export function afterCall(
	call: Pick<Call, 'status' | 'endReason'>,
	attempts: number,
	rules: RetryRules,
	nowMs: number
): AfterCall {
	const reason = plainReason(call.endReason);
	const isProviderFault = PROVIDER_FAULTS.has(reason);
	const base = { isAttempt: true, nextAttemptAtMs: null, waitReason: null, isProviderFault };
	if (call.status === 'completed') return { ...base, state: 'answered' };
	if (isProviderFault || NOT_PLACED.has(reason)) {
		const nextAttemptAtMs = nowMs + NOT_PLACED_WAIT_MS;
		return { ...base, state: 'waiting', isAttempt: false, nextAttemptAtMs, waitReason: 'provider' };
	}
	const minutes = HOPELESS.has(reason) ? null : retryMinutes(reason, rules);
	if (minutes === null || attempts >= rules.attemptsMax) return { ...base, state: 'unreached' };
	const nextAttemptAtMs = nowMs + minutes * MINUTE_MS;
	return { ...base, state: 'waiting', nextAttemptAtMs, waitReason: 'retry' };
}

function retryMinutes(reason: string, rules: RetryRules): number | null {
	if (reason === 'busy') return rules.busyAfterMinutes;
	// Hung up while it rang, by whomever: nobody was reached.
	const isUnanswered = ['no_answer', 'rejected', 'cancelled', 'hung_up'].includes(reason);
	return isUnanswered ? rules.noAnswerAfterMinutes : rules.failedAfterMinutes;
}
