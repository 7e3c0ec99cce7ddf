import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSandbox, type RunningSandbox } from '../server';
import { BodyReceiver } from '../test-receiver';
import errorShape from './fixtures/error.shape.json';
import queuedAnswer from './fixtures/call.response.queued.json';
import realExecution from './fixtures/execution.completed.real.2025-11.json';
import statusEnum from './fixtures/status_enum.json';
import stopAnswer from './fixtures/stop.response.json';

const AGENT = '123e4567-e89b-12d3-a456-426655440000';
const headers = { authorization: 'Bearer a-bolna-key', 'content-type': 'application/json' };

let sandbox: RunningSandbox;
let receiver: BodyReceiver;

async function open(more: Record<string, string> = {}): Promise<void> {
	receiver = await new BodyReceiver().open();
	sandbox = await startSandbox({
		speed: 2_000,
		seed: 'test',
		environment: {
			BOLNA_API_KEY: 'a-bolna-key',
			BOLNA_AGENT_ID: AGENT,
			BOLNA_WEBHOOK_URL: `${receiver.url}/bolna?key=k`,
			...more
		},
		log: () => {}
	});
}
beforeEach(() => open());
afterEach(async () => {
	await sandbox.close();
	await receiver.close();
});

function get(path: string): Promise<Response> {
	return fetch(`${sandbox.url}${path}`, { headers });
}

