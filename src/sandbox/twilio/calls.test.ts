import { afterAll, beforeAll, expect, test } from 'vitest';
import {
	ACCOUNT_SID,
	ENVIRONMENT,
	FROM,
	openHouse,
	sdkFor,
	type SandboxHouse
} from '../test-support';
import realCreateAnswer from './fixtures/rest.create_call.response.2022.json';
import realBusy from './fixtures/callback.busy.2025.json';
import realFinal from './fixtures/callback.completed.single_event.2022.json';
import realInitiated from './fixtures/callback.initiated.2026.json';

let house: SandboxHouse;
beforeAll(async () => void (house = await openHouse()));
afterAll(() => house.close());

const isFinal = (sid: string) => (one: { fields: Record<string, string> }) =>
	one.fields.CallSid === sid && one.fields.CallDuration !== undefined;

async function createRaw(form: [string, string][]): Promise<Response> {
	return fetch(`${house.sandbox.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Calls.json`, {
		method: 'POST',
		headers: {
			authorization: `Basic ${btoa(`${ACCOUNT_SID}:${ENVIRONMENT.TWILIO_AUTH_TOKEN}`)}`
		},
		body: new URLSearchParams(form)
	});
}

test('create answers 201 in the shape of the real answer, queued, without dates', async () => {
	const response = await createRaw([
		['To', '+919900000001'],
		['From', FROM],
		['Url', 'http://localhost/voice']
	]);
	expect(response.status).toBe(201);
	const body: unknown = await response.json();
	const { sid, phone_number_sid, uri, subresource_uris, ...rest } = realCreateAnswer;
	expect(body).toMatchObject(rest);
	expect(Object.keys(Object(body))).toEqual(Object.keys(realCreateAnswer));
	const made = Object(body);
	expect([made.sid, made.phone_number_sid, made.uri].map((one) => one.length)).toEqual(
		[sid, phone_number_sid, uri].map((one) => one.length)
	);
	expect(Object(body).sid).toMatch(/^CA[0-9a-f]{32}$/);
	expect(Object.keys(Object(body).subresource_uris)).toEqual(
		expect.arrayContaining(Object.keys(subresource_uris))
	);
});

