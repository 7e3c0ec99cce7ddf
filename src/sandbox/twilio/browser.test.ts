import { afterEach, beforeEach, expect, test } from 'vitest';
import twilio from 'twilio';
import { ACCOUNT_SID, ENVIRONMENT, FROM, openHouse, type SandboxHouse } from '../test-support';
import realRequest from './fixtures/webhook.browser_twiml_app.request.json';

let house: SandboxHouse;
beforeEach(async () => void (house = await openHouse({ speed: 200 })));
afterEach(() => house.close());

const { AccessToken } = twilio.jwt;

function tokenFor(
	identity: string,
	{ ttl = 3_600, secret = ENVIRONMENT.TWILIO_API_KEY_SECRET } = {}
): string {
	const token = new AccessToken(ACCOUNT_SID, ENVIRONMENT.TWILIO_API_KEY_SID, secret, {
		identity,
		ttl
	});
	const outgoingApplicationSid = ENVIRONMENT.TWILIO_TWIML_APP_SID;
	token.addGrant(new AccessToken.VoiceGrant({ outgoingApplicationSid, incomingAllow: true }));
	return token.toJwt();
}

const TOKEN = tokenFor('agent_42');

interface DeviceView {
	callSid: string;
	childCallSid: string | null;
	state: string;
	error: { code: number } | null;
	version: number;
}

async function ask(method: string, path: string, body?: object): Promise<[number, DeviceView]> {
	const response = await fetch(`${house.sandbox.url}/_sandbox/twilio${path}`, {
		method,
		headers: { authorization: `Bearer ${TOKEN}`, origin: 'http://localhost:3000' },
		body: body === undefined ? undefined : JSON.stringify(body)
	});
	expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
	return [response.status, Object(await response.json())];
}

async function connect(params: Record<string, string> = {}): Promise<string> {
	const [status, view] = await ask('POST', '/connect', { params });
	expect([status, view.state]).toEqual([201, 'connecting']);
	return view.callSid;
}

/** Follows a call by long polling until it has a state; gives every state seen. */
async function follow(sid: string, state: string): Promise<{ states: string[]; last: DeviceView }> {
	const states: string[] = [];
	for (let after = 0; ;) {
		const [, view] = await ask('GET', `/device-calls/${sid}?after=${after}`);
		states.push(view.state);
		if (view.state === state || view.state === 'closed') return { states, last: view };
		after = view.version;
	}
}

interface DialOptions {
	dial?: object;
	number?: object;
}

function dialTwiml(to: string, { dial = {}, number = {} }: DialOptions = {}): string {
	const response = new twilio.twiml.VoiceResponse();
	response
		.dial({ callerId: FROM, answerOnBridge: true, timeLimit: 600, timeout: 30, ...dial })
		.number(
			{
				statusCallback: `${house.receiver.url}/child`,
				statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
				...number
			},
			to
		);
	return response.toString();
}

function answerVoice(twiml: string): void {
	house.receiver.pages.set('/api/twilio/voice', twiml);
}

test('given a connect, then the Voice URL is asked as Twilio asks: signed, To empty, params as fields', async () => {
	answerVoice(dialTwiml('+12025550105'));
	const sid = await connect({ phoneNumber: '+12025550142' });
	const [request] = await house.receiver.waitFor((one) => one.url.endsWith('/api/twilio/voice'));
	expect(request).toMatchObject({ method: 'POST', isSigned: true });
	const real = Object.fromEntries(new URLSearchParams(realRequest.body_urlencoded));
	expect(Object.keys(request?.fields ?? {}).sort()).toEqual(Object.keys(real).sort());
	expect(request?.fields).toMatchObject({
		ApplicationSid: ENVIRONMENT.TWILIO_TWIML_APP_SID,
		CallSid: sid,
		CallStatus: 'ringing',
		Direction: 'inbound',
		From: 'client:agent_42',
		Caller: 'client:agent_42',
		To: '',
		Called: '',
		phoneNumber: '+12025550142'
	});
	expect(Object.keys(request?.headers ?? {})).toEqual(
		expect.arrayContaining(Object.keys(realRequest.headers))
	);
});

