import twilio from 'twilio';
import type { CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js';
import type { TwilioConfig } from '../../config';
import type {
	CreateCallOutcome,
	CreateCallRequest,
	ProviderAdapter,
	ProviderBillRow
} from '../types';
import { openTwilio } from './client';
import { findCall } from './find';
import { readCallResource } from './read';
import { refusalOf } from './refusals';
import { createDeviceToken } from './token';
import { conversationTwiml, RING_TIMEOUT_SECONDS } from './twiml';
import { urlsOf } from './urls';

/** Twilio behind our interface. `origin` is where its callbacks come to. */
export function createTwilioAdapter(
	config: TwilioConfig,
	origin: string,
	timeoutMs: number
): ProviderAdapter {
	const client = openTwilio(config, timeoutMs);
	const { accountSid, browser } = config;
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
			callsPerSecond: config.callsPerSecond,
			fixedCallSeconds: null
		},
		createCall: (request) => createCall(client, origin, request),
		findCall: (question) => findCall(client, question),
		setTimeLimit: (providerCallId, timeLimit) => updateLive(client, providerCallId, { timeLimit }),
		hangUp: (providerCallId) => updateLive(client, providerCallId, { status: 'completed' }),
		...(browser && {
			createDeviceToken: (identity: string) => createDeviceToken(accountSid, browser, identity)
		}),
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
		parentProviderCallId: call.parentCallSid,
		callId: null,
		status: event.status,
		rawStatus: event.rawStatus,
		talkSeconds: event.talkSeconds,
		cost: event.facts.cost ?? null,
		startedAtMs: call.startTime?.getTime() ?? null,
		to: call.to
	};
}

async function createCall(
	client: twilio.Twilio,
	origin: string,
	request: CreateCallRequest
): Promise<CreateCallOutcome> {
	const urls = urlsOf(origin, request.callId);
	try {
		const call = await client.calls.create({
			to: request.to,
			from: request.from,
			twiml: conversationTwiml(request),
			timeLimit: request.timeLimitSeconds,
			timeout: RING_TIMEOUT_SECONDS,
			statusCallback: urls.status,
			statusCallbackMethod: 'POST',
			statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
			...(request.isRecorded && {
				record: true,
				recordingChannels: 'dual',
				recordingStatusCallback: urls.recording,
				// One value with a space, unlike the list above (PROVIDERS.md 1.1).
				recordingStatusCallbackEvent: ['completed absent']
			}),
			...(request.detectsMachine && {
				machineDetection: 'Enable',
				asyncAmd: 'true',
				asyncAmdStatusCallback: urls.machine
			})
		});
		return { kind: 'accepted', providerCallId: call.sid };
	} catch (error) {
		return readCreateError(error);
	}
}

/** A 4xx proves that nothing was placed; anything else proves nothing (PROVIDERS.md 1.9, 1.10). */
function readCreateError(error: unknown): CreateCallOutcome {
	if (error instanceof twilio.RestException && error.status >= 400 && error.status < 500) {
		return { kind: 'refused', ...refusalOf(error.code ?? 0, error.status) };
	}
	return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
}

async function updateLive(
	client: twilio.Twilio,
	providerCallId: string,
	update: { timeLimit: number } | { status: 'completed' }
): Promise<void> {
	try {
		await client.calls(providerCallId).update(update);
	} catch (error) {
		// 21220: the call is no longer in a state for this, because it has ended.
		if (error instanceof twilio.RestException && error.code === 21220) return;
		throw error;
	}
}
