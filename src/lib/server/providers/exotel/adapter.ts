import { formatLocalTime, readLocalTime } from '$lib/domain/local-time';
import type { ExotelConfig } from '../../config';
import { splitPeriod } from '../periods';
import {
	CannotHangUp,
	type CallFinding,
	type CallQuestion,
	type CreateCallOutcome,
	type CreateCallRequest,
	type ProviderAdapter,
	type ProviderBillRow
} from '../types';
import { clip, toObject, toText } from '../wire-text';
import { openExotel, type ExotelClient } from './client';
import { callIdOf, readCallResource, readResource } from './read';
import { CallPage } from './wire';

/** Longest call that can be asked for (PROVIDERS.md 2.1, TimeLimit). */
const TIME_LIMIT_MAX_SECONDS = 14_400;
/** How long each phone rings. */
const RING_TIMEOUT_SECONDS = 45;
/** A create whose answer was lost shows up in the list within this time, or never was. */
const LISTING_DELAY_MS = 60_000;
const PAGE_SIZE = '100';
const PAGES_MAX = 1_000;
/** Less than the month that one listing may span. */
const LISTED_AT_ONCE_MS = 28 * 86_400_000;

/** Exotel behind our interface. `origin` is where its callbacks come to. */
export function createExotelAdapter(
	config: ExotelConfig,
	origin: string,
	timeoutMs: number
): ProviderAdapter {
	const client = openExotel(config, timeoutMs);
	return {
		name: 'exotel',
		fromNumber: config.callerId,
		capabilities: {
			canHangUp: false,
			canExtend: false,
			signsWebhooks: false,
			finalEvent: 'terminal',
			costDelaySeconds: 180,
			timeLimitMaxSeconds: TIME_LIMIT_MAX_SECONDS,
			needsAgentPhone: true,
			// 200 requests a minute (PROVIDERS.md 2.6).
			callsPerSecond: 3,
			fixedCallSeconds: null
		},
		createCall: (request) => createCall(client, config, origin, request),
		findCall: (question) => findCall(client, config, question),
		setTimeLimit: () =>
			Promise.reject(new Error('Exotel cannot change the time limit of a call that was dialled.')),
		hangUp: () =>
			Promise.reject(
				new CannotHangUp('Exotel cannot end a call that has begun: hang up the phone it rang.')
			),
		listBill: (period) => listBill(client, config, period),
		// Addresses of recordings are signed or public; credentials sent to a storage host are refused there.
		recordingSource: {
			hosts: [
				new URL(config.apiBaseUrl).host,
				'recordings.exotel.com',
				's3-ap-southeast-1.amazonaws.com',
				's3-ap-south-1.amazonaws.com'
			],
			authorization: null
		}
	};
}

async function createCall(
	client: ExotelClient,
	config: ExotelConfig,
	origin: string,
	request: CreateCallRequest
): Promise<CreateCallOutcome> {
	if (request.agentPhone === null) {
		const message =
			'The call was not placed. Exotel rings your own phone first, and none is known.';
		return { kind: 'refused', endReason: 'no_agent_phone', message };
	}
	try {
		const { status, body } = await client.connect({
			From: request.agentPhone,
			To: request.to,
			CallerId: request.from,
			CallType: 'trans',
			TimeLimit: String(Math.min(request.timeLimitSeconds, TIME_LIMIT_MAX_SECONDS)),
			TimeOut: String(RING_TIMEOUT_SECONDS),
			CustomField: request.callId,
			StatusCallback: statusCallbackUrl(origin, config, request.callId),
			'StatusCallbackEvents[0]': 'terminal',
			'StatusCallbackEvents[1]': 'answered',
			StatusCallbackContentType: 'application/json',
			Record: String(request.isRecorded),
			...(request.isRecorded && { RecordingChannels: 'dual' })
		});
		const providerCallId = toText(toObject(toObject(body).Call).Sid);
		if (status === 200 && providerCallId !== undefined && providerCallId.length <= 64) {
			return { kind: 'accepted', providerCallId };
		}
		return readRefusal(status, body);
	} catch (error) {
		return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
	}
}

function statusCallbackUrl(origin: string, config: ExotelConfig, callId: string): string {
	const url = new URL('/api/webhooks/exotel/call-status', origin);
	url.searchParams.set('key', config.webhook.key);
	url.searchParams.set('call', callId);
	return url.href;
}

/** Answers that prove that nothing was placed (PROVIDERS.md 2.6). Any other proves nothing. */
const REFUSALS: Record<number, { endReason: string; sentence: string }> = {
	400: { endReason: 'provider_refused', sentence: 'Exotel refused it' },
	401: {
		endReason: 'provider_credentials',
		sentence: "Exotel refused Talktime's credentials; tell your administrator"
	},
	402: {
		endReason: 'provider_out_of_credit',
		sentence: "Talktime's account at Exotel is out of credit; tell your administrator"
	},
	403: {
		endReason: 'provider_refused',
		sentence: 'Exotel does not let this account place it; tell your administrator'
	},
	404: {
		endReason: 'provider_credentials',
		sentence: "Exotel does not know Talktime's account; tell your administrator"
	},
	429: {
		endReason: 'provider_busy',
		sentence: 'Exotel has too many requests right now; try again in a moment'
	}
};