test('given answerOnBridge, then ringing, open, closed; child callbacks; the legs differ in seconds', async () => {
	house.receiver.pages.set('/action', '<Response/>');
	answerVoice(dialTwiml('+12025550160', { dial: { action: '/action' } }));
	const { clock } = house.sandbox.control.context;
	clock.setSpeed(20);
	const sid = await connect();
	expect((await follow(sid, 'open')).states).toContain('ringing');
	expect((await house.sdk.calls(sid).fetch()).status).toBe('in-progress');
	clock.setSpeed(500);
	const { last } = await follow(sid, 'closed');
	const child = String(last.childCallSid);
	const callbacks = await house.receiver.allOf(child);
	expect(callbacks.map((one) => [one.SequenceNumber, one.CallStatus])).toEqual([
		['0', 'initiated'],
		['1', 'ringing'],
		['2', 'in-progress'],
		['3', 'completed']
	]);
	expect(callbacks.at(-1)).toMatchObject({
		ParentCallSid: sid,
		Direction: 'outbound-dial',
		From: FROM,
		To: '+12025550160',
		CallDuration: '60'
	});
	expect(callbacks.at(-1)).not.toHaveProperty('ToCountry');
	const [action] = await house.receiver.waitFor((one) => one.url.endsWith('/action'));
	expect(action?.isSigned).toBe(true);
	expect(action?.fields).toMatchObject({
		CallSid: sid,
		CallStatus: 'in-progress',
		DialCallStatus: 'completed',
		DialCallSid: child,
		DialCallDuration: '60',
		DialBridged: 'true'
	});
	expect(action?.fields.SequenceNumber).toBeUndefined();
	const parent = await house.sdk.calls(sid).fetch();
	expect(parent).toMatchObject({
		status: 'completed',
		direction: 'inbound',
		from: 'client:agent_42'
	});
	expect(Number(parent.duration)).toBeGreaterThan(60);
	const children = await house.sdk.calls.list({ parentCallSid: sid });
	expect(children.map((one) => [one.sid, one.duration])).toEqual([[child, '60']]);
});

test('given no answerOnBridge, then the parent is answered at once and its ring time counts', async () => {
	answerVoice(dialTwiml('+12025550114', { dial: { answerOnBridge: false } }));
	const sid = await connect();
	await follow(sid, 'closed');
	const parent = await house.sdk.calls(sid).fetch();
	const [child] = await house.sdk.calls.list({ parentCallSid: sid });
	expect(Number(parent.duration) - Number(child?.duration)).toBeGreaterThanOrEqual(25);
});

test.each([
	['10', 'busy', 'busy'],
	['11', 'no-answer', 'no-answer'],
	['12', 'failed', 'failed']
])(
	'given a lead …%s, then the child ends %s and the parent is never answered',
	async (suffix, status) => {
		house.receiver.pages.set('/action', '<Response><Hangup/></Response>');
		answerVoice(dialTwiml(`+120255501${suffix}`, { dial: { action: '/action' } }));
		const sid = await connect();
		const { states } = await follow(sid, 'closed');
		expect(states).not.toContain('open');
		const [action] = await house.receiver.waitFor((one) => one.url.endsWith('/action'));
		expect(action?.fields).toMatchObject({ DialCallStatus: status, DialBridged: 'false' });
		expect(action?.fields.DialCallDuration).toBeUndefined();
		expect(await house.sdk.calls(sid).fetch()).toMatchObject({ status, duration: '0' });
	}
);

test('given timeLimit, then the child is cut at exactly that', async () => {
	answerVoice(dialTwiml('+12025550185', { dial: { timeLimit: 37 } }));
	const { last } = await follow(await connect(), 'closed');
	const callbacks = await house.receiver.allOf(String(last.childCallSid));
	expect(callbacks.at(-1)).toMatchObject({ CallStatus: 'completed', CallDuration: '37' });
});

