import {
	TALK_SECONDS_MAX,
	type AnsweredBy,
	type CallEvent,
	type CallFacts,
	type RecordingFact
} from '$lib/domain/call/event';
import { foldStatusWord, type CallStatus } from '$lib/domain/call/status';
import { endReasonOfError } from './refusals';
import { DialCallback, MachineCallback, RecordingCallback, StatusCallback } from './wire';

/** Twilio's words for what ours are, after folding case and separators (PROVIDERS.md section 5). */
const STATUS: Record<string, { status: CallStatus; endReason: string | null }> = {
	queued: { status: 'initiated', endReason: null },
	initiated: { status: 'initiated', endReason: null },
	ringing: { status: 'ringing', endReason: null },
	inprogress: { status: 'in_progress', endReason: null },
	answered: { status: 'in_progress', endReason: null },
	completed: { status: 'completed', endReason: null },
	busy: { status: 'failed', endReason: 'busy' },
	noanswer: { status: 'failed', endReason: 'no_answer' },
	failed: { status: 'failed', endReason: 'provider_error' },
	canceled: { status: 'cancelled', endReason: 'cancelled' },
	cancelled: { status: 'cancelled', endReason: 'cancelled' }
};

/** Longer words than any of Twilio's are kept up to here. */
const WORD_LENGTH_MAX = 64;

export interface ReadCallback {
	event: CallEvent;
	/** Equal keys are one delivery: call and sequence number, or the status where there is none. */
	dedupeKey: string;
}

/**
 * Reads a verified status callback.
 * @param callId our call id, from the callback URL that we gave Twilio and it signed
 * @returns the event and its dedupe key, or null when the body names no call
 */
export function readStatusCallback(
	form: Record<string, string>,
	callId: string | null
): ReadCallback | null {
	const parsed = StatusCallback.safeParse(form);
	if (!parsed.success) return null;
	const body = parsed.data;
	const event = readEvent({
		providerCallId: body.CallSid,
		callId,
		word: body.CallStatus ?? '',
		seconds: body.CallDuration,
		occurredAt: body.Timestamp,
		durationField: 'CallDuration',
		parentCallId: body.ParentCallSid,
		error: body.ErrorCode,
		facts: answeredByOf(body.AnsweredBy)
	});
	const sequence = (body.SequenceNumber ?? 'status').slice(0, WORD_LENGTH_MAX);
	return { event, dedupeKey: `${body.CallSid}:${sequence}:${event.rawStatus}` };
}

/** The fields of Twilio's Call resource that tell how a call goes (PROVIDERS.md 1.2). */
export interface CallResource {
	sid: string;
	status: string;
	/** Seconds, as text; empty unless completed. */
	duration: string | null;
	/** Negative decimal, null until it is known, minutes after the end. */
	price: string | null;
	priceUnit: string | null;
	endTime: Date | null;
	parentCallSid?: string | null;
	answeredBy?: string | null;
}

/** Reads what REST says about a call: the truth the sweeper asks for. */
export function readCallResource(resource: CallResource, callId: string | null): CallEvent {
	return readEvent({
		providerCallId: resource.sid,
		callId,
		word: resource.status,
		seconds: resource.duration ?? undefined,
		occurredAt: resource.endTime?.toISOString(),
		durationField: 'duration',
		parentCallId: resource.parentCallSid ?? undefined,
		facts: { ...readCost(resource), ...answeredByOf(resource.answeredBy ?? undefined) }
	});
}

/** Twilio's price is what it takes from us, so it is negative (PROVIDERS.md section 0, point 2). */
function readCost({ price, priceUnit }: CallResource): CallFacts {
	if (price === null || !/^-?\d{1,9}(\.\d{1,6})?$/.test(price)) return {};
	return { cost: { amount: price.replace('-', ''), currency: priceUnit ?? 'USD' } };
}

function readEvent(raw: {
	providerCallId: string;
	callId: string | null;
	word: string;
	seconds: string | undefined;
	occurredAt: string | undefined;
	durationField: string;
	parentCallId?: string | undefined;
	/** Twilio's error code, which some failures carry. */
	error?: string | undefined;
	facts?: CallFacts;
}): CallEvent {
	const word = raw.word.slice(0, WORD_LENGTH_MAX);
	const known = STATUS[foldStatusWord(word)];
	const problems: string[] = [];
	const talkSeconds =
		known?.status === 'completed' || Boolean(raw.seconds)
			? readTalkSeconds(raw.seconds, raw.durationField, problems)
			: null;
	const occurredAtMs = raw.occurredAt === undefined ? NaN : Date.parse(raw.occurredAt);
	return {
		provider: 'twilio',
		providerCallId: raw.providerCallId,
		kind: 'status',
		facts: raw.facts ?? {},
		callId: raw.callId,
		...(raw.parentCallId && { parentCallId: raw.parentCallId }),
		status: known?.status ?? null,
		rawStatus: word,
		endReason:
			known?.endReason === 'provider_error'
				? (endReasonOfError(raw.error) ?? known.endReason)
				: (known?.endReason ?? null),
		occurredAtMs: Number.isNaN(occurredAtMs) ? null : occurredAtMs,
		talkSeconds: known?.status === 'completed' ? talkSeconds : null,
		problems
	};
}

