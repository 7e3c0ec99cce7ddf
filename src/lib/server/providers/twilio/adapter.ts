import twilio from 'twilio';
import type { CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js';
import type { TwilioConfig } from '../../config';
import type {
	CallFinding,
	CallQuestion,
	CreateCallOutcome,
	CreateCallRequest,
	ProviderAdapter,
	ProviderBillRow
} from '../types';
import { openTwilio } from './client';
import { readCallResource } from './read';

/** Ring time we ask for; Twilio may add five seconds (PROVIDERS.md 1.1, Timeout). */
const RING_TIMEOUT_SECONDS = 45;
/** A create whose answer was lost shows up in the list within this time, or never was. */
const LISTING_DELAY_MS = 60_000;

/** Twilio behind our interface. `origin` is where its callbacks come to. */
export function createTwilioAdapter(
	config: TwilioConfig,
	origin: string,
	timeoutMs: number
): ProviderAdapter {
	const client = openTwilio(config, timeoutMs);
	return {
		name: 'twilio',
		fromNumber: config.fromNumber,
		capabilities: {
			canHangUp: true,
			canExtend: true,
			signsWebhooks: true,
			finalEvent: 'completed',
			costDelaySeconds: 60,
			timeLimitMaxSeconds: 14_400,
			needsAgentPhone: false,
			callsPerSecond: 1,
			fixedCallSeconds: null
		},
		createCall: (request) => createCall(client, origin, request),
		findCall: (question) => findCall(client, question),
		setTimeLimit: async (providerCallId, timeLimit) => {
			await client.calls(providerCallId).update({ timeLimit });
		},
		hangUp: (providerCallId) => hangUp(client, providerCallId),
		listBill: (period) => listBill(client, period),
		recordingSource: {
			hosts: [config.apiBaseUrl === null ? 'api.twilio.com' : new URL(config.apiBaseUrl).host],
			authorization: `Basic ${Buffer.from(`${config.accountSid}:${config.authToken}`).toString('base64')}`
		}
	};
}

const BILL_PAGE_SIZE = 1000;

/** The calls of a period, every leg of them; the listing follows Twilio's own next page. */
async function* listBill(
	client: twilio.Twilio,
	{ fromMs, toMs }: { fromMs: number; toMs: number }
): AsyncIterable<ProviderBillRow> {
	let page = await client.calls.page({
		startTimeAfter: new Date(fromMs),
		startTimeBefore: new Date(toMs),
		pageSize: BILL_PAGE_SIZE
	});
	for (;;) {
		for (const call of page.instances) yield toBillRow(call);
		const next = await page.nextPage();
		if (!next) return;
		page = next as typeof page; // its class is the same, its declaration only wider
	}
}

function toBillRow(call: CallInstance): ProviderBillRow {
	const event = readCallResource(call, null);
	return {
		providerCallId: call.sid,
		callId: null,
		status: event.status,
		rawStatus: event.rawStatus,
		talkSeconds: event.talkSeconds,
		cost: event.facts.cost ?? null,
		startedAtMs: call.startTime?.getTime() ?? null,
		to: call.to
	};
}

/** Where callbacks of a call come to. The fragment is Twilio's retry policy; it is not sent or signed. */
function statusCallbackUrl(origin: string, callId: string): string {
	return `${origin}/api/twilio/status?call=${callId}#rc=3&rp=all`;
}

async function createCall(
	client: twilio.Twilio,
	origin: string,
	request: CreateCallRequest
): Promise<CreateCallOutcome> {
	try {
		const call = await client.calls.create({
			to: request.to,
			from: request.from,
			twiml: conversationTwiml(request),
			timeLimit: request.timeLimitSeconds,
			timeout: RING_TIMEOUT_SECONDS,
			statusCallback: statusCallbackUrl(origin, request.callId),
			statusCallbackMethod: 'POST',
			statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed']
		});
		return { kind: 'accepted', providerCallId: call.sid };
	} catch (error) {
		return readCreateError(error);
	}
}

/** Connects the answered lead with the agent's phone, or holds the line when there is none. */
function conversationTwiml(request: CreateCallRequest): string {
	const response = new twilio.twiml.VoiceResponse();
	if (request.agentPhone === null) response.pause({ length: request.timeLimitSeconds });
	else {
		response.dial(
			{ callerId: request.from, answerOnBridge: true, timeLimit: request.timeLimitSeconds },
			request.agentPhone
		);
	}
	return response.toString();
}

/** A 4xx proves that nothing was placed; anything else proves nothing (PROVIDERS.md 1.9, 1.10). */
function readCreateError(error: unknown): CreateCallOutcome {
	if (error instanceof twilio.RestException && error.status >= 400 && error.status < 500) {
		const words = REFUSALS[error.code ?? 0];
		return {
			kind: 'refused',
			endReason: words?.endReason ?? 'provider_refused',
			message:
				words?.message ??
				`The call was not placed. Twilio refused it (error ${error.code ?? error.status}).`
		};
	}
	return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
}

const REFUSALS: Record<number, { endReason: string; message: string }> = {
	20003: {
		endReason: 'provider_credentials',
		message:
			"The call was not placed. Twilio refused Talktime's credentials; tell your administrator."
	},
	20429: {
		endReason: 'provider_busy',
		message:
			'The call was not placed. Twilio has too many requests right now; try again in a moment.'
	},
	21210: {
		endReason: 'caller_id_refused',
		message:
			'The call was not placed. The caller id is not one Twilio lets us use; tell your administrator.'
	},
	21211: {
		endReason: 'invalid_number',
		message: 'The call was not placed. Twilio says this is not a valid phone number; check it.'
	},
	21215: {
		endReason: 'country_not_enabled',
		message: 'The call was not placed. Calls to this country are not enabled at Twilio.'
	},
	21216: {
		endReason: 'number_blocked',
		message: 'The call was not placed. Twilio does not call this number.'
	},
	21217: {
		endReason: 'invalid_number',
		message: 'The call was not placed. Twilio says this is not a valid phone number; check it.'
	}
};

async function findCall(client: twilio.Twilio, question: CallQuestion): Promise<CallFinding> {
	try {
		return question.providerCallId === null
			? await findByListing(client, question)
			: await findById(client, question.providerCallId, question.callId);
	} catch (error) {
		return { kind: 'no_answer', error: error instanceof Error ? error.message : String(error) };
	}
}

async function findById(
	client: twilio.Twilio,
	providerCallId: string,
	callId: string | null
): Promise<CallFinding> {
	try {
		const call = await client.calls(providerCallId).fetch();
		return { kind: 'event', event: readCallResource(call, callId) };
	} catch (error) {
		if (error instanceof twilio.RestException && error.status === 404) {
			return { kind: 'never_existed' };
		}
		throw error;
	}
}

/** Finds a call whose create was never answered: same numbers, created within two minutes of ours. */
async function findByListing(client: twilio.Twilio, question: CallQuestion): Promise<CallFinding> {
	const calls = await client.calls.list({ to: question.to, from: question.from, limit: 50 });
	const near = calls.find((call) => {
		if (question.takenProviderCallIds.includes(call.sid)) return false;
		const createdAtMs = (call.dateCreated ?? call.startTime)?.getTime() ?? NaN;
		const apartMs = createdAtMs - question.initiatedAtMs;
		return apartMs > -5_000 && apartMs < 120_000;
	});
	if (near) return { kind: 'event', event: readCallResource(near, question.callId) };
	if (question.nowMs - question.initiatedAtMs < LISTING_DELAY_MS) {
		return { kind: 'no_answer', error: 'Not listed yet.' };
	}
	return { kind: 'never_existed' };
}

async function hangUp(client: twilio.Twilio, providerCallId: string): Promise<void> {
	try {
		await client.calls(providerCallId).update({ status: 'completed' });
	} catch (error) {
		// 21220: the call is no longer in a state for this, because it has ended.
		if (error instanceof twilio.RestException && error.code === 21220) return;
		throw error;
	}
}
