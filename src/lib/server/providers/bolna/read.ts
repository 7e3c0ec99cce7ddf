import {
	TALK_SECONDS_MAX,
	type AnsweredBy,
	type CallEvent,
	type CallFacts
} from '$lib/domain/call/event';
import { foldStatusWord, isTerminal, type CallStatus } from '$lib/domain/call/status';
import { readLocalTime } from '$lib/domain/local-time';
import { formatMicros } from '$lib/domain/money';
import { isUuid } from '$lib/domain/uuid';
import type { BolnaConfig } from '../../config';
import type { ReadDelivery } from '../types';
import { clip, fingerprintOf, toText } from '../wire-text';
import { Execution, EXECUTION_FIELDS } from './wire';

interface Meaning {
	status: CallStatus;
	endReason: string | null;
}

/**
 * Bolna's words for what ours are, after folding case and separators (PROVIDERS.md section 5).
 * `call-disconnected` is not the end: the talk is over, and what it took is told later.
 */
const STATUS = new Map<string, Meaning>(
	Object.entries<Meaning>({
		initiated: { status: 'initiated', endReason: null },
		queued: { status: 'initiated', endReason: null },
		scheduled: { status: 'initiated', endReason: null },
		prepared: { status: 'initiated', endReason: null },
		rescheduled: { status: 'initiated', endReason: null },
		ringing: { status: 'ringing', endReason: null },
		answered: { status: 'in_progress', endReason: null },
		inprogress: { status: 'in_progress', endReason: null },
		ongoing: { status: 'in_progress', endReason: null },
		connected: { status: 'in_progress', endReason: null },
		calldisconnected: { status: 'in_progress', endReason: null },
		completed: { status: 'completed', endReason: null },
		ended: { status: 'completed', endReason: null },
		finished: { status: 'completed', endReason: null },
		busy: { status: 'failed', endReason: 'busy' },
		noanswer: { status: 'failed', endReason: 'no_answer' },
		failed: { status: 'failed', endReason: 'provider_error' },
		error: { status: 'failed', endReason: 'provider_error' },
		balancelow: { status: 'failed', endReason: 'provider_error' },
		canceled: { status: 'cancelled', endReason: 'cancelled' },
		cancelled: { status: 'cancelled', endReason: 'cancelled' },
		stopped: { status: 'cancelled', endReason: 'cancelled' }
	})
);

/** The name under which our call id travels as the agent's variable, and comes back when it does. */
export const CALL_ID_VARIABLE = 'talktime_call_id';

/** What Bolna leaves out and an account has all the same. */
export type Settings = Pick<BolnaConfig, 'currency'>;

/**
 * Reads a webhook. Never throws, whatever is in it: what cannot be understood is a problem of the event.
 * Bodies that a tool of the agent sends to the same address are not about the status.
 */
export function readWebhook(body: Record<string, unknown>, settings: Settings): ReadDelivery {
	const execution = readExecution(body);
	const event = readEvent(execution, settings);
	const name = execution.id === undefined ? fingerprintOf(body) : clip(execution.id);
	if (isToolBody(body, event)) {
		return {
			event: { ...event, kind: 'facts', status: null, rawStatus: 'tool', talkSeconds: null },
			dedupeKey: `${name}:tool:${fingerprintOf(body)}`
		};
	}
	return {
		event,
		dedupeKey: `${name}:${event.rawStatus}:${clip(execution.retry_count ?? '')}`,
		...(foldStatusWord(event.rawStatus) === 'balancelow' && {
			alarm: 'The wallet at Bolna is empty: no call is placed until it is topped up.'
		})
	};
}

/** Reads what REST says of a call: the truth that is asked for before money moves. */
export function readCallResource(raw: unknown, settings: Settings): CallEvent {
	return readEvent(readExecution(raw), settings);
}

export function readExecution(raw: unknown): Execution {
	const parsed = Execution.safeParse(raw);
	return parsed.success ? parsed.data : Execution.parse({});
}

/** Our call id, as Bolna gives it back; often it does not. */
export function callIdOf({ context_details }: Execution): string | null {
	const callId = toText(context_details?.recipient_data?.[CALL_ID_VARIABLE]);
	return isUuid(callId) ? callId : null;
}

/** When the execution was made, milliseconds since 1970 UTC: its times are UTC, with or without a zone. */
export function createdAtMsOf({ created_at }: Execution): number | null {
	return readLocalTime(created_at ?? '', 'UTC');
}

