import { fileReply, jsonReply, type Reply, type SandboxRequest } from '../http';
import { isEqualSecret, readBasic } from '../secrets';
import { createCall, updateCall, type CallRoom } from './calls';
import type { TwilioCall } from './call-record';
import { errorReply, notFound, TwilioError } from './errors';
import { toCallListPage } from './list-page';
import { toneWav } from '../tone';
import { accountPath, toRestCall, toRestRecording } from './wire';

/** Name and secret pairs accepted for Basic auth: the account, and an API key when there is one. */
export type Credentials = ReadonlyMap<string, string>;

function checkCredentials(request: SandboxRequest, credentials: Credentials): void {
	const { name, secret } = readBasic(request);
	const expected = credentials.get(name);
	if (expected !== undefined && isEqualSecret(expected, secret)) return;
	throw new TwilioError(401, 20003, 'Authenticate');
}

function getCall(room: CallRoom, sid: string, pathname: string): TwilioCall {
	const call = room.store.find(sid);
	if (call === null) throw notFound(pathname);
	return call;
}

function recordingReply(room: CallRoom, request: SandboxRequest, sid: string, form: string): Reply {
	const { pathname } = request.url;
	const call = room.store.findByRecording(sid);
	if (call === null || call.recording === null) throw notFound(pathname);
	if (form === '.json') {
		const baseUrl = room.context.baseUrl();
		return jsonReply(200, toRestRecording(room.accountSid, call, call.recording, baseUrl));
	}
	return fileReply(request, 'audio/x-wav', toneWav(call.recording.durationSeconds));
}

/** Recordings of one call, either leg, or of all; newest first, on one page. */
function recordingList(room: CallRoom, callSid: string | null, pathname: string): Reply {
	const baseUrl = room.context.baseUrl();
	const recordings = room.store.newestFirst().flatMap((call) => {
		const { recording, sid, parentCallSid } = call;
		const isOfCall = callSid === null || sid === callSid || parentCallSid === callSid;
		if (recording === null || !isOfCall) return [];
		return [toRestRecording(room.accountSid, call, recording, baseUrl)];
	});
	return jsonReply(200, {
		recordings,
		page: 0,
		page_size: recordings.length,
		start: 0,
		end: Math.max(0, recordings.length - 1),
		uri: pathname,
		first_page_uri: pathname,
		next_page_uri: null,
		previous_page_uri: null
	});
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
		return recordingReply(room, request, media[1] ?? '', media[2] ?? '');
	}
	checkCredentials(request, credentials);
	if (path === null) throw new TwilioError(401, 20003, 'Authenticate');
	const form = new URLSearchParams(rawBody.toString('utf8'));
	if (path === '/Calls.json') {
		if (method === 'POST') return createCall(room, form);
		if (method === 'GET') {
			const repeats = room.context.faults.forCall('twilio', []).repeatRows === true;
			const list = toCallListPage(room.accountSid, room.store, url.searchParams, repeats);
			return jsonReply(200, list);
		}
	}
	const callSid = /^\/Calls\/(CA\w+)\.json$/.exec(path)?.[1];
	if (callSid !== undefined) {
		const call = getCall(room, callSid, pathname);
		if (method === 'GET') return jsonReply(200, toRestCall(room.accountSid, call));
		if (method === 'POST') return updateCall(room, call, form);
	}
	const recordedCall = /^\/Calls\/(CA\w+)\/Recordings\.json$/.exec(path)?.[1];
	if (method === 'GET' && (recordedCall !== undefined || path === '/Recordings.json')) {
		return recordingList(room, recordedCall ?? url.searchParams.get('CallSid'), pathname);
	}
	const recordingSid = /^\/Recordings\/(RE\w+)\.json$/.exec(path)?.[1];
	if (recordingSid !== undefined && method === 'GET') {
		return recordingReply(room, request, recordingSid, '.json');
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
