import type { Call } from './call';
import { billedMinutes } from './billing';
import type { CallEvent } from './event';
import { isTerminal, statusRank } from './status';

export type EventEffect = 'advanced' | 'filled' | 'none';

export interface AppliedEvent {
	call: Call;
	effect: EventEffect;
	/** Why nothing happened, in a sentence; null when something did. */
	note: string | null;
}

/**
 * Applies one provider event to a call. Rank only rises, a terminal status stays, and a lower event
 * that arrives late only fills in its own time, so every order and repetition of one call's events
 * ends in the same call (PROVIDERS.md sections 1.6 and 6).
 * @param receivedAtMs when the event reached us, used where the provider gave no time
 */
export function applyEvent(call: Call, event: CallEvent, receivedAtMs: number): AppliedEvent {
	const status = event.status;
	if (status === null) {
		return { call, effect: 'none', note: `The status "${event.rawStatus}" is unknown.` };
	}
	const atMs = Math.max(event.occurredAtMs ?? receivedAtMs, call.initiatedAtMs);

	if (isTerminal(call.status)) {
		if (!isTerminal(status)) return fillTime(call, event, atMs);
		const note =
			status === call.status && sameTalk(call, event)
				? 'The call had already ended so.'
				: `The call had already ended as ${call.status}; this says ${status}.`;
		return { call, effect: 'none', note };
	}
	if (isTerminal(status)) return { call: end(call, event, atMs), effect: 'advanced', note: null };
	if (statusRank(status) <= statusRank(call.status)) return fillTime(call, event, atMs);

	const timed = fillTime(call, event, atMs).call;
	return { call: { ...timed, status }, effect: 'advanced', note: null };
}

function sameTalk(call: Call, event: CallEvent): boolean {
	return event.talkSeconds === null || event.talkSeconds === (call.talkSeconds ?? 0);
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
		billedMinutes: billedMinutes(talkSeconds)
	};
}
