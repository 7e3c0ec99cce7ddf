import { TALK_SECONDS_MAX, type CallEvent, type CallFacts } from '$lib/domain/call/event';
import { foldStatusWord, type CallStatus } from '$lib/domain/call/status';
import { StatusCallback } from './wire';

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
		durationField: 'CallDuration'
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
		facts: readCost(resource)
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
		status: known?.status ?? null,
		rawStatus: word,
		endReason: known?.endReason ?? null,
		occurredAtMs: Number.isNaN(occurredAtMs) ? null : occurredAtMs,
		talkSeconds: known?.status === 'completed' ? talkSeconds : null,
		problems
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
