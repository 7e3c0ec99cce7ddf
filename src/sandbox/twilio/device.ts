/** The softphone's endpoints, under /_sandbox/twilio; every request carries its access token. */
import { jsonReply, type Reply, type SandboxRequest } from '../http';
import { readBearer } from '../secrets';
import type { BrowserCalls } from './browser-calls';
import { readAccessToken, VoiceError, type TokenIssuer } from './token';

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function readBody({ rawBody }: SandboxRequest): Record<string, unknown> {
	if (rawBody.length === 0) return {};
	try {
		const parsed: unknown = JSON.parse(rawBody.toString('utf8'));
		if (isRecord(parsed)) return parsed;
	} catch {
		// Told below, like any other body that is not an object.
	}
	throw new VoiceError(31_100, 'The body must be a JSON object');
}

/** Custom parameters as Twilio takes them: texts. */
function readParams(value: unknown): Record<string, string> {
	if (!isRecord(value)) return {};
	return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
}

async function route(
	calls: BrowserCalls,
	issuer: TokenIssuer,
	request: SandboxRequest,
	path: string
): Promise<Reply | null> {
	const { method, url } = request;
	const body = method === 'POST' ? readBody(request) : {};
	const given = readBearer(request) || body.token || url.searchParams.get('token') || '';
	const [, sid = '', action] = /^\/device-calls\/(CA\w+)(?:\/(\w+))?$/.exec(path) ?? [];
	const isOurs = ['/connect', '/incoming'].includes(path) || sid !== '';
	if (!isOurs) return null;
	const grant = readAccessToken(String(given), issuer, Math.floor(Date.now() / 1_000));
	if (`${method} ${path}` === 'POST /connect') {
		return jsonReply(201, calls.connect(grant, readParams(body.params)));
	}
	if (`${method} ${path}` === 'GET /incoming') {
		if (!grant.canReceive) throw new VoiceError(31_201, 'The token does not allow incoming calls');
		return jsonReply(200, { calls: await calls.incoming(grant.identity) });
	}
	const after = Number(url.searchParams.get('after') ?? 0);
	const view =
		method === 'GET' && action === undefined
			? await calls.watch(grant.identity, sid, after)
			: method === 'POST'
				? calls.act(grant.identity, sid, action ?? '')
				: null;
	return view === null ? null : jsonReply(200, view);
}

/** Answers a softphone; null for a path that is none of its own. */
export async function answerDevice(
	calls: BrowserCalls,
	issuer: TokenIssuer,
	request: SandboxRequest,
	path: string
): Promise<Reply | null> {
	try {
		return await route(calls, issuer, request, path);
	} catch (error) {
		if (!(error instanceof VoiceError)) throw error;
		const status = error.code < 21_000 ? 401 : 400;
		return jsonReply(status, { error: { code: error.code, message: error.message } });
	}
}
