import type { BolnaConfig } from '../../config';
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
import { openBolna, type BolnaClient } from './client';
import { CALL_ID_VARIABLE, callIdOf, createdAtMsOf, readCallResource, readExecution } from './read';
import { ExecutionPage, type Execution } from './wire';

/** A create whose answer was lost shows up in the list within this time, or never was. */
const LISTING_DELAY_MS = 60_000;
const PAGE_SIZE = 50;
const PAGES_MAX = 1_000;
/** One listing spans at most a week (PROVIDERS.md 3.5); a minute less is surely within. */
const LISTED_AT_ONCE_MS = 7 * 86_400_000 - 60_000;

/** Bolna behind our interface: an agent of its own talks, so nobody's phone is rung first. */
export function createBolnaAdapter(config: BolnaConfig, timeoutMs: number): ProviderAdapter {
	const client = openBolna(config, timeoutMs);
	return {
		name: 'bolna',
		fromNumber: config.fromNumber ?? '',
		capabilities: {
			// Only a call that has not begun can be stopped.
			canHangUp: false,
			canExtend: false,
			signsWebhooks: false,
			finalEvent: 'completed',
			costDelaySeconds: null,
			timeLimitMaxSeconds: config.callSecondsMax,
			needsAgentPhone: false,
			// 500 requests a minute (PROVIDERS.md 3.1).
			callsPerSecond: 8,
			fixedCallSeconds: config.callSecondsMax
		},
		createCall: (request) => createCall(client, config, request),
		findCall: (question) => findCall(client, config, question),
		setTimeLimit: () =>
			Promise.reject(new Error('Bolna ends every call of an agent after the same time.')),
		hangUp: (providerCallId) => stopCall(client, providerCallId),
		listBill: (period) => listBill(client, config, period),
		recordingSource: {
			hosts: [
				new URL(config.apiBaseUrl).host,
				'bolna-recordings-india.s3.ap-south-1.amazonaws.com'
			],
			authorization: null
		}
	};
}

async function createCall(
	client: BolnaClient,
	config: BolnaConfig,
	request: CreateCallRequest
): Promise<CreateCallOutcome> {
	try {
		const { status, body } = await client.call({
			agent_id: config.agentId,
			recipient_phone_number: request.to,
			...(request.from !== '' && { from_phone_number: request.from }),
			user_data: { [CALL_ID_VARIABLE]: request.callId },
			// Whether to call again is decided here: each call is held and charged by itself.
			retry_config: { enabled: false }
		});
		const providerCallId = toText(toObject(body).execution_id);
		if (status === 200 && providerCallId !== undefined && providerCallId.length <= 64) {
			return { kind: 'accepted', providerCallId };
		}
		return readRefusal(status, body);
	} catch (error) {
		return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
	}
}

/** Answers that prove that nothing was placed (PROVIDERS.md 3.1). Any other proves nothing. */
const REFUSALS: Record<number, { endReason: string; sentence: string }> = {
	400: { endReason: 'provider_refused', sentence: 'Bolna refused it' },
	401: {
		endReason: 'provider_credentials',
		sentence: "Bolna refused Talktime's key; tell your administrator"
	},
	403: {
		endReason: 'provider_refused',
		sentence: 'Bolna does not let this account place it; tell your administrator'
	},
	404: {
		endReason: 'provider_credentials',
		sentence: "Bolna does not know Talktime's agent; tell your administrator"
	},
	429: {
		endReason: 'provider_busy',
		sentence: 'Bolna has too many requests right now; try again in a moment'
	}
};

function readRefusal(status: number, body: unknown): CreateCallOutcome {
	const refusal = REFUSALS[status];
	if (!refusal) return { kind: 'unknown', message: `Bolna answered ${status} and named no call.` };
	const said = toText(toObject(body).message);
	const reason = status === 400 && said !== undefined ? `: ${clip(said, 200)}` : '';
	return {
		kind: 'refused',
		endReason: refusal.endReason,
		message: `The call was not placed. ${refusal.sentence}${reason}.`
	};
}

