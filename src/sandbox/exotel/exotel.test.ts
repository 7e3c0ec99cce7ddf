import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSandbox, type RunningSandbox } from '../server';
import { BodyReceiver } from '../test-receiver';
import answeredBody from './fixtures/statuscallback.answered.leg1.form_fields.json';
import createAnswer from './fixtures/connect.response.2017.json';
import defaultBody from './fixtures/statuscallback.default.json';
import detailsAnswer from './fixtures/call_details.completed.numeric_types.json';
import terminalBody from './fixtures/statuscallback.terminal.completed.json';

const ENVIRONMENT = {
	EXOTEL_ACCOUNT_SID: 'talktime1',
	EXOTEL_API_KEY: 'a-key',
	EXOTEL_API_TOKEN: 'a-token'
};
const IST = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

let sandbox: RunningSandbox;
let receiver: BodyReceiver;
beforeEach(async () => {
	receiver = await new BodyReceiver().open();
	sandbox = await startSandbox({
		speed: 2_000,
		seed: 'test',
		environment: ENVIRONMENT,
		log: () => {}
	});
});
afterEach(async () => {
	await sandbox.close();
	await receiver.close();
});

const authorization = `Basic ${btoa('a-key:a-token')}`;

function get(path: string): Promise<Response> {
	return fetch(`${sandbox.url}/v1/Accounts/talktime1/${path}`, { headers: { authorization } });
}

function post(form: Record<string, string>, path = 'Calls/connect.json'): Promise<Response> {
	return fetch(`${sandbox.url}/v1/Accounts/talktime1/${path}`, {
		method: 'POST',
		headers: { authorization },
		body: new URLSearchParams(form)
	});
}

const numberFor = (suffix: string): string => `+9198765432${suffix}`;

async function dial(suffix: string, more: Record<string, string> = {}): Promise<string> {
	const response = await post({
		From: '09876543200',
		To: numberFor(suffix),
		CallerId: '08047104890',
		CustomField: 'attempt-1',
		StatusCallback: `${receiver.url}/exotel?key=k`,
		'StatusCallbackEvents[0]': 'terminal',
		'StatusCallbackEvents[1]': 'answered',
		StatusCallbackContentType: 'application/json',
		...more
	});
	expect(response.status).toBe(200);
	return Object(await response.json()).Call.Sid;
}

const terminalOf =
	(sid: string) =>
	(body: Record<string, unknown>): boolean =>
		body.CallSid === sid && body.EventType === 'terminal';

function ofCall(sid: string): Record<string, unknown>[] {
	return receiver.received.map(({ body }) => body).filter((body) => body.CallSid === sid);
}

async function fault(plan: object): Promise<void> {
	sandbox.control.context.faults.add({ provider: 'exotel', ...plan });
}

test('create answers in the shape of the documented answer, in-progress, times without zone', async () => {
	const response = await post({ From: '09876543200', To: '09876543205', CallerId: '08047104890' });
	const { Call } = Object(await response.json());
	expect(Object.keys(Call)).toEqual(Object.keys(createAnswer.Call));
	expect(Call).toMatchObject({ Status: 'in-progress', EndTime: null, Duration: null, Price: null });
	expect(Call.Sid).toMatch(/^[0-9a-z]{32}$/);
	expect(Call.DateCreated).toMatch(IST);
	const utc = Date.parse(`${String(Call.DateCreated).replace(' ', 'T')}+05:30`);
	expect(Math.abs(utc - Date.now())).toBeLessThan(5_000);
});

test('without .json the answer is XML', async () => {
	const form = { From: '09876543200', To: '09876543205', CallerId: '08047104890' };
	const response = await post(form, 'Calls/connect');
	expect(response.headers.get('content-type')).toBe('application/xml');
	expect(await response.text()).toMatch(
		/<TwilioResponse><Call><Sid>[0-9a-z]{32}<\/Sid>.*<EndTime\/>.*<\/Call><\/TwilioResponse>$/
	);
});

test('a talk: answered twice live, then terminal with ConversationDuration, as JSON', async () => {
	const sid = await dial('05', { Record: 'true' });
	await receiver.waitFor(terminalOf(sid));
	const [first, second, terminal] = ofCall(sid);
	expect(first).toMatchObject({
		EventType: 'answered',
		Status: answeredBody.Status,
		Legs: [{ Status: answeredBody['Legs[0][Status]'] }, { Status: answeredBody['Legs[1][Status]'] }]
	});
	expect(second).toMatchObject({ EventType: 'answered', Legs: [{}, { Status: 'in-progress' }] });
	expect(Object.keys(terminal ?? {}).sort()).toEqual(Object.keys(terminalBody).sort());
	expect(terminal).toMatchObject({
		Status: 'completed',
		ConversationDuration: 5,
		CustomField: 'attempt-1',
		EndTime: '1970-01-01 05:30:00',
		Legs: [
			{ OnCallDuration: 8, Status: 'completed', AnsweredBy: 'NA' },
			{ OnCallDuration: 5, Status: 'completed', AnsweredBy: 'Human' }
		]
	});
	expect(receiver.received[0]?.path).toBe('/exotel?key=k');
	const sound = await fetch(String(terminal?.RecordingUrl), { headers: { range: 'bytes=0-3' } });
	expect([sound.status, await sound.text()]).toEqual([206, 'RIFF']);
});

