/**
 * Calls made in the browser have two legs: the browser's own, which the provider calls the parent, and
 * the one to the lead, its child. Only the child is billed (PROVIDERS.md section 0, point 1): the parent
 * also counts the seconds in which the lead's phone rang.
 */
import type { Call } from '../call/call';
import type { CallEvent } from '../call/event';
import { isTerminal } from '../call/status';
import type { ConnectBrowser, ConnectRefusal } from './commands';
import type { Decision } from './place';
import type { Changes, LaneState } from './state';

/** A browser connects right after its call was placed; later than this, somebody else is asking. */
export const CONNECT_SECONDS_MAX = 60;
/** The two legs end together: the child's own words are awaited this long before they are asked for. */
const CHILD_WORDS_SECONDS = 5;

/**
 * Decides whether a browser that has connected may be put through. The call was checked and held when it
 * was placed; the browser only names it, so it must be its own, live, new, and connected once.
 */
export function connectBrowser(
	state: LaneState,
	command: ConnectBrowser,
	nowMs: number
): Decision<'connect_browser'> {
	const refuse = (reason: ConnectRefusal): Decision<'connect_browser'> => ({
		result: { kind: 'refused', reason },
		changes: {}
	});
	const call = state.calls.get(command.callId);
	if (!call || call.device !== 'browser') return refuse('unknown_call');
	const isOwn =
		call.userId === command.userId &&
		(command.organizationId === null || command.organizationId === call.organizationId);
	if (!isOwn) return refuse('not_yours');
	if (isTerminal(call.status)) return refuse('ended');
	// The provider asks again when our answer was lost: the same leg is told the same.
	if (call.parentCallId === command.parentCallId) {
		return { result: { kind: 'connected', call }, changes: {} };
	}
	if (call.parentCallId !== null) return refuse('already_connected');
	if (nowMs - call.initiatedAtMs > CONNECT_SECONDS_MAX * 1000) return refuse('too_late');
	const organization = state.organizations.get(call.organizationId);
	if (!organization?.isActive) return refuse('organization_inactive');
	if (organization.guard.trippedAtMs !== null) return refuse('calling_paused');
	const connected: Call = {
		...call,
		parentCallId: command.parentCallId,
		submitState: 'accepted'
	};
	return { result: { kind: 'connected', call: connected }, changes: { calls: [connected] } };
}

/** Which leg of a call an event speaks of: the lead's, the browser's, or one that is not this call's. */
export function legOf(call: Call, event: CallEvent): 'lead' | 'browser' | 'another' {
	if (call.providerCallId !== null) {
		if (event.providerCallId === call.providerCallId) return 'lead';
		return event.providerCallId === call.parentCallId ? 'browser' : 'another';
	}
	if (call.device === 'phone') return 'lead';
	if (call.parentCallId === null) return 'another';
	if (event.providerCallId === call.parentCallId) return 'browser';
	return event.parentCallId === call.parentCallId ? 'lead' : 'another';
}

/**
 * What the browser's leg says moves nothing. When it has ended and the lead's leg has not been heard of,
 * that is asked for soon: it may never have been dialled.
 */
export function hearBrowserLeg(
	state: LaneState,
	call: Call,
	event: CallEvent,
	nowMs: number
): Changes {
	const hold = state.openHolds.get(call.id);
	const hasEnded = event.status !== null && isTerminal(event.status);
	if (!hold || !hasEnded) return {};
	const checkAtMs = Math.min(hold.checkAtMs, nowMs + CHILD_WORDS_SECONDS * 1000);
	return { holds: [{ ...hold, checkAtMs }] };
}
