import { bendOutcome, planCreate, type CreateErrors } from '../create-plan';
import { fileReply, type Answer, type Reply, type SandboxRequest } from '../http';
import { outcomeForNumber } from '../outcomes';
import type { SandboxContext } from '../provider';
import { isEqualSecret, readBasic } from '../secrets';
import { toneWav } from '../tone';
import type { CallShelf } from '../call-shelf';
import { newCall, type ExotelCall } from './call';
import { errorReply, ExotelError, reply } from './errors';
import { toListPage } from './list-page';
import { readConnectParameters } from './parameters';
import type { ExotelScript } from './script';
import { hasRecording, toRestCall } from './wire';

export interface ExotelRoom {
	context: SandboxContext;
	accountSid: string;
	apiKey: string;
	apiToken: string;
	calls: CallShelf<ExotelCall>;
	script: ExotelScript;
	limit: CallLimit;
}

const CALLS_PER_MINUTE = 200;

/** 200 calls in a simulated minute (PROVIDERS.md 2.6). */
export class CallLimit {
	#minute = -1;
	#calls = 0;

	/** Throws 429 for the 201st call. */
	count(nowMs: number): void {
		const minute = Math.floor(nowMs / 60_000);
		if (minute !== this.#minute) this.#calls = 0;
		this.#minute = minute;
		this.#calls += 1;
		if (this.#calls > CALLS_PER_MINUTE) throw new ExotelError(429);
	}
}

async function connect(room: ExotelRoom, form: URLSearchParams, isJson: boolean): Promise<Reply> {
	const { context, calls, script } = room;
	const parameters = readConnectParameters(form);
	room.limit.count(context.clock.nowMs());
	const takenPlans = context.faults.takeForCall('exotel');
	const faults = context.faults.forCall('exotel', takenPlans);
	const outcome = bendOutcome(outcomeForNumber(parameters.to, context.seed), faults);
	const fromOutcome = outcomeForNumber(parameters.from, context.seed);
	const errors: CreateErrors = {
		refused: () => errorReply(new ExotelError(400, 'Invalid Parameter : To'), isJson),
		ofStatus: (status) => errorReply(new ExotelError(status), isJson)
	};
	const plan = planCreate(outcome, faults, errors);
	if (!plan.isPlaced) return plan.failure ?? errors.ofStatus(500);
	const nowMs = context.clock.nowMs();
	const ordinal = calls.callsCreated;
	const call = newCall({ parameters, outcome, fromOutcome, takenPlans, ordinal, nowMs });
	calls.add(call);
	const answer = reply(200, { Call: toRestCall(room.accountSid, call, context.baseUrl()) }, isJson);
	if (plan.runsAtOnce) await script.runAtOnce(call);
	else script.start(call);
	return plan.failure ?? answer;
}

function recording(room: ExotelRoom, request: SandboxRequest, id: string): Answer {
	const call = room.calls.find(id);
	if (call === null || !hasRecording(call)) throw new ExotelError(404);
	return fileReply(request, 'audio/x-wav', toneWav(call.conversationSeconds));
}

function checkCredentials({ apiKey, apiToken }: ExotelRoom, request: SandboxRequest): void {
	const { name, secret } = readBasic(request);
	const isKnown = isEqualSecret(name, apiKey) && isEqualSecret(secret, apiToken);
	if (!isKnown) throw new ExotelError(401);
}

async function route(room: ExotelRoom, request: SandboxRequest): Promise<Reply> {
	const { method, url } = request;
	const recorded = /^\/exotelrecordings\/\w+\/(\w+)\.mp3$/.exec(url.pathname)?.[1];
	if (recorded !== undefined && method === 'GET') return recording(room, request, recorded);
	checkCredentials(room, request);
	const base = `/v1/Accounts/${room.accountSid}`;
	if (!url.pathname.startsWith(`${base}/`)) throw new ExotelError(404);
	const isJson = url.pathname.includes('.json');
	const path = url.pathname.slice(base.length).replace(/\.json$/, '');
	const baseUrl = room.context.baseUrl();
	if (method === 'POST' && path === '/Calls/connect') {
		return connect(room, new URLSearchParams(request.rawBody.toString('utf8')), isJson);
	}
	if (method === 'GET' && path === '/Calls') {
		const repeatsRows = room.context.faults.forCall('exotel', []).repeatRows === true;
		const list = { accountSid: room.accountSid, baseUrl, query: url.searchParams, repeatsRows };
		return reply(200, toListPage(room.calls.newestFirst(), list), isJson);
	}
	const call = room.calls.find(/^\/Calls\/(\w+)$/.exec(path)?.[1] ?? '');
	if (method !== 'GET' || call === null) throw new ExotelError(404);
	const withDetails = url.searchParams.get('details') === 'true';
	return reply(200, { Call: toRestCall(room.accountSid, call, baseUrl, withDetails) }, isJson);
}

/** Answers one request the way Exotel does, errors in its envelope. */
export async function answerExotel(room: ExotelRoom, request: SandboxRequest): Promise<Reply> {
	await request.pause();
	try {
		return await route(room, request);
	} catch (error) {
		if (!(error instanceof ExotelError)) throw error;
		return errorReply(error, request.url.pathname.includes('.json'));
	}
}