function readRefusal(status: number, body: unknown): CreateCallOutcome {
	const refusal = REFUSALS[status];
	if (!refusal) return { kind: 'unknown', message: `Exotel answered ${status} and named no call.` };
	const said = toText(toObject(toObject(body).RestException).Message);
	const reason = status === 400 && said !== undefined ? `: ${clip(said, 200)}` : '';
	return {
		kind: 'refused',
		endReason: refusal.endReason,
		message: `The call was not placed. ${refusal.sentence}${reason}.`
	};
}

async function findCall(
	client: ExotelClient,
	config: ExotelConfig,
	question: CallQuestion
): Promise<CallFinding> {
	try {
		return question.providerCallId === null
			? await findByListing(client, config, question)
			: await findById(client, config, question.providerCallId, question);
	} catch (error) {
		return { kind: 'no_answer', error: error instanceof Error ? error.message : String(error) };
	}
}

async function findById(
	client: ExotelClient,
	config: ExotelConfig,
	providerCallId: string,
	question: CallQuestion
): Promise<CallFinding> {
	const { status, body } = await client.fetchCall(providerCallId);
	if (status === 404) return { kind: 'never_existed' };
	if (status !== 200) return { kind: 'no_answer', error: `Exotel answered ${status}.` };
	const event = readCallResource(toObject(body).Call, config);
	const isAnother = event.callId !== null && event.callId !== (question.callId ?? event.callId);
	if (event.providerCallId !== providerCallId || isAnother) {
		return { kind: 'no_answer', error: 'Exotel answered with another call.' };
	}
	return { kind: 'event', event: { ...event, callId: question.callId } };
}

/** Finds a call whose create was never answered: it carries our id, or our number at our moment. */
async function findByListing(
	client: ExotelClient,
	config: ExotelConfig,
	question: CallQuestion
): Promise<CallFinding> {
	const { initiatedAtMs } = question;
	const period = { fromMs: initiatedAtMs - 5_000, toMs: initiatedAtMs + 120_000 };
	for await (const raw of listCalls(client, config, period)) {
		const call = readResource(raw);
		const customId = callIdOf(call.CustomField);
		const isTaken = question.takenProviderCallIds.includes(call.Sid ?? '');
		const isOurs =
			customId === null
				? !isTaken && isSameNumber(call.To, question.to)
				: customId === question.callId;
		if (!isOurs || call.Sid === undefined) continue;
		// The list leaves out what was talked, and may leave out whose it is: the call itself says both.
		const finding = await findById(client, config, call.Sid, question);
		if (finding.kind === 'event') return finding;
	}
	if (question.nowMs - initiatedAtMs < LISTING_DELAY_MS) {
		return { kind: 'no_answer', error: 'Not listed yet.' };
	}
	return { kind: 'never_existed' };
}

/** Exotel writes `09876543210` where we wrote `+919876543210`: the last ten digits are the number. */
function isSameNumber(theirs: string | undefined, ours: string): boolean {
	const lastDigits = (text: string) => text.replace(/\D/g, '').slice(-10);
	return theirs !== undefined && lastDigits(theirs) === lastDigits(ours);
}

/** Every call created in a period, as the listing has it, page by page. */
async function* listCalls(
	client: ExotelClient,
	{ timeZone }: ExotelConfig,
	{ fromMs, toMs }: { fromMs: number; toMs: number }
): AsyncIterable<unknown> {
	const [from, to] = [fromMs, toMs].map((ms) => formatLocalTime(ms, timeZone));
	const query = {
		DateCreated: `gte:${from};lte:${to}`,
		PageSize: PAGE_SIZE,
		SortBy: 'DateCreated:asc',
		details: 'true'
	};
	const seen = new Set<string>();
	let next: string | null = null;
	for (let page = 0; page < PAGES_MAX; page++) {
		const { status, body } = await client.listCalls(query, next);
		const parsed = CallPage.safeParse(body);
		if (status !== 200 || !parsed.success) throw new Error(`Exotel answered ${status}.`);
		yield* parsed.data.Calls;
		const uri = parsed.data.Metadata.NextPageUri;
		if (uri === undefined || seen.has(uri)) return;
		seen.add(uri);
		next = uri;
	}
}

async function* listBill(
	client: ExotelClient,
	config: ExotelConfig,
	period: { fromMs: number; toMs: number }
): AsyncIterable<ProviderBillRow> {
	for (const part of splitPeriod(period, LISTED_AT_ONCE_MS)) {
		for await (const raw of listCalls(client, config, part)) yield toBillRow(raw, config);
	}
}

function toBillRow(raw: unknown, config: ExotelConfig): ProviderBillRow {
	const call = readResource(raw);
	const event = readCallResource(raw, config);
	return {
		providerCallId: event.providerCallId,
		callId: event.callId,
		status: event.status,
		rawStatus: event.rawStatus,
		talkSeconds: event.talkSeconds,
		cost: event.facts.cost ?? null,
		startedAtMs: readLocalTime(call.StartTime ?? call.DateCreated ?? '', config.timeZone),
		to: call.To ?? ''
	};
}
