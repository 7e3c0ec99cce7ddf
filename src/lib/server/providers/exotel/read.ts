import {
	TALK_SECONDS_MAX,
	type AnsweredBy,
	type CallEvent,
	type CallFacts
} from '$lib/domain/call/event';
import { foldStatusWord, isTerminal, type CallStatus } from '$lib/domain/call/status';
import { readLocalTime } from '$lib/domain/local-time';
import { isUuid } from '$lib/domain/uuid';
import type { ExotelConfig } from '../../config';
import type { ReadDelivery } from '../types';
import { clip, fingerprintOf } from '../wire-text';
import { CallResource, StatusCallback, unflatten, type Leg } from './wire';

interface Meaning {
	status: CallStatus;
	endReason: string | null;
}

/** Exotel's words for what ours are, after folding case and separators (PROVIDERS.md section 5). */
const STATUS = new Map<string, Meaning>(
	Object.entries<Meaning>({
		queued: { status: 'initiated', endReason: null },
		initiated: { status: 'initiated', endReason: null },
		ringing: { status: 'ringing', endReason: null },
		answered: { status: 'in_progress', endReason: null },
		inprogress: { status: 'in_progress', endReason: null },
		completed: { status: 'completed', endReason: null },
		ended: { status: 'completed', endReason: null },
		busy: { status: 'failed', endReason: 'busy' },
		noanswer: { status: 'failed', endReason: 'no_answer' },
		failed: { status: 'failed', endReason: 'provider_error' },
		canceled: { status: 'cancelled', endReason: 'cancelled' },
		cancelled: { status: 'cancelled', endReason: 'cancelled' }
	})
);

/** What Exotel leaves out and an account has all the same. */
export type Settings = Pick<ExotelConfig, 'timeZone' | 'currency'>;

/**
 * Reads a status callback, form or JSON. Never throws, whatever is in it: what cannot be understood is a
 * problem of the event.
 * @param addressedTo our call id, from the callback address that we gave Exotel
 */
export function readStatusCallback(
	body: Record<string, unknown>,
	addressedTo: string | null,
	settings: Settings
): ReadDelivery {
	const callback = StatusCallback.parse(unflatten(body));
	const { CallSid, Status, EventType, Legs } = callback;
	const event = readEvent({
		providerCallId: CallSid,
		idField: 'CallSid',
		callId: addressedTo ?? callIdOf(callback.CustomField),
		word: Status,
		meaning: meaningOf(Status, EventType, Legs),
		seconds: [callback.ConversationDuration],
		secondsField: 'ConversationDuration',
		legs: Legs,
		fields: callback,
		settings
	});
	const [first, second] = Legs ?? [];
	const words = [EventType ?? 'status', Status, first?.status, second?.status];
	const name = CallSid === undefined ? fingerprintOf(body) : clip(CallSid);
	return { event, dedupeKey: [name, ...words.map((word) => clip(word ?? ''))].join(':') };
}

/** Reads what REST says of a call: the truth that is asked for before money moves. */
export function readCallResource(raw: unknown, settings: Settings): CallEvent {
	const call = readResource(raw);
	const { Details } = call;
	return readEvent({
		providerCallId: call.Sid,
		idField: 'Sid',
		callId: callIdOf(call.CustomField),
		word: call.Status,
		meaning: meaningOfResource(call),
		seconds: [call.ConversationDuration, Details?.ConversationDuration],
		secondsField: 'ConversationDuration',
		legs: Details?.Legs,
		fields: call,
		settings
	});
}

export function readResource(raw: unknown): CallResource {
	const parsed = CallResource.safeParse(raw);
	return parsed.success ? parsed.data : CallResource.parse({});
}

/** Our call id, as Exotel gives it back. */
export function callIdOf(customField: string | undefined): string | null {
	return isUuid(customField) ? customField : null;
}

/**
 * The live `answered` event comes twice: when the agent has picked up and the lead rings, and when both
 * talk. Only the second leg tells them apart.
 */
function meaningOf(
	word: string | undefined,
	eventType: string | undefined,
	legs: Leg[] | undefined
): Meaning | undefined {
	const meaning = STATUS.get(foldStatusWord(word ?? ''));
	const isAnsweredEvent = foldStatusWord(eventType ?? '') === 'answered';
	const isLeadSilent = legs !== undefined && legs[1]?.status === undefined;
	return meaning?.status === 'in_progress' && isAnsweredEvent && isLeadSilent
		? { status: 'ringing', endReason: null }
		: meaning;
}