test('the agent hangs up: while talking the child completes, while ringing it is cancelled', async () => {
	house.receiver.pages.set('/action', '<Response/>');
	answerVoice(dialTwiml('+12025550185', { dial: { action: '/action' } }));
	const talking = await connect();
	await follow(talking, 'open');
	for (const action of ['mute', 'digits']) {
		const [, view] = await ask('POST', `/device-calls/${talking}/${action}`, { digits: '1#' });
		expect(view.state).toBe('open');
	}
	const [, ended] = await ask('POST', `/device-calls/${talking}/hangup`);
	expect(ended.state).toBe('closed');
	const completed = (await house.receiver.allOf(String(ended.childCallSid))).at(-1);
	expect(completed?.CallStatus).toBe('completed');
	const [action] = await house.receiver.waitFor((one) => one.url.endsWith('/action'));
	expect(action?.fields).toMatchObject({ CallStatus: 'completed', DialCallStatus: 'completed' });
	answerVoice(dialTwiml('+12025550111'));
	const ringing = await connect();
	const { last } = await follow(ringing, 'ringing');
	await ask('POST', `/device-calls/${ringing}/hangup`);
	const cancelled = (await house.receiver.allOf(String(last.childCallSid))).at(-1);
	expect(cancelled?.CallStatus).toBe('canceled');
});

test('REST ends the child, or the parent with its child; the far end hangs up by the control API', async () => {
	answerVoice(dialTwiml('+12025550185'));
	const first = await connect();
	const { last } = await follow(first, 'open');
	await house.sdk.calls(String(last.childCallSid)).update({ status: 'completed' });
	expect((await follow(first, 'closed')).last.state).toBe('closed');
	const second = await connect();
	const open = (await follow(second, 'open')).last;
	await house.sdk.calls(second).update({ status: 'completed' });
	const child = await house.sdk.calls(String(open.childCallSid)).fetch();
	expect(child.status).toBe('completed');
	const third = await connect();
	const talking = (await follow(third, 'open')).last;
	await house.ask('POST', `/calls/${talking.childCallSid}/finish`, { seconds: 125 });
	await follow(third, 'closed');
	const [ended] = await house.sdk.calls.list({ parentCallSid: third });
	expect(ended?.duration).toBe('125');
});

test.each([
	['an error answer', null, 11_200],
	['no TwiML', 'hello', 11_200],
	['no caller id', '<Response><Dial><Number>+12025550105</Number></Dial></Response>', 13_214],
	[
		'a bad number',
		`<Response><Dial callerId="${FROM}"><Number>12</Number></Dial></Response>`,
		13_224
	],
	['a refusal', '<Response><Reject/></Response>', 31_603]
])('given %s, then the call closes with %s %i', async (_name, twiml, code) => {
	if (twiml === null) house.receiver.answers.push(500);
	else answerVoice(twiml);
	const { last } = await follow(await connect(), 'closed');
	expect(last.error?.code).toBe(code);
	expect(await house.sdk.calls.list({ parentCallSid: last.callSid })).toEqual([]);
});

test('Say answers, then the next verb runs', async () => {
	answerVoice('<Response><Say>No minutes are left &amp; so on.</Say><Hangup/></Response>');
	const sid = await connect();
	await follow(sid, 'closed');
	expect(await house.sdk.calls(sid).fetch()).toMatchObject({ status: 'completed', duration: '3' });
});

test('a recorded Dial: the callback names the parent, its list has it, ranges are served', async () => {
	answerVoice(
		dialTwiml('+12025550105', {
			dial: {
				record: 'record-from-answer-dual',
				recordingStatusCallback: `${house.receiver.url}/recording`
			}
		})
	);
	const sid = await connect();
	await follow(sid, 'closed');
	const [callback] = await house.receiver.waitFor((one) => one.url.endsWith('/recording'));
	expect(callback?.fields).toMatchObject({
		CallSid: sid,
		RecordingSource: 'DialVerb',
		RecordingChannels: '2',
		RecordingDuration: '5'
	});
	const [listed] = await house.sdk.calls(sid).recordings.list();
	expect(listed?.sid).toBe(callback?.fields.RecordingSid);
	const part = await fetch(`${callback?.fields.RecordingUrl}.mp3`, {
		headers: { range: 'bytes=4-7' }
	});
	expect([part.status, part.headers.get('content-range')]).toEqual([
		206,
		expect.stringMatching(/^bytes 4-7\/\d+$/)
	]);
	const beyond = await fetch(`${callback?.fields.RecordingUrl}.wav`, {
		headers: { range: 'bytes=999999-' }
	});
	expect(beyond.status).toBe(416);
});