/** A queued call is taken back; one that rings or talks goes on, whatever we ask. */
async function stopCall(client: BolnaClient, providerCallId: string): Promise<void> {
	const { status } = await client.stopCall(providerCallId);
	if (status === 200) return;
	if (status >= 400 && status < 500) {
		throw new CannotHangUp('Bolna cannot end a call that has begun: its agent hangs up by itself.');
	}
	throw new Error(`Bolna answered ${status}.`);
}

async function findCall(
	client: BolnaClient,
	config: BolnaConfig,
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
	client: BolnaClient,
	config: BolnaConfig,
	providerCallId: string,
	question: CallQuestion
): Promise<CallFinding> {
	const { status, body } = await client.fetchExecution(providerCallId);
	if (status === 404) return { kind: 'never_existed' };
	if (status !== 200) return { kind: 'no_answer', error: `Bolna answered ${status}.` };
	const event = readCallResource(body, config);
	const isAnother = event.callId !== null && event.callId !== (question.callId ?? event.callId);
	if (event.providerCallId !== providerCallId || isAnother) {
		return { kind: 'no_answer', error: 'Bolna answered with another call.' };
	}
	return { kind: 'event', event: { ...event, callId: question.callId } };
}

/** Finds a call whose create was never answered: it carries our id, or our number at our moment. */
async function findByListing(
	client: BolnaClient,
	config: BolnaConfig,
	question: CallQuestion
): Promise<CallFinding> {
	const { initiatedAtMs } = question;
	const period = { fromMs: initiatedAtMs - 5_000, toMs: initiatedAtMs + 120_000 };
	for await (const row of listExecutions(client, period)) {
		const { id = '' } = row;
		const number = numberOf(row) ?? question.to;
		if (number !== question.to || question.takenProviderCallIds.includes(id)) continue;
		// Rows are shortened: whose call it is, the execution itself says.
		const { status, body } = await client.fetchExecution(id);
		if (status === 200 && isOurs(readExecution(body), question)) {
			const event = readCallResource(body, config);
			return { kind: 'event', event: { ...event, callId: question.callId } };
		}
	}
	if (question.nowMs - initiatedAtMs < LISTING_DELAY_MS) {
		return { kind: 'no_answer', error: 'Not listed yet.' };
	}
	return { kind: 'never_existed' };
}

function isOurs(execution: Execution, question: CallQuestion): boolean {
	const named = callIdOf(execution);
	return named === null ? numberOf(execution) === question.to : named === question.callId;
}

function numberOf({ user_number, telephony_data }: Execution): string | null {
	return user_number ?? telephony_data?.to_number ?? null;
}

/** Every execution of a period, page by page. */
async function* listExecutions(
	client: BolnaClient,
	{ fromMs, toMs }: { fromMs: number; toMs: number }
): AsyncIterable<Execution> {
	const period = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
	for (let page = 1; page <= PAGES_MAX; page++) {
		const { status, body } = await client.listExecutions({
			...period,
			page_number: String(page),
			page_size: String(PAGE_SIZE)
		});
		const parsed = ExecutionPage.safeParse(body);
		if (status !== 200 || !parsed.success) throw new Error(`Bolna answered ${status}.`);
		for (const raw of parsed.data.data) yield readExecution(raw);
		if (!parsed.data.has_more) return;
	}
}

async function* listBill(
	client: BolnaClient,
	config: BolnaConfig,
	period: { fromMs: number; toMs: number }
): AsyncIterable<ProviderBillRow> {
	for (const part of splitPeriod(period, LISTED_AT_ONCE_MS)) {
		for await (const execution of listExecutions(client, part)) {
			yield toBillRow(execution, config);
		}
	}
}

function toBillRow(execution: Execution, config: BolnaConfig): ProviderBillRow {
	const event = readCallResource(execution, config);
	return {
		providerCallId: event.providerCallId,
		callId: event.callId,
		status: event.status,
		rawStatus: event.rawStatus,
		talkSeconds: event.talkSeconds,
		cost: event.facts.cost ?? null,
		startedAtMs: createdAtMsOf(execution),
		to: numberOf(execution) ?? ''
	};
}