test('the SDK sees every callback of a talk, signed, in order, with the real fields', async () => {
	const created = await house.dial('+919900000005');
	expect(created).toMatchObject({ status: 'queued', price: null, startTime: null });
	await house.receiver.allOf(created.sid);
	const callbacks = house.receiver.received.filter((one) => one.fields.CallSid === created.sid);
	expect(callbacks.map(({ fields }) => [fields.SequenceNumber, fields.CallStatus])).toEqual([
		['0', 'initiated'],
		['1', 'ringing'],
		['2', 'in-progress'],
		['3', 'completed']
	]);
	expect(callbacks.every((one) => one.isSigned && one.url.endsWith('/status?x=1'))).toBe(true);
	expect(callbacks[0]?.headers['user-agent']).toBe('TwilioProxy/1.1');
	expect(callbacks[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
	expect(Object.keys(callbacks[0]?.fields ?? {}).sort()).toEqual(Object.keys(realInitiated).sort());
	const final = callbacks[3]?.fields ?? {};
	expect(Object.keys(final).sort()).toEqual(Object.keys(realFinal).sort());
	expect(final).toMatchObject({ CallDuration: '5', Duration: '1', SipResponseCode: '200' });
	expect(final).toMatchObject({ ToCountry: 'IN', ToCity: '', FromCountry: 'US' });
	expect(Math.abs(Date.parse(final.Timestamp ?? '') - Date.now())).toBeLessThan(5_000);
	expect(final.Timestamp).toMatch(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/);
});

test('a busy callback has the fields of the published one', async () => {
	const { sid } = await house.dial('+441111111110');
	const final = (await house.receiver.allOf(sid)).at(-1) ?? {};
	expect(Object.keys(final).sort()).toEqual(Object.keys(realBusy).sort());
	const { CallStatus, SequenceNumber, SipResponseCode, Duration, CallDuration } = realBusy;
	expect(final).toMatchObject({
		CallStatus,
		SequenceNumber,
		SipResponseCode,
		Duration,
		CallDuration
	});
});

test('a space-joined event list is one value that is not understood', async () => {
	const { sid } = await house.dial('+919900000005', {
		statusCallbackEvent: ['initiated ringing answered completed']
	});
	const callbacks = await house.receiver.allOf(sid);
	expect(callbacks.map((one) => [one.SequenceNumber, one.CallStatus])).toEqual([
		['0', 'completed']
	]);
});

test('with GET the fields travel and are signed in the query', async () => {
	const { sid } = await house.dial('+919900000005', {
		statusCallback: `${house.receiver.url}/get`,
		statusCallbackMethod: 'GET',
		statusCallbackEvent: ['completed']
	});
	const [callback] = await house.receiver.waitFor((one) => one.url.includes(`CallSid=${sid}`));
	expect(callback).toMatchObject({ method: 'GET', isSigned: true, fields: {} });
});

test('TimeLimit ends the call as completed with exactly that duration', async () => {
	const { sid } = await house.dial('+12025550185', { timeLimit: 37 });
	const [final] = await house.receiver.waitFor(isFinal(sid));
	expect(final?.fields).toMatchObject({ CallStatus: 'completed', CallDuration: '37' });
	const fetched = await house.sdk.calls(sid).fetch();
	expect(fetched).toMatchObject({ status: 'completed', duration: '37', priceUnit: 'USD' });
});

test('the price comes late: negative, by started minute', async () => {
	await house.ask('POST', '/faults', { latePriceSeconds: 600, next: 1 });
	const { sid } = await house.dial('+12025550161');
	await house.receiver.waitFor(isFinal(sid));
	expect((await house.sdk.calls(sid).fetch()).price).toBeNull();
	await expect
		.poll(async () => (await house.sdk.calls(sid).fetch()).price, { timeout: 5_000 })
		.toBe('-0.02800');
});

test('a ring longer than Timeout is no-answer', async () => {
	const { sid } = await house.dial('+12025550114', { timeout: 20 });
	const [final] = await house.receiver.waitFor(isFinal(sid));
	expect(final?.fields).toMatchObject({ CallStatus: 'no-answer', CallDuration: '0' });
});

test('an API key opens the door; a wrong token is 401 with code 20003', async () => {
	const key = `${ENVIRONMENT.TWILIO_API_KEY_SID}:${ENVIRONMENT.TWILIO_API_KEY_SECRET}`;
	const response = await fetch(
		`${house.sandbox.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Calls.json`,
		{ headers: { authorization: `Basic ${btoa(key)}` } }
	);
	expect(response.status).toBe(200);
	const stranger = sdkFor(house.sandbox.url, 'wrong');
	await expect(stranger.calls.list()).rejects.toMatchObject({ status: 401, code: 20003 });
});

test('an unknown call is 404 with code 20404', async () => {
	await expect(house.sdk.calls(`CA${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({
		status: 404,
		code: 20404,
		moreInfo: 'https://www.twilio.com/docs/errors/20404'
	});
});

const GOOD: Record<string, string> = { To: '+919900000005', From: FROM, Url: 'http://localhost/v' };
test.each([
	[{ To: '' }, 21201],
	[{ From: '' }, 21213],
	[{ To: '+1' }, 21211],
	[{ From: 'nobody' }, 21212],
	[{ Url: '' }, 21205],
	[{ Timeout: 'soon' }, 21208],
	[{ StatusCallback: 'nowhere' }, 21609],
	[{ StatusCallback: 'https://example.com/status' }, 21609],
	[{ StatusCallback: 'http://127.0.0.1.example.com/status' }, 21609],
	[{ To: '+12025550190' }, 21211]
])('create with %j is refused with code %i', async (change, code) => {
	const response = await createRaw(Object.entries({ ...GOOD, ...change }));
	expect(response.status).toBe(400);
	expect(await response.json()).toMatchObject({
		code,
		status: 400,
		more_info: `https://www.twilio.com/docs/errors/${code}`
	});
});

test('a recorded call announces and serves its recording', async () => {
	const { sid } = await house.dial('+919900000005', {
		record: true,
		recordingStatusCallback: `${house.receiver.url}/recording`
	});
	const [callback] = await house.receiver.waitFor(
		(one) => one.fields.CallSid === sid && one.fields.RecordingStatus === 'completed'
	);
	expect(callback?.isSigned).toBe(true);
	expect(callback?.fields.CallStatus).toBeUndefined();
	const recordingSid = callback?.fields.RecordingSid ?? '';
	const recording = await house.sdk.recordings(recordingSid).fetch();
	expect(recording).toMatchObject({ callSid: sid, duration: '5', status: 'completed' });
	const sound = await fetch(`${callback?.fields.RecordingUrl}.wav`);
	const bytes = Buffer.from(await sound.arrayBuffer());
	expect([bytes.toString('latin1', 0, 4), bytes.readUInt32LE(4)]).toEqual([
		'RIFF',
		bytes.length - 8
	]);
});

test('asynchronous machine detection reports without a CallStatus', async () => {
	const { sid } = await house.dial('+919900000005', {
		machineDetection: 'Enable',
		asyncAmd: 'true',
		asyncAmdStatusCallback: `${house.receiver.url}/machine`
	});
	const [callback] = await house.receiver.waitFor(
		(one) => one.url.endsWith('/machine') && one.fields.CallSid === sid
	);
	expect(callback).toMatchObject({ isSigned: true, fields: { AnsweredBy: 'human' } });
	expect(callback?.fields.CallStatus).toBeUndefined();
});
