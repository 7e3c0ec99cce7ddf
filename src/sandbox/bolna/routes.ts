import type { CallShelf } from '../call-shelf';
import { bendOutcome, planCreate, type CreateErrors } from '../create-plan';
import { fileReply, jsonReply, type Answer, type Reply, type SandboxRequest } from '../http';
import type { SandboxContext } from '../provider';
import { isEqualSecret, readBearer } from '../secrets';
import { toneWav } from '../tone';
import { newCall, type BolnaCall } from './call';
import { BolnaError, errorReply, faultError } from './errors';
import { bolnaOutcome } from './outcomes';
import { readCallOrder, readJson } from './parameters';
import type { BolnaScript } from './script';
import { toExecution, toListedExecution } from './wire';

export interface BolnaRoom {
	context: SandboxContext;
	apiKey: string;
	agentId: string;
	calls: CallShelf<BolnaCall>;
	script: BolnaScript;
}

const AGENT_NUMBER = '+918035739222';
const LONGEST_RANGE_MS = 7 * 86_400_000;
const LARGEST_PAGE = 50;

const CREATE_ERRORS: CreateErrors = {
	refused: () => errorReply(new BolnaError(400, 'recipient_phone_number is not valid')),
	ofStatus: (status) => errorReply(faultError(status))
};

async function placeCall(room: BolnaRoom, rawBody: Buffer): Promise<Reply> {
	const { context, calls, script } = room;
	const order = readCallOrder(readJson(rawBody), room.agentId, AGENT_NUMBER);
	const takenPlans = context.faults.takeForCall('bolna');
	const faults = context.faults.forCall('bolna', takenPlans);
	const usual = bolnaOutcome(order.to, context.seed);
	const outcome = { ...usual, ...bendOutcome(usual, faults) };
	const plan = planCreate(outcome, faults, CREATE_ERRORS);
	if (!plan.isPlaced) return plan.failure ?? CREATE_ERRORS.ofStatus(500);
	const nowMs = context.clock.nowMs();
	const call = newCall({ order, outcome, takenPlans, ordinal: calls.callsCreated, nowMs });
	calls.add(call);
	if (plan.runsAtOnce) await script.runAtOnce(call);
	else script.start(call);
	return (
		plan.failure ?? jsonReply(200, { message: 'done', status: 'queued', execution_id: call.id })
	);
}

function stopCall(room: BolnaRoom, id: string): Answer {
	const call = getCall(room, id);
	if (room.script.stop(call)) {
		return jsonReply(200, { message: 'done', status: 'stopped', execution_id: call.id });
	}
	throw new BolnaError(400, `Call cannot be stopped in status ${call.status}`);
}

function getCall({ calls }: BolnaRoom, id: string): BolnaCall {
	const call = calls.find(id);
	if (call === null) throw new BolnaError(404, 'Execution not found');
	return call;
}

function execution(room: BolnaRoom, call: BolnaCall): Record<string, unknown> {
	const keepsUserData = room.script.outbox.faultsOf(call).dropUserData !== true;
	return toExecution(call, room.context.baseUrl(), keepsUserData);
}

function readMoment(query: URLSearchParams, field: string): number {
	const text = query.get(field) ?? '';
	const moment = Date.parse(text);
	if (text.endsWith('Z') && !Number.isNaN(moment)) return moment;
	throw new BolnaError(400, `${field} is required as UTC time ending in Z`);
}

function readWhole(query: URLSearchParams, field: string, usual: number, largest: number): number {
	const value = Number(query.get(field) ?? usual);
	if (Number.isInteger(value) && value >= 1 && value <= largest) return value;
	throw new BolnaError(400, `${field} must be from 1 to ${largest}`);
}

