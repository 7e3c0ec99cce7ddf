import type { Call } from './call';
import { billedMinutes } from './billing';
import type { CallEvent } from './event';
import { applyFacts, COST_FIRST_CHECK_MS } from './facts';
import { isTerminal, statusRank } from './status';

export type EventEffect = 'advanced' | 'filled' | 'none';

export interface AppliedEvent {
	call: Call;
	effect: EventEffect;
	/** Why the status did not move the call, in a sentence; null when it did, or when none was told. */
	note: string | null;
}

/**
 * Applies one provider event to a call. Rank only rises, a terminal status stays, and a lower event
 * that arrives late only fills in its own time, so every order and repetition of one call's events
 * ends in the same call (PROVIDERS.md sections 1.6 and 6).
 * @param receivedAtMs when the event reached us, used where the provider gave no time
 */
export function applyEvent(call: Call, event: CallEvent, receivedAtMs: number): AppliedEvent {
	const informed = applyFacts(call, event.facts, receivedAtMs);
	const hasNews = informed !== call;
	if (event.kind === 'facts') {
		return { call: informed, effect: hasNews ? 'filled' : 'none', note: null };
	}
	const applied = applyStatus(informed, event, receivedAtMs);
	const effect = applied.effect === 'none' && hasNews ? 'filled' : applied.effect;
	return { ...applied, effect };
}

function applyStatus(call: Call, event: CallEvent, receivedAtMs: number): AppliedEvent {
	const status = event.status;
	if (status === null) {
		return { call, effect: 'none', note: `The status "${event.rawStatus}" is unknown.` };
	}
	const atMs = Math.max(event.occurredAtMs ?? receivedAtMs, call.initiatedAtMs);

	if (isTerminal(call.status)) {
		if (!isTerminal(status)) return fillTime(call, event, atMs);
		const note = isOtherEnd(call, event)
			? `The call had already ended as ${call.status}; this says ${status}.`
			: 'The call had already ended so.';
		return { call, effect: 'none', note };
	}
	if (isTerminal(status)) return { call: end(call, event, atMs), effect: 'advanced', note: null };
	if (statusRank(status) <= statusRank(call.status)) return fillTime(call, event, atMs);

	const timed = fillTime(call, event, atMs).call;
	return { call: { ...timed, status }, effect: 'advanced', note: null };
}

/** Whether an event tells of another end than the one the call has had; what it leaves out counts not. */
export function isOtherEnd(call: Call, event: CallEvent): boolean {
	const { kind, status, talkSeconds } = event;
	if (kind === 'facts' || status === null || !isTerminal(status)) return false;
	if (!isTerminal(call.status)) return false;
	return (
		status !== call.status || (talkSeconds !== null && talkSeconds !== (call.talkSeconds ?? 0))
	);
}

function fillTime(call: Call, event: CallEvent, atMs: number): AppliedEvent {
	if (event.status === 'ringing' && call.ringingAtMs === null) {
		return { call: { ...call, ringingAtMs: atMs }, effect: 'filled', note: null };
	}
	if (event.status === 'in_progress' && (call.answeredAtMs === null || call.answeredEstimated)) {
		const answered = { ...call, answeredAtMs: atMs, answeredEstimated: false };
		return { call: answered, effect: 'filled', note: null };
	}
	return { call, effect: 'none', note: 'The call was already further on.' };
}

function end(call: Call, event: CallEvent, atMs: number): Call {
	const talkSeconds = event.status === 'completed' ? (event.talkSeconds ?? 0) : 0;
	const estimate = call.answeredAtMs === null && talkSeconds > 0;
	return {
		...call,
		status: event.status ?? call.status,
		endReason: event.endReason,
		endedAtMs: atMs,
		answeredAtMs: estimate ? atMs - talkSeconds * 1000 : call.answeredAtMs,
		answeredEstimated: estimate || call.answeredEstimated,
		talkSeconds,
		billedMinutes: billedMinutes(talkSeconds),
		...awaitedCost(call, talkSeconds, atMs)
	};
}

/** A call that was talked on costs us something: the provider is asked, unless it has said it already. */
function awaitedCost(
	call: Call,
	talkSeconds: number,
	endedAtMs: number
): Pick<Call, 'costState' | 'costCheckAtMs'> {
	const { costState, costCheckAtMs } = call;
	if (costState === 'known' || talkSeconds === 0) return { costState, costCheckAtMs };
	return { costState: 'pending', costCheckAtMs: endedAtMs + COST_FIRST_CHECK_MS };
}
