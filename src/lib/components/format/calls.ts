import type { CallStatus } from '$lib/domain/call/status';
import { isTerminal } from '$lib/domain/call/status';
import type { DrainCause } from '$lib/domain/credit/types';
import type { CallView } from '$lib/views';
import { formatDuration, formatMoney, plural } from './numbers';
import { formatPhone } from './phone';

const STATUS_WORDS: Record<CallStatus, string> = {
	initiated: 'Initiated',
	ringing: 'Ringing',
	in_progress: 'In progress',
	completed: 'Completed',
	failed: 'Failed',
	cancelled: 'Cancelled'
};

export function statusWord(status: CallStatus): string {
	return STATUS_WORDS[status];
}

const END_REASONS: Record<string, string> = {
	busy: 'Busy',
	no_answer: 'No answer',
	rejected: 'Rejected',
	provider_error: 'Phone provider error',
	invalid_number: 'Number not in service',
	organization_inactive: 'Calling was switched off',
	calling_paused: 'Calling was paused',
	lost: 'Its end was never told',
	never_connected: 'The browser did not connect',
	hung_up: 'Hung up early',
	cancelled: 'Hung up early'
};

/** A reason as people say it; an unknown one keeps its own words, and so does what the provider added. */
export function endReasonWords(endReason: string): string {
	const [reason = '', ...added] = endReason.split(': ');
	const words = END_REASONS[reason] ?? reason.replaceAll('_', ' ');
	const sentence = words.charAt(0).toUpperCase() + words.slice(1);
	return [sentence, ...added].join(': ');
}

/** Who was called, by name when known. */
export function calleeName(call: Pick<CallView, 'contactName' | 'to'>): string {
	return call.contactName ?? formatPhone(call.to);
}

/** What came of a call in a few words: `1 m 01 s · 2 min`, `No answer`; null while it lives. */
export function outcomeWords(call: CallView): string | null {
	if (!isTerminal(call.status)) return null;
	if (call.status === 'completed') {
		const talk = `${formatDuration(call.durationSeconds ?? 0)} · ${call.billedMinutes ?? 0} min`;
		return hasCost(call) ? `${talk} · ${formatMoney(call.cost)}` : talk;
	}
	return call.endReason ? endReasonWords(call.endReason) : 'Not answered';
}

/** The sentence said when a call has ended. */
export function endedSentence(call: CallView): string {
	const name = calleeName(call);
	if (call.status === 'completed') {
		const talk = formatDuration(call.durationSeconds ?? 0);
		const charge = plural(call.billedMinutes ?? 0, 'minute');
		const dollars = hasCost(call) ? `, ${formatMoney(call.cost)} paid by the wallet` : '';
		return `Call with ${name} completed: ${talk}, ${charge} charged${dollars}`;
	}
	if (call.status === 'cancelled') return `Call to ${name} cancelled, nothing charged`;
	const words = call.endReason ? endReasonWords(call.endReason) : '';
	const reason = words ? ` (${words.charAt(0).toLowerCase()}${words.slice(1)})` : '';
	return `Call to ${name} failed${reason}, nothing charged`;
}

/** A talking call for which no more credit could be found: it ends when what it holds is used up. */
export function isDraining(
	call: Pick<CallView, 'status' | 'isDraining' | 'coveredUntil'>
): boolean {
	return call.isDraining && call.status === 'in_progress' && call.coveredUntil !== null;
}

/** What runs out, and what lets the call go on. */
export function drainWords(cause: DrainCause | null): { what: string; wayOut: string } {
	switch (cause) {
		case 'budget':
			return { what: 'The budget', wayOut: 'Ask your manager to raise it and the call goes on.' };
		case 'switched_off':
			return {
				what: 'The time',
				wayOut: 'Calling was switched off; the call ends with what is held for it.'
			};
		case 'credit':
		case null:
			return { what: 'Credit', wayOut: 'Ask for minutes or add funds and the call goes on.' };
	}
}

/** The sentence said once when credit for a call runs out. */
export function drainingSentence(call: CallView, nowMs: number): string {
	const until = call.coveredUntil ? Date.parse(call.coveredUntil) : nowMs;
	const seconds = Math.max(0, Math.ceil((until - nowMs) / 1_000));
	const { what, wayOut } = drainWords(call.drainCause);
	return `${what} for the call with ${calleeName(call)} ends in ${plural(seconds, 'second')}. ${wayOut}`;
}

function hasCost(call: CallView): call is CallView & { cost: string } {
	return call.cost !== null && Number(call.cost) !== 0;
}