/** GET /v2/agent/{id}/executions (PROVIDERS.md 3.5): one page, newest first. */
function listExecutions(room: BolnaRoom, query: URLSearchParams): Answer {
	const from = readMoment(query, 'from');
	const to = readMoment(query, 'to');
	if (to - from > LONGEST_RANGE_MS) throw new BolnaError(400, 'The range must not exceed 7 days');
	const pageNumber = readWhole(query, 'page_number', 1, 1_000_000);
	const pageSize = readWhole(query, 'page_size', 20, LARGEST_PAGE);
	const status = query.get('status');
	const matching = room.calls
		.newestFirst()
		.filter(({ createdAt }) => createdAt.getTime() >= from && createdAt.getTime() <= to)
		.filter((call) => status === null || call.status === status);
	const repeats = room.context.faults.forCall('bolna', []).repeatRows === true && pageNumber > 1;
	const start = (pageNumber - 1) * pageSize;
	const end = start + pageSize;
	return jsonReply(200, {
		page_number: pageNumber,
		page_size: pageSize,
		total: matching.length,
		has_more: end < matching.length,
		data: matching
			.slice(repeats ? start - 1 : start, end)
			.map((call) => toListedExecution(execution(room, call)))
	});
}

function agent({ agentId, script }: BolnaRoom): object {
	const { webhookUrl, terminateAfterSeconds } = script.settings;
	return {
		id: agentId,
		agent_name: 'Talktime sandbox',
		agent_status: 'processed',
		webhook_url: webhookUrl,
		tasks: [{ task_type: 'conversation', task_config: { call_terminate: terminateAfterSeconds } }]
	};
}

/** PATCH /v2/agent/{id}: only `task_config.call_terminate` can change. */
function patchAgent(room: BolnaRoom, rawBody: Buffer): Answer {
	const seconds = Number(/"call_terminate"\s*:\s*(\d+)/.exec(rawBody.toString('utf8'))?.[1]);
	if (!(seconds >= 1)) throw new BolnaError(400, 'call_terminate is required');
	room.script.settings.terminateAfterSeconds = seconds;
	return jsonReply(200, { message: 'success', status: 'updated' });
}

function route(room: BolnaRoom, request: SandboxRequest): Promise<Reply> | Reply {
	const { method, url, rawBody } = request;
	const path = url.pathname;
	const recorded = /^\/recordings\/call\/([\w-]+)$/.exec(path)?.[1];
	if (recorded !== undefined && method === 'GET') {
		const { talkSeconds } = getCall(room, recorded);
		return fileReply(request, 'audio/x-wav', toneWav(talkSeconds ?? 0));
	}
	if (!isEqualSecret(readBearer(request), room.apiKey)) throw new BolnaError(401, 'Unauthorized');
	if (`${method} ${path}` === 'POST /call') return placeCall(room, rawBody);
	if (`${method} ${path}` === 'GET /user/me') {
		const { liveCalls, settings } = room.script;
		const concurrency = { max: settings.mostAtOnce, current: liveCalls };
		return jsonReply(200, { id: room.agentId, wallet: 500, concurrency });
	}
	const stopped = /^\/call\/([\w-]+)\/stop$/.exec(path)?.[1];
	if (stopped !== undefined && method === 'POST') return stopCall(room, stopped);
	const executionId = /^\/executions\/([\w-]+)$/.exec(path)?.[1];
	if (executionId !== undefined && method === 'GET') {
		return jsonReply(200, execution(room, getCall(room, executionId)));
	}
	if (path === `/v2/agent/${room.agentId}/executions` && method === 'GET') {
		return listExecutions(room, url.searchParams);
	}
	if (path === `/v2/agent/${room.agentId}` && method === 'GET') return jsonReply(200, agent(room));
	if (path === `/v2/agent/${room.agentId}` && method === 'PATCH') return patchAgent(room, rawBody);
	throw new BolnaError(404, 'Not found');
}

/** Answers one request the way Bolna does, errors in its envelope. */
export async function answerBolna(room: BolnaRoom, request: SandboxRequest): Promise<Reply> {
	await request.pause();
	try {
		return await route(room, request);
	} catch (error) {
		if (error instanceof BolnaError) return errorReply(error);
		throw error;
	}
}