/** REST says `in-progress` from the first moment on, when no leg is up yet. */
function meaningOfResource({ Status, Details }: CallResource): Meaning | undefined {
	const meaning = STATUS.get(foldStatusWord(Status ?? ''));
	if (meaning?.status !== 'in_progress') return meaning;
	const isUp = (legStatus: string | undefined) =>
		STATUS.get(foldStatusWord(legStatus ?? ''))?.status === 'in_progress';
	if (isUp(Details?.Leg2Status)) return meaning;
	return { status: isUp(Details?.Leg1Status) ? 'ringing' : 'initiated', endReason: null };
}

interface RawEvent {
	providerCallId: string | undefined;
	idField: string;
	callId: string | null;
	word: string | undefined;
	meaning: Meaning | undefined;
	/** Where the seconds of talk may stand, best first. */
	seconds: (string | undefined)[];
	secondsField: string;
	legs: Leg[] | undefined;
	fields: {
		DateUpdated?: string | undefined;
		EndTime?: string | undefined;
		Price?: string | undefined;
		RecordingUrl?: string | undefined;
		PreSignedRecordingUrl?: string | undefined;
	};
	settings: Settings;
}

function readEvent(raw: RawEvent): CallEvent {
	const { meaning, fields, settings } = raw;
	const problems: string[] = [];
	if (raw.providerCallId === undefined) problems.push(`${raw.idField} is missing.`);
	const hasEnded = meaning !== undefined && isTerminal(meaning.status);
	const talkSeconds = readTalk(raw, problems);
	return {
		provider: 'exotel',
		providerCallId: clip(raw.providerCallId ?? ''),
		kind: 'status',
		facts: readFacts(raw, hasEnded),
		callId: raw.callId,
		status: meaning?.status ?? null,
		rawStatus: clip(raw.word ?? ''),
		endReason: meaning?.endReason ?? null,
		occurredAtMs: readTime(hasEnded ? fields.EndTime : undefined, fields.DateUpdated, settings),
		talkSeconds: meaning?.status === 'completed' ? talkSeconds : null,
		problems
	};
}

/**
 * Seconds both talked (PROVIDERS.md section 0, point 1): `ConversationDuration`, else how long the second
 * leg was up. `Duration` counts the agent's ringing too and is never read.
 */
function readTalk(raw: RawEvent, problems: string[]): number | null {
	const lead = raw.legs?.[1];
	const text = [...raw.seconds, lead?.seconds].find((one) => one !== undefined);
	if (text !== undefined) return readSeconds(text, raw.secondsField, problems);
	if (raw.meaning?.status !== 'completed') return null;
	// The lead's leg is spoken of, and it never was up.
	const leadMeaning = STATUS.get(foldStatusWord(lead?.status ?? ''));
	if (leadMeaning?.status === 'failed' || leadMeaning?.status === 'cancelled') return 0;
	return readSeconds(undefined, raw.secondsField, problems);
}

function readSeconds(text: string | undefined, field: string, problems: string[]): number | null {
	if (text === undefined || !/^\d{1,9}$/.test(text) || Number(text) > TALK_SECONDS_MAX) {
		const said = text === undefined ? 'missing' : `"${clip(text)}"`;
		problems.push(`${field} is ${said}, not 0 to ${TALK_SECONDS_MAX} seconds.`);
		return null;
	}
	return Number(text);
}

/** The end of a call is `1970-01-01` in real callbacks that came before Exotel knew it. */
function readTime(
	endTime: string | undefined,
	dateUpdated: string | undefined,
	{ timeZone }: Settings
): number | null {
	const [end, updated] = [endTime, dateUpdated].map((text) => readLocalTime(text ?? '', timeZone));
	const isKnown = end !== null && end !== undefined && end > Date.UTC(2000, 0, 1);
	return (isKnown ? end : updated) ?? null;
}

function readFacts({ fields, legs, settings }: RawEvent, hasEnded: boolean): CallFacts {
	const { Price = '', RecordingUrl, PreSignedRecordingUrl } = fields;
	const answeredBy = readAnsweredBy(legs?.[1]?.answeredBy);
	return {
		...(/^\d{1,9}(\.\d{1,6})?$/.test(Price) && {
			cost: { amount: Price, currency: settings.currency }
		}),
		...(answeredBy && { answeredBy }),
		...(hasEnded &&
			RecordingUrl !== undefined && {
				recording: {
					key: RecordingUrl,
					url: PreSignedRecordingUrl ?? RecordingUrl,
					state: 'completed',
					seconds: null,
					channels: null
				}
			})
	};
}

function readAnsweredBy(word: string | undefined): AnsweredBy | undefined {
	switch (foldStatusWord(word ?? 'na')) {
		case 'na':
			return undefined;
		case 'human':
			return 'human';
		case 'machine':
			return 'machine';
		default:
			return 'unknown';
	}
}