test('a machine is told by AMD, on both kinds of legs', async () => {
	const amd = {
		amdStatusCallback: `${house.receiver.url}/amd`,
		machineDetection: 'DetectMessageEnd'
	};
	answerVoice(dialTwiml('+12025550170', { number: amd }));
	await connect();
	const [verdict] = await house.receiver.waitFor((one) => one.url.endsWith('/amd'));
	expect(verdict?.fields).toMatchObject({ AnsweredBy: 'machine_end_beep' });
	const { sid } = await house.dial('+12025550170', { machineDetection: 'Enable' });
	expect((await house.receiver.allOf(sid)).at(-1)).toMatchObject({ AnsweredBy: 'machine_start' });
});

test('an incoming call rings at its identity, is taken and ended there; a stranger sees nothing', async () => {
	const waiting = ask('GET', '/incoming');
	const { sid } = await house.dial('client:agent_42');
	const [, ringing] = await waiting;
	expect(Object(ringing).calls).toMatchObject([{ callSid: sid, state: 'ringing', from: FROM }]);
	await house.receiver.waitFor((one) => one.fields.CallStatus === 'ringing');
	await ask('POST', `/device-calls/${sid}/accept`);
	expect((await follow(sid, 'open')).last.state).toBe('open');
	const stranger = await fetch(`${house.sandbox.url}/_sandbox/twilio/device-calls/${sid}`, {
		headers: { authorization: `Bearer ${tokenFor('agent_43')}` }
	});
	expect(stranger.status).toBe(404);
	await ask('POST', `/device-calls/${sid}/hangup`);
	expect((await house.receiver.allOf(sid)).at(-1)?.CallStatus).toBe('completed');
	const { sid: second } = await house.dial('client:agent_42');
	await house.receiver.waitFor(
		(one) => one.fields.CallSid === second && one.fields.CallStatus === 'ringing'
	);
	await ask('POST', `/device-calls/${second}/reject`);
	expect((await house.receiver.allOf(second)).at(-1)?.CallStatus).toBe('busy');
});

test.each([
	['a wrong signature', () => tokenFor('agent_42', { secret: 'another-secret' }), 20_107],
	['an expired token', () => tokenFor('agent_42', { ttl: -1 }), 20_104],
	['no token', () => 'x', 20_101]
])('given %s, then connect is refused with its code', async (_name, token, code) => {
	const response = await fetch(`${house.sandbox.url}/_sandbox/twilio/connect`, {
		method: 'POST',
		body: JSON.stringify({ token: token(), params: {} })
	});
	expect(response.status).toBe(401);
	expect(await response.json()).toMatchObject({ error: { code } });
	expect(await house.sdk.calls.list()).toEqual([]);
});

test('a page from elsewhere cannot use the softphone', async () => {
	const response = await fetch(`${house.sandbox.url}/_sandbox/twilio/connect`, {
		method: 'POST',
		headers: { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' },
		body: '{}'
	});
	expect(response.status).toBe(403);
});

test('with a limit of calls per second the others wait, queued', async () => {
	await house.close();
	house = await openHouse({
		speed: 1,
		environment: { ...ENVIRONMENT, TWILIO_CALLS_PER_SECOND: '1' }
	});
	const sids = await Promise.all([1, 2, 3].map(async () => (await house.dial('+12025550185')).sid));
	house.sandbox.control.context.clock.advance(1_000);
	await house.receiver.waitFor((one) => one.fields.CallStatus === 'initiated');
	expect((await house.sdk.calls(String(sids[2])).fetch()).status).toBe('queued');
	house.sandbox.control.context.clock.advance(5_000);
	await house.receiver.waitFor((one) => one.fields.CallStatus === 'initiated', 3);
});

test('lists repeat rows between pages when the plan says so', async () => {
	for (let count = 0; count < 5; count++) await house.dial('+12025550110');
	await house.ask('POST', '/faults', { repeatRows: true });
	const all = await house.sdk.calls.list({ pageSize: 2 });
	expect(all.length).toBeGreaterThan(5);
	expect(new Set(all.map((one) => one.sid)).size).toBe(5);
});
