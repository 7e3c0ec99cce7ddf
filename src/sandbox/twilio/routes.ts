import { timingSafeEqual } from 'node:crypto';
import { jsonReply, type Reply, type SandboxRequest } from '../http';
import { createCall, updateCall, type CallRoom } from './calls';
import type { TwilioCall } from './call-record';
import { errorReply, notFound, TwilioError } from './errors';
import { toCallListPage } from './list-page';
import { toneWav } from './recordings';
import { accountPath, toRestCall, toRestRecording } from './wire';

/** Name and secret pairs accepted for Basic auth: the account, and an API key when there is one. */
export type Credentials = ReadonlyMap<string, string>;

function isEqualSecret(left: string, right: string): boolean {
	const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
	return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

function checkCredentials(request: SandboxRequest, credentials: Credentials): void {
	const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
	const [name = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	const secret = credentials.get(name);
	if (secret !== undefined && isEqualSecret(secret, rest.join(':'))) return;
	throw new TwilioError(401, 20003, 'Authenticate');
}

function getCall(room: CallRoom, sid: string, pathname: string): TwilioCall {
	const call = room.store.find(sid);
	if (call === null) throw notFound(pathname);
	return call;
}

function recordingReply(room: CallRoom, sid: string, form: string, pathname: string): Reply {
	const call = room.store.findByRecording(sid);
	if (call === null || call.recording === null) throw notFound(pathname);
	if (form === '.json') {
		const baseUrl = room.context.baseUrl();
		return jsonReply(200, toRestRecording(room.accountSid, call, call.recording, baseUrl));
	}
	const body = toneWav(call.recording.durationSeconds);
	return { kind: 'answer', status: 200, contentType: 'audio/x-wav', body };
}

async function route(
	room: CallRoom,
	credentials: Credentials,
	request: SandboxRequest
): Promise<Reply> {
	const { method, url, rawBody } = request;
	const { pathname } = url;
	const base = accountPath(room.accountSid);
	const path = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : null;
	// As at Twilio, a recording's sound needs no credentials; everything else does.
	const media = /^\/Recordings\/(RE\w+)(\.mp3|\.wav)?$/.exec(path ?? '');
	if (media !== null && method === 'GET') {
		return recordingReply(room, media[1] ?? '', media[2] ?? '', pathname);
	}
	checkCredentials(request, credentials);
	if (path === null) throw new TwilioError(401, 20003, 'Authenticate');
	const form = new URLSearchParams(rawBody.toString('utf8'));
	if (path === '/Calls.json') {
		if (method === 'POST') return createCall(room, form);
		if (method === 'GET') {
			return jsonReply(200, toCallListPage(room.accountSid, room.store, url.searchParams));
		}
	}
	const callSid = /^\/Calls\/(CA\w+)\.json$/.exec(path)?.[1];
	if (callSid !== undefined) {
		const call = getCall(room, callSid, pathname);
		if (method === 'GET') return jsonReply(200, toRestCall(room.accountSid, call));
		if (method === 'POST') return updateCall(room, call, form);
	}
	const recordingSid = /^\/Recordings\/(RE\w+)\.json$/.exec(path)?.[1];
	if (recordingSid !== undefined && method === 'GET') {
		return recordingReply(room, recordingSid, '.json', pathname);
	}
	throw notFound(pathname);
}

/** Answers one REST request the way Twilio does, errors in its envelope. */
export async function answerTwilio(
	room: CallRoom,
	credentials: Credentials,
	request: SandboxRequest
): Promise<Reply> {
	await request.pause();
	try {
		return await route(room, credentials, request);
	} catch (error) {
		if (error instanceof TwilioError) return errorReply(error);
		throw error;
	}
}