/**
 * Reads what a `<Dial>` came to. It is told of the browser's leg, so it moves nothing; it says that the
 * lead's leg is over.
 */
export function readDialCallback(
	form: Record<string, string>,
	callId: string | null
): ReadCallback | null {
	const parsed = DialCallback.safeParse(form);
	if (!parsed.success) return null;
	const { CallSid, DialCallStatus = '' } = parsed.data;
	const word = DialCallStatus.slice(0, WORD_LENGTH_MAX);
	const event = factsEvent(CallSid, callId, `dial ${word}`, {});
	const status = STATUS[foldStatusWord(word)]?.status ?? null;
	return {
		event: { ...event, kind: 'status', status },
		dedupeKey: `${CallSid}:dial:${word}`
	};
}

/** Reads who answered, as found out while the call goes on. */
export function readMachineCallback(
	form: Record<string, string>,
	callId: string | null
): ReadCallback | null {
	const parsed = MachineCallback.safeParse(form);
	if (!parsed.success) return null;
	const { CallSid, AnsweredBy } = parsed.data;
	const word = AnsweredBy.slice(0, WORD_LENGTH_MAX);
	return {
		event: factsEvent(CallSid, callId, `answered by ${word}`, answeredByOf(word)),
		dedupeKey: `${CallSid}:answered_by:${word}`
	};
}

/** Reads what became of a recording. `absent`: there was nothing to record. */
export function readRecordingCallback(
	form: Record<string, string>,
	callId: string | null
): ReadCallback | null {
	const parsed = RecordingCallback.safeParse(form);
	if (!parsed.success) return null;
	const body = parsed.data;
	const word = body.RecordingStatus.slice(0, WORD_LENGTH_MAX);
	const recording = readRecording(body, word);
	const event = factsEvent(
		body.CallSid,
		callId,
		`recording ${word}`,
		recording ? { recording } : {}
	);
	const problems = recording ? [] : [`RecordingStatus is "${word}" with no address to fetch from.`];
	return { event: { ...event, problems }, dedupeKey: `${body.RecordingSid}:recording:${word}` };
}

const RECORDING_STATE: Record<string, RecordingFact['state']> = {
	inprogress: 'in_progress',
	completed: 'completed',
	absent: 'absent',
	failed: 'failed'
};

function readRecording(body: RecordingCallback, word: string): RecordingFact | null {
	const state = RECORDING_STATE[foldStatusWord(word)];
	if (!state || (state === 'completed' && !body.RecordingUrl)) return null;
	const seconds = Number(body.RecordingDuration);
	const channels = Number(body.RecordingChannels);
	return {
		key: body.RecordingSid,
		// Twilio's own address is of a WAV file, seven times as long as the same talk as MP3.
		url: body.RecordingUrl ? `${body.RecordingUrl}.mp3` : '',
		state,
		seconds:
			Number.isInteger(seconds) && seconds >= 0 && seconds <= TALK_SECONDS_MAX ? seconds : null,
		channels: channels === 1 || channels === 2 ? channels : null
	};
}

/** Twilio's words for who answered begin alike: `machine_start`, `machine_end_beep`, … */
function answeredByOf(word: string | undefined): { answeredBy?: AnsweredBy } {
	if (word === undefined || word === '') return {};
	const folded = foldStatusWord(word);
	if (folded === 'human' || folded === 'fax') return { answeredBy: folded };
	return { answeredBy: folded.startsWith('machine') ? 'machine' : 'unknown' };
}

/** An event that tells facts and moves nothing. */
function factsEvent(
	providerCallId: string,
	callId: string | null,
	rawStatus: string,
	facts: CallFacts
): CallEvent {
	return {
		provider: 'twilio',
		providerCallId,
		kind: 'facts',
		facts,
		callId,
		status: null,
		rawStatus,
		endReason: null,
		occurredAtMs: null,
		talkSeconds: null,
		problems: []
	};
}

function readTalkSeconds(
	text: string | undefined,
	field: string,
	problems: string[]
): number | null {
	if (text === undefined || !/^\d{1,9}$/.test(text) || Number(text) > TALK_SECONDS_MAX) {
		problems.push(
			`${field} is ${text === undefined ? 'missing' : `"${text.slice(0, WORD_LENGTH_MAX)}"`}, not 0 to ${TALK_SECONDS_MAX} seconds.`
		);
		return null;
	}
	return Number(text);
}