function post(path: string, body?: unknown): Promise<Response> {
	return fetch(sandbox.url + path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
}

const numberFor = (suffix: string): string => `+9198765432${suffix}`;

async function dial(suffix: string, more: object = {}): Promise<string> {
	const response = await post('/call', {
		agent_id: AGENT,
		recipient_phone_number: numberFor(suffix),
		user_data: { attempt_id: 'attempt-1' },
		...more
	});
	expect(response.status).toBe(200);
	return Object(await response.json()).execution_id;
}

async function execution(id: string): Promise<Record<string, unknown>> {
	return Object(await (await get(`/executions/${id}`)).json());
}

function bodiesOf(id: string): Record<string, unknown>[] {
	return receiver.received.map(({ body }) => body).filter((body) => body.id === id);
}

async function until(id: string, status: string): Promise<Record<string, unknown>[]> {
	await receiver.waitFor((body) => body.id === id && body.status === status);
	return bodiesOf(id);
}

function fault(plan: object): void {
	sandbox.control.context.faults.add({ provider: 'bolna', ...plan });
}

test('POST /call answers queued with an execution id', async () => {
	const response = await post('/call', {
		agent_id: AGENT,
		recipient_phone_number: numberFor('05')
	});
	const answer = Object(await response.json());
	expect(Object.keys(answer)).toEqual(Object.keys(queuedAnswer));
	expect(answer).toMatchObject({ message: 'done', status: 'queued' });
	expect(answer.execution_id).toMatch(/^[0-9a-f-]{36}$/);
});

test('a talk: each change is posted, call-disconnected knows nothing yet, completed everything', async () => {
	const id = await dial('60');
	const bodies = await until(id, 'completed');
	expect(bodies.map(({ status }) => status)).toEqual([
		'initiated',
		'ringing',
		'in-progress',
		'call-disconnected',
		'completed'
	]);
	expect(receiver.received[0]?.path).toBe('/bolna?key=k');
	expect(bodies[3]).toMatchObject({ conversation_duration: 0, total_cost: 0, transcript: null });
	const final = bodies[4] ?? {};
	expect(Object.keys(final).sort()).toEqual(Object.keys(realExecution).sort());
	for (const part of ['telephony_data', 'context_details', 'cost_breakdown'] as const) {
		expect(Object.keys(Object(final[part])).sort()).toEqual(
			Object.keys(realExecution[part]).sort()
		);
	}
	expect(final).toMatchObject({
		conversation_duration: 59.7,
		total_cost: 8.72,
		answered_by_voice_mail: false,
		telephony_data: { duration: '60', hangup_by: 'Callee', hangup_provider_code: 4000 },
		context_details: { recipient_data: { attempt_id: 'attempt-1' } },
		transcript: expect.stringContaining('assistant:'),
		summary: expect.stringContaining('answered')
	});
	expect(final.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
	expect(await execution(id)).toEqual(final);
	const url = String(Object(final.telephony_data).recording_url);
	const sound = await fetch(url, { headers: { range: 'bytes=0-3' } });
	expect([sound.status, await sound.text()]).toEqual([206, 'RIFF']);
	const second = await until(await dial('60'), 'completed');
	expect(Object(second.at(-1)?.telephony_data).duration).toBe(60);
});

test.each([
	['10', 'busy', ['initiated', 'ringing', 'busy']],
	['11', 'no-answer', ['initiated', 'ringing', 'no-answer']],
	['12', 'failed', ['initiated', 'failed']],
	['13', 'canceled', ['initiated', 'ringing', 'canceled']],
	['72', 'balance-low', ['balance-low']],
	['73', 'error', ['initiated', 'error']],
	['98', 'exploded', ['initiated', 'ringing', 'in-progress', 'call-disconnected', 'exploded']]
])('…%s ends %s', async (suffix, status, statuses) => {
	const bodies = await until(await dial(suffix), status);
	expect(bodies.map((body) => body.status)).toEqual(statuses);
	if (status !== 'exploded') expect(bodies.at(-1)).toMatchObject({ conversation_duration: 0 });
	const known = statusEnum.execution.map((one) => one.status);
	expect(known).toEqual(expect.arrayContaining(statuses.filter((one) => one !== 'exploded')));
});

test('…71 completes with 0 seconds and costs nothing; …70 is a voicemail', async () => {
	const silent = await until(await dial('71'), 'completed');
	expect(silent.at(-1)).toMatchObject({ conversation_duration: 0, total_cost: 0 });
	const machine = await until(await dial('70'), 'completed');
	expect(machine.at(-1)).toMatchObject({ answered_by_voice_mail: true });
});

test('…74 is rescheduled; scheduled_at waits; rules of its format', async () => {
	const bodies = await until(await dial('74'), 'completed');
	expect(bodies.map(({ status }) => status).slice(0, 2)).toEqual(['rescheduled', 'initiated']);
	sandbox.control.context.clock.setSpeed(1);
	const at = (seconds: number): string =>
		new Date(Date.now() + seconds * 1_000).toISOString().replace('Z', '+00:00');
	const id = await dial('05', { scheduled_at: at(600) });
	await until(id, 'scheduled');
	sandbox.control.context.clock.advance(601_000);
	await until(id, 'initiated');
	expect(bodiesOf(id).map(({ status }) => status)).toEqual(['scheduled', 'queued', 'initiated']);
	const place = async (scheduled_at: string): Promise<[number, unknown]> => {
		const order = { agent_id: AGENT, recipient_phone_number: numberFor('05'), scheduled_at };
		const response = await post('/call', order);
		return [response.status, Object(await response.json()).message];
	};
	expect((await place(new Date().toISOString()))[0]).toBe(500);
	expect(await place(at(60))).toEqual([
		400,
		'Scheduled time should be atleast 2 minutes in the future'
	]);
});

test('stop: only what is queued or scheduled', async () => {
	sandbox.control.context.clock.setSpeed(1);
	const scheduled_at = new Date(Date.now() + 600_000).toISOString().replace('Z', '+00:00');
	const waiting = await dial('05', { scheduled_at });
	const stopped = Object(await (await post(`/call/${waiting}/stop`)).json());
	expect(Object.keys(stopped)).toEqual(Object.keys(stopAnswer));
	expect(stopped).toMatchObject({ status: 'stopped', execution_id: waiting });
	await until(waiting, 'stopped');
	const live = await dial('85');
	await until(live, 'initiated');
	const refused = await post(`/call/${live}/stop`);
	expect(refused.status).toBe(400);
	expect(Object.keys(Object(await refused.json()))).toEqual(Object.keys(errorShape));
});

test('a late cost: completed says 0, GET has it later', async () => {
	fault({ latePriceSeconds: 600, next: 1 });
	const id = await dial('60');
	const bodies = await until(id, 'completed');
	sandbox.control.context.clock.setSpeed(1);
	expect(bodies.at(-1)).toMatchObject({ total_cost: 0, cost_breakdown: null });
	sandbox.control.context.clock.advance(601_000);
	await expect.poll(async () => (await execution(id)).total_cost).toBe(8.72);
});

test('faults: no user_data, duplicates, reversed order, a lost final, retries', async () => {
	fault({ dropUserData: true, duplicate: 1, reorder: true, next: 1 });
	const id = await dial('05');
	await receiver.waitFor((body) => body.id === id, 10);
	expect(bodiesOf(id).map(({ status }) => status)).toEqual(
		['completed', 'call-disconnected', 'in-progress', 'ringing', 'initiated'].flatMap((one) => [
			one,
			one
		])
	);
	expect(bodiesOf(id)[0]).toMatchObject({ context_details: { recipient_data: null } });
	const lost = await dial('94');
	await expect.poll(async () => (await execution(lost)).status).toBe('completed');
	await until(lost, 'call-disconnected');
	expect(bodiesOf(lost).map(({ status }) => status)).not.toContain('completed');
	receiver.answers.push(500);
	const retried = await dial('10');
	await receiver.waitFor((body) => body.id === retried && body.status === 'initiated', 2);
});

test('call_terminate cuts the talk; PATCH changes it', async () => {
	const patched = await fetch(`${sandbox.url}/v2/agent/${AGENT}`, {
		method: 'PATCH',
		headers,
		body: JSON.stringify({ tasks: [{ task_config: { call_terminate: 120 } }] })
	});
	expect(patched.status).toBe(200);
	const bodies = await until(await dial('85'), 'completed');
	expect(bodies.at(-1)).toMatchObject({
		conversation_duration: 119.7,
		telephony_data: { hangup_reason: 'Ended because call limit exceeded' }
	});
});

test('calls beyond the concurrency are queued, not refused', async () => {
	await sandbox.close();
	await receiver.close();
	await open({ BOLNA_CONCURRENCY: '1' });
	sandbox.control.context.clock.setSpeed(1);
	const first = await dial('85');
	const second = await dial('85');
	await until(first, 'initiated');
	expect(await execution(second)).toMatchObject({ status: 'queued' });
	const me = Object(await (await get('/user/me')).json());
	expect(me).toMatchObject({ wallet: 500, concurrency: { max: 1, current: 1 } });
	sandbox.control.providers[0]?.finishCall(first, { seconds: 42 });
	expect((await until(first, 'completed')).at(-1)).toMatchObject({ conversation_duration: 41.7 });
	await until(second, 'initiated');
});

test('lists: from and to are required, 7 days at most, pages by has_more', async () => {
	for (let count = 0; count < 5; count++) await dial('85');
	const day = 86_400_000;
	const range = `from=${new Date(Date.now() - day).toISOString()}&to=${new Date(Date.now() + day).toISOString()}`;
	const list = async (query: string): Promise<Record<string, unknown>> =>
		Object(await (await get(`/v2/agent/${AGENT}/executions?${query}`)).json());
	const pages = [1, 2, 3].map((page) => list(`${range}&page_size=2&page_number=${page}`));
	const [first, , third] = await Promise.all(pages);
	expect(first).toMatchObject({ page_number: 1, page_size: 2, total: 5, has_more: true });
	expect(third).toMatchObject({ has_more: false });
	expect(Object.keys(Object(first?.data)[0])).not.toContain('cost_breakdown');
	fault({ repeatRows: true });
	const repeated = await list(`${range}&page_size=2&page_number=2`);
	expect(Object(repeated.data)[0].id).toBe(Object(first?.data)[1].id);
	const refused = [
		'',
		'from=2026-01-01T00:00:00Z',
		'from=2026-01-01T00:00:00Z&to=2026-01-09T00:00:00Z',
		`${range}&page_size=51`
	];
	for (const query of refused) {
		expect((await get(`/v2/agent/${AGENT}/executions?${query}`)).status).toBe(400);
	}
});

test('refusals name the field; create faults place or not as they say', async () => {
	const place = async (body: object): Promise<[number, unknown]> => {
		const response = await post('/call', body);
		return [response.status, Object(await response.json()).message];
	};
	const to = { recipient_phone_number: numberFor('05') };
	expect(await place(to)).toEqual([400, 'agent_id is required']);
	expect(await place({ agent_id: AGENT })).toEqual([400, 'recipient_phone_number is required']);
	expect((await place({ agent_id: 'other', ...to }))[0]).toBe(404);
	expect((await fetch(`${sandbox.url}/user/me`)).status).toBe(401);
	expect((await get('/executions/0')).status).toBe(404);
	fault({ ambiguousCreate: true, next: 1 });
	await expect(place({ agent_id: AGENT, ...to })).rejects.toThrow();
	fault({ createStatus: 429, next: 1 });
	expect((await place({ agent_id: AGENT, ...to }))[0]).toBe(429);
	expect(sandbox.control.listCalls(10)).toHaveLength(1);
});