/** Before a tool runs, the execution is sent with the tool's own fields put into it (PROVIDERS.md 3.4). */
function isToolBody(body: Record<string, unknown>, event: CallEvent): boolean {
	return (
		event.status === 'in_progress' &&
		foldStatusWord(event.rawStatus) === 'inprogress' &&
		Object.keys(body).some((name) => !EXECUTION_FIELDS.has(name))
	);
}

function readEvent(execution: Execution, settings: Settings): CallEvent {
	const word = execution.status ?? '';
	const meaning = STATUS.get(foldStatusWord(word));
	const problems: string[] = [];
	if (execution.id === undefined) problems.push('id is missing.');
	const seconds = execution.conversation_duration ?? execution.conversation_time;
	const isCompleted = meaning?.status === 'completed';
	const talkSeconds =
		isCompleted || seconds !== undefined ? readTalkSeconds(seconds, problems) : null;
	const hasEnded = meaning !== undefined && isTerminal(meaning.status);
	return {
		provider: 'bolna',
		providerCallId: clip(execution.id ?? ''),
		kind: 'status',
		facts: readFacts(execution, hasEnded, settings),
		callId: callIdOf(execution),
		status: meaning?.status ?? null,
		rawStatus: clip(word),
		endReason: meaning ? withRawReason(meaning.endReason, execution) : null,
		occurredAtMs: readLocalTime(execution.updated_at ?? '', 'UTC'),
		talkSeconds: isCompleted ? talkSeconds : null,
		problems
	};
}

/** An error of the provider says more in its own words: `provider_error: Carrier ended the call`. */
function withRawReason(endReason: string | null, execution: Execution): string | null {
	if (endReason !== 'provider_error') return endReason;
	const { status, error_message: message, telephony_data: telephony } = execution;
	const isPlain = foldStatusWord(status ?? '') === 'failed';
	const raw = message ?? telephony?.hangup_reason ?? (isPlain ? undefined : status);
	return raw === undefined ? endReason : `${endReason}: ${clip(raw, 120)}`;
}

/**
 * Seconds of talk, whole: what was talked is billed, so a started second counts (24.2 is 25). Thousandths
 * are rounded first, so that a float's own error starts none.
 */
function readTalkSeconds(text: string | undefined, problems: string[]): number | null {
	const seconds = /^\d{1,9}(\.\d{1,20})?$/.test(text ?? '') ? Number(text) : NaN;
	const whole = Math.ceil(Math.round(seconds * 1000) / 1000);
	if (Number.isNaN(whole) || whole > TALK_SECONDS_MAX) {
		const said = text === undefined ? 'missing' : `"${clip(text)}"`;
		problems.push(`conversation_duration is ${said}, not 0 to ${TALK_SECONDS_MAX} seconds.`);
		return null;
	}
	return whole;
}

/** Cost and recording are zero or empty before the end; what was said may be there sooner. */
function readFacts(execution: Execution, hasEnded: boolean, { currency }: Settings): CallFacts {
	const cost = hasEnded ? readCost(execution) : null;
	const answeredBy = readAnsweredBy(execution.answered_by_voice_mail);
	const recordingUrl = execution.telephony_data?.recording_url;
	return {
		...(cost !== null && { cost: { amount: cost, currency } }),
		...(answeredBy && { answeredBy }),
		...(execution.transcript !== undefined && { transcript: execution.transcript }),
		...(execution.summary !== undefined && { summary: execution.summary }),
		...(hasEnded &&
			recordingUrl !== undefined && {
				recording: {
					key: recordingUrl,
					url: recordingUrl,
					state: 'completed',
					seconds: null,
					channels: null
				}
			})
	};
}

/**
 * Bolna writes cents, as a float (PROVIDERS.md section 0, point 2): the total, never its parts. A talk
 * that cost nothing has not been reckoned yet.
 */
function readCost({ total_cost: cents, conversation_duration: seconds }: Execution): string | null {
	if (cents === undefined || !/^\d{1,9}(\.\d{1,20})?$/.test(cents)) return null;
	if (Number(cents) === 0 && Number(seconds) > 0) return null;
	return formatMicros(BigInt(Math.round(Number(cents) * 10_000)), 6);
}

function readAnsweredBy(isVoicemail: string | undefined): AnsweredBy | undefined {
	if (isVoicemail === undefined) return undefined;
	if (isVoicemail === 'true') return 'machine';
	return isVoicemail === 'false' ? 'human' : 'unknown';
}