test.each(['multipart/form-data', 'application/x-www-form-urlencoded'])(
	'%s flattens the legs, every value a string, null as "null"',
	async (contentType) => {
		const sid = await dial('05', {
			From: '09876543210',
			StatusCallbackContentType: contentType
		});
		const [body] = await receiver.waitFor(terminalOf(sid));
		expect(body).toMatchObject({
			Status: 'busy',
			ConversationDuration: '0',
			'Legs[0][Status]': 'busy',
			'Legs[1][OnCallDuration]': '0',
			'Legs[1][Status]': 'null'
		});
		expect(body).not.toHaveProperty('RecordingUrl');
	}
);

test('not subscribed: four fields, as form', async () => {
	const response = await post({
		From: '09876543200',
		To: numberFor('05'),
		CallerId: '08047104890',
		StatusCallback: `${receiver.url}/exotel`
	});
	const sid = Object(await response.json()).Call.Sid;
	const [body] = await receiver.waitFor((one) => one.CallSid === sid);
	expect(Object.keys(body ?? {})).toEqual(Object.keys(defaultBody));
	expect(receiver.received[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
});

// suffix, Status, ConversationDuration, status of the second leg
test.each([
	['10', 'busy', 0, 'busy'],
	['11', 'no-answer', 0, 'no-answer'],
	['12', 'failed', 0, 'failed'],
	['13', 'canceled', 0, 'canceled'],
	['61', 'completed', 61, 'completed'],
	['98', 'exploded', -7, 'completed']
])('…%s ends %s', async (suffix, status, seconds, leg) => {
	const sid = await dial(suffix);
	const [body] = await receiver.waitFor(terminalOf(sid));
	expect(body).toMatchObject({
		Status: status,
		ConversationDuration: seconds,
		Legs: [{ Status: 'completed' }, { Status: leg }]
	});
});

test('TimeLimit ends the talk; details are numbers, filled about two minutes later', async () => {
	const sid = await dial('85', { TimeLimit: '37' });
	const [body] = await receiver.waitFor(terminalOf(sid));
	expect(body).toMatchObject({ ConversationDuration: 37 });
	sandbox.control.context.clock.setSpeed(1);
	const early = Object(await (await get(`Calls/${sid}.json`)).json()).Call;
	expect(early).toMatchObject({ Status: 'completed' });
	sandbox.control.context.clock.advance(125_000);
	await expect
		.poll(async () => Object(await (await get(`Calls/${sid}.json`)).json()).Call)
		.toMatchObject({ Price: '0.500', Duration: '42', EndTime: expect.stringMatching(IST) });
	const { Call } = Object(await (await get(`Calls/${sid}.json?details=true`)).json());
	expect(Object.keys(Call)).toEqual(expect.arrayContaining(Object.keys(detailsAnswer.Call)));
	expect(Call).toMatchObject({
		Price: 0.5,
		Duration: 42,
		Details: {
			ConversationDuration: 37,
			Leg1Status: 'completed',
			Leg2Status: 'completed',
			Legs: [{ Leg: { Id: 1, OnCallDuration: 40 } }, { Leg: { Id: 2, OnCallDuration: 37 } }]
		}
	});
});

test('two retries, after 5 and 15 simulated minutes; then it is dropped', async () => {
	receiver.answers.push(500, 302, 503);
	const sid = await dial('05', { 'StatusCallbackEvents[1]': 'terminal' });
	const copies = await receiver.waitFor(terminalOf(sid), 3);
	expect(copies).toHaveLength(3);
	await expect.poll(() => sandbox.control.context.callbacks.counters.failed).toBe(1);
	expect(sandbox.control.context.callbacks.counters).toMatchObject({ attempts: 3, retried: 2 });
});

test('duplicates, reversed order, a lost final: the fault plan and the magic numbers', async () => {
	await fault({ duplicate: 1, reorder: true, next: 1 });
	const first = await dial('05');
	await receiver.waitFor((body) => body.CallSid === first, 6);
	expect(ofCall(first).map(({ EventType }) => EventType)).toEqual([
		'terminal',
		'terminal',
		'answered',
		'answered',
		'answered',
		'answered'
	]);
	const silent = await dial('94');
	await expect
		.poll(async () => Object(await (await get(`Calls/${silent}.json`)).json()).Call.Status)
		.toBe('completed');
	expect(ofCall(silent).map(({ EventType }) => EventType)).not.toContain('terminal');
});

test('create faults: empty wallet, ambiguous, 500', async () => {
	const form = { From: '09876543200', To: numberFor('05'), CallerId: '08047104890' };
	await fault({ createStatus: 402, next: 1 });
	const poor = await post(form);
	expect([poor.status, await poor.json()]).toEqual([
		402,
		{ RestException: { Status: 402, Message: 'Insufficient balance in your account' } }
	]);
	await fault({ ambiguousCreate: true, next: 1 });
	await expect(post(form)).rejects.toThrow();
	expect(Object(await (await get('Calls.json')).json()).Calls).toHaveLength(1);
	expect((await post({ ...form, To: numberFor('91') })).status).toBe(500);
	expect((await post({ ...form, To: numberFor('90') })).status).toBe(400);
	expect(Object(await (await get('Calls.json')).json()).Calls).toHaveLength(1);
});

test('lists: filters, pages by cursor, and rows that repeat when the plan says so', async () => {
	const sids: string[] = [];
	for (let count = 0; count < 5; count++) sids.push(await dial('85'));
	await dial('10');
	const walk = async (): Promise<string[]> => {
		const seen: string[] = [];
		let uri: string | null = `Calls.json?PageSize=2&To=${encodeURIComponent(numberFor('85'))}`;
		while (uri !== null) {
			const page: { Calls: { Sid: string }[]; Metadata: { NextPageUri: string | null } } = await (
				await get(uri)
			).json();
			seen.push(...page.Calls.map(({ Sid }) => Sid));
			uri = page.Metadata.NextPageUri?.replace('/v1/Accounts/talktime1/', '') ?? null;
		}
		return seen;
	};
	expect(await walk()).toEqual([...sids].reverse());
	await fault({ repeatRows: true });
	const repeated = await walk();
	expect(repeated.length).toBeGreaterThan(5);
	expect(new Set(repeated)).toEqual(new Set(sids));
	const list = async (query: string): Promise<number> =>
		Object(await (await get(`Calls.json?${query}`)).json()).Metadata.Total;
	expect(await list(`Sid=${sids[0]},${sids[1]}`)).toBe(2);
	expect(await list('DateCreated=gte:2019-01-01 00:00:00;lte:2019-02-01 00:00:00')).toBe(0);
	expect(await list('DateCreated=gte:2019-01-01 00:00:00')).toBe(6);
	expect((await get('Calls.json?PageSize=101')).status).toBe(400);
});

test('wrong credentials 401, unknown call 404, bad fields 400, the 201st call of a minute 429', async () => {
	const url = `${sandbox.url}/v1/Accounts/talktime1/Calls.json`;
	const denied = await fetch(url, { headers: { authorization: `Basic ${btoa('a-key:x')}` } });
	expect([denied.status, Object(await denied.json()).RestException.Status]).toEqual([401, 401]);
	expect((await get('Calls/0.json')).status).toBe(404);
	const form = { From: '09876543200', To: numberFor('05'), CallerId: '08047104890' };
	const badFields: Record<string, string>[] = [
		{ To: '' },
		{ To: 'nobody' },
		{ TimeLimit: '14401' },
		{ CustomField: 'x'.repeat(129) },
		{ StatusCallback: 'https://example.com/' }
	];
	for (const bad of badFields) {
		expect((await post({ ...form, ...bad })).status).toBe(400);
	}
	sandbox.control.context.clock.setSpeed(0.1);
	const statuses: number[] = [];
	for (let count = 0; count < 205; count++) statuses.push((await post(form)).status);
	expect(statuses.at(-1)).toBe(429);
	expect(statuses.filter((status) => status === 429).length).toBeLessThanOrEqual(205 - 199);
});

test('the control API finishes a call and shows it', async () => {
	sandbox.control.context.clock.setSpeed(1);
	const sid = await dial('85');
	const finished = await fetch(`${sandbox.url}/_sandbox/calls/${sid}/finish`, {
		method: 'POST',
		body: JSON.stringify({ seconds: 125 })
	});
	expect(finished.status).toBe(200);
	const [body] = await receiver.waitFor(terminalOf(sid));
	expect(body).toMatchObject({ ConversationDuration: 125 });
	expect(sandbox.control.listCalls(1)).toMatchObject([
		{ provider: 'exotel', sid, status: 'completed' }
	]);
});
