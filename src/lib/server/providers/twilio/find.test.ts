import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallQuestion } from '../types';
import { createTwilioAdapter } from './adapter';

const PARENT = `CA${'1'.repeat(32)}`;
const CHILD = `CA${'2'.repeat(32)}`;
const ACCOUNT = `AC${'0'.repeat(31)}1`;
const NOW_MS = Date.parse('2026-11-21T10:05:00Z');
const endedSecondsAgo = (seconds: number) => new Date(NOW_MS - seconds * 1000).toUTCString();

/** What Twilio has: its answers are made of these. */
let calls: { sid: string; parent_call_sid?: string; [field: string]: unknown }[] = [];
let updates: { sid: string; form: string }[] = [];
let server: http.Server;
let ask: (
	question: Partial<CallQuestion>
) => ReturnType<ReturnType<typeof createTwilioAdapter>['findCall']>;
let adapter: ReturnType<typeof createTwilioAdapter>;

beforeAll(async () => {
	server = http.createServer((request, response) => {
		const { pathname, searchParams } = new URL(request.url ?? '', 'http://twilio');
		const sid = /Calls\/(CA\w+)\.json$/.exec(pathname)?.[1];
		const send = (status: number, body: object) =>
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		let form = '';
		request.on('data', (chunk) => (form += chunk));
		request.on('end', () => {
			if (sid === undefined) {
				const parent = searchParams.get('ParentCallSid');
				const found = calls.filter(({ parent_call_sid }) => parent_call_sid === parent);
				return send(200, { calls: found, next_page_uri: null });
			}
			if (request.method === 'POST') {
				updates.push({ sid, form });
				const ended = { code: 21220, message: 'Call is not in-progress.', status: 400 };
				return send(400, ended);
			}
			const call = calls.find((one) => one.sid === sid);
			return call ? send(200, call) : send(404, { code: 20404, message: 'none', status: 404 });
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	const config = {
		accountSid: ACCOUNT,
		authToken: '12345',
		fromNumber: '+12025550199',
		apiBaseUrl: `http://127.0.0.1:${address.port}`,
		browser: null,
		callsPerSecond: 1
	};
	adapter = createTwilioAdapter(config, 'https://talktime.example', 2_000);
	ask = (question) =>
		adapter.findCall({
			callId: 'call-1',
			providerCallId: null,
			browser: { parentCallId: PARENT },
			from: '+12025550199',
			to: '+14155550161',
			initiatedAtMs: NOW_MS - 120_000,
			takenProviderCallIds: [],
			nowMs: NOW_MS,
			...question
		});
});
beforeEach(() => {
	calls = [];
	updates = [];
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

describe('given a call made in the browser', () => {
	it('when the lead was dialled, then its own leg is found by the leg of the browser', async () => {
		calls = [
			{ sid: PARENT, status: 'completed', duration: '35', end_time: endedSecondsAgo(60) },
			{
				sid: CHILD,
				parent_call_sid: PARENT,
				status: 'completed',
				duration: '22',
				answered_by: 'machine_start'
			}
		];
		expect(await ask({})).toMatchObject({
			kind: 'event',
			event: {
				providerCallId: CHILD,
				parentCallId: PARENT,
				callId: 'call-1',
				talkSeconds: 22,
				facts: { answeredBy: 'machine' }
			}
		});
	});

	it('when the browser left a while ago and no lead is listed, then none was dialled', async () => {
		calls = [{ sid: PARENT, status: 'canceled', end_time: endedSecondsAgo(16) }];
		expect(await ask({})).toEqual({ kind: 'never_dialled' });
	});

	it.each<[string, typeof calls]>([
		[
			'the browser has just left',
			[{ sid: PARENT, status: 'canceled', end_time: endedSecondsAgo(5) }]
		],
		['the browser is still there', [{ sid: PARENT, status: 'ringing', end_time: null }]]
	])('when %s, then nobody knows yet', async (_name, known) => {
		calls = known;
		expect(await ask({})).toMatchObject({ kind: 'no_answer' });
	});

	it('when even the leg of the browser is unknown, then in the end none was dialled', async () => {
		expect(await ask({ initiatedAtMs: NOW_MS - 70_000 })).toMatchObject({ kind: 'no_answer' });
		expect(await ask({ initiatedAtMs: NOW_MS - 76_000 })).toEqual({ kind: 'never_dialled' });
	});

	it('when the browser never connected, then Twilio is not asked, and in the end it never was', async () => {
		const browser = { parentCallId: null };
		expect(await ask({ browser, initiatedAtMs: NOW_MS - 75_000 })).toMatchObject({
			kind: 'no_answer'
		});
		expect(await ask({ browser, initiatedAtMs: NOW_MS - 75_001 })).toEqual({
			kind: 'never_existed'
		});
	});
});

describe('given a call that has ended', () => {
	it('when it is hung up or given more time, then Twilio says 21220, which is no error', async () => {
		await adapter.hangUp(CHILD);
		await adapter.setTimeLimit(CHILD, 600);
		expect(updates).toEqual([
			{ sid: CHILD, form: 'Status=completed' },
			{ sid: CHILD, form: 'TimeLimit=600' }
		]);
	});
});
