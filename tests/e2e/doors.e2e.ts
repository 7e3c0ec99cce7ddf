/** The doors of the built app for programs: webhooks, REST, and what may not come in. */
import { expect, test } from '@playwright/test';
import postgres from 'postgres';
import { postCallback, signForm } from '../support/callbacks';
import { createTokenFor } from '../support/command-line';
import { stackAddresses } from './environment';

const STATUS_PATH = '/api/twilio/status';
const FORM = {
	CallSid: 'CA123',
	CallStatus: 'completed',
	CallDuration: '120',
	To: '+447911123456',
	From: '+14155552671'
};

let sql: postgres.Sql;
const tokens = { agent: '', admin: '' };

test.beforeAll(async () => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
	tokens.agent = await createTokenFor(stackAddresses.databaseUrl, 'agent@asha.example');
	tokens.admin = await createTokenFor(stackAddresses.databaseUrl, 'admin@talktime.example');
});
test.afterAll(() => sql.end());

async function countDeliveries(providerCallId: string): Promise<number> {
	const [row] = await sql<{ count: number }[]>`
		select count(*)::int as count from deliveries where provider_call_id = ${providerCallId}`;
	return row?.count ?? 0;
}

function rest(token: string | null, path: string, body?: unknown, headers = {}): Promise<Response> {
	return fetch(`${stackAddresses.origin}${path}`, {
		method: body === undefined ? 'GET' : 'POST',
		headers: {
			...(token === null ? {} : { authorization: `Bearer ${token}` }),
			'content-type': 'application/json',
			...headers
		},
		body: body === undefined ? undefined : JSON.stringify(body)
	});
}

test.describe('webhooks', () => {
	test('a form post without Origin reaches the webhook, one to /login does not', async () => {
		const { origin, authToken } = stackAddresses;
		const signature = signForm(authToken, origin + STATUS_PATH, FORM);
		const callback = await postCallback(origin, STATUS_PATH, FORM, signature);
		expect(callback.status).toBe(200);
		expect(await callback.text()).toBe('unmatched');

		const login = await fetch(`${origin}/login`, {
			method: 'POST',
			body: new URLSearchParams({ email: 'agent@asha.example', password: 'talktime-agent' })
		});
		expect(login.status).toBe(403);
		expect(login.headers.get('set-cookie')).toBeNull();
	});

	test('an unsigned, a tampered and a wrongly signed callback are refused and not stored', async () => {
		const { origin, authToken } = stackAddresses;
		const form = { ...FORM, CallSid: 'CA-never-stored' };
		const signature = signForm(authToken, origin + STATUS_PATH, form);
		const attempts = [
			postCallback(origin, STATUS_PATH, form, null),
			postCallback(origin, STATUS_PATH, { ...form, CallDuration: '1' }, signature),
			postCallback(origin, `${STATUS_PATH}?call=other`, form, signature),
			postCallback(origin, STATUS_PATH, form, signForm('0'.repeat(32), origin + STATUS_PATH, form))
		];
		for (const answer of await Promise.all(attempts)) expect(answer.status).toBe(403);
		expect(await countDeliveries('CA-never-stored')).toBe(0);
	});
});

test.describe('REST', () => {
	test('availability answers with every field of the contract', async () => {
		const answer = await rest(tokens.agent, '/call-minutes/check-availability', {
			organization_id: 1,
			estimated_duration_minutes: 5
		});
		expect(answer.status).toBe(200);
		expect(await answer.json()).toMatchObject({
			available: true,
			organization_id: 1,
			is_active: true,
			remaining_minutes: expect.any(Number),
			estimated_duration_minutes: 5,
			billing_mode: 'minutes_then_wallet',
			reason: null,
			// Other tests use up the demo's minutes.
			warning_type: expect.stringMatching(/^(normal|low_balance)$/),
			message: expect.stringContaining('Asha Travels'),
			sales_contact: { email: expect.any(String), phone: expect.any(String) }
		});
	});

	test('a call is placed once per Idempotency-Key and can be read with its receipt', async () => {
		const body = { to: '+1 (202) 555-0105', estimated_duration_minutes: 1 };
		const key = { 'idempotency-key': 'doors-1' };
		const [first, second] = await Promise.all([
			rest(tokens.agent, '/api/calls', body, key),
			rest(tokens.agent, '/api/calls', body, key)
		]);
		expect([first.status, second.status]).toEqual([201, 201]);
		const { call } = await first.json();
		expect((await second.json()).call.id).toBe(call.id);
		expect(call.to).toBe('+12025550105');

		await expect
			.poll(
				async () => (await (await rest(tokens.agent, `/api/calls/${call.id}`)).json()).call.status
			)
			.toBe('completed');
		const read = await (await rest(tokens.agent, `/api/calls/${call.id}`)).json();
		expect(read.call).toMatchObject({ duration: 5, billed_minutes: 1 });
		expect(read.receipt).toMatchObject([{ paid_by: 'allocation', minutes: 1 }]);
	});

	const refusals: [string, number, string, unknown][] = [
		[
			'negative minutes',
			422,
			'/call-minutes/check-availability',
			{ organization_id: 1, estimated_duration_minutes: -5 }
		],
		[
			'fractional minutes',
			422,
			'/call-minutes/check-availability',
			{ organization_id: 1, estimated_duration_minutes: 1.5 }
		],
		[
			'text where a number belongs',
			422,
			'/call-minutes/check-availability',
			{ organization_id: 'one', estimated_duration_minutes: 5 }
		],
		['a missing field', 422, '/call-minutes/check-availability', { organization_id: 1 }],
		[
			"someone else's organisation",
			403,
			'/call-minutes/check-availability',
			{ organization_id: 2, estimated_duration_minutes: 5 }
		],
		['a phone number that is none', 422, '/api/calls', { to: 'not a phone' }],
		['a phone number that is too short', 422, '/api/calls', { to: '+1202' }],
		[
			'a call for another organisation',
			403,
			'/api/calls',
			{ to: '+12025550161', organization_id: 2 }
		],
		['an unknown provider', 422, '/api/calls', { to: '+12025550161', provider: 'acme' }],
		['a provider that is not set up', 422, '/api/calls', { to: '+12025550161', provider: 'exotel' }]
	];
	for (const [what, status, path, body] of refusals) {
		test(`${what} is refused with ${status} and one sentence`, async () => {
			const [before] = await sql`select count(*)::int as calls from calls`;
			const answer = await rest(tokens.agent, path, body);
			expect(answer.status).toBe(status);
			const { error } = await answer.json();
			expect(error.code).toBeTruthy();
			expect(error.message).toMatch(/^[^\n]{10,200}\.?$/);
			expect(await sql`select count(*)::int as calls from calls`).toEqual([before]);
		});
	}

	test('strangers get 401, unknown organisations and calls 404, broken JSON 422', async () => {
		const check = '/call-minutes/check-availability';
		const body = { organization_id: 1, estimated_duration_minutes: 5 };
		expect((await rest(null, check, body, { origin: stackAddresses.origin })).status).toBe(401);
		expect((await rest('tt_wrong', check, body)).status).toBe(401);
		expect((await rest(tokens.admin, check, { ...body, organization_id: 999_999 })).status).toBe(
			404
		);
		const unknownCall = '/api/calls/01a1fc1f-5135-7474-b643-24454c740723';
		expect((await rest(tokens.agent, unknownCall)).status).toBe(404);
		expect((await rest(tokens.agent, '/api/calls/17')).status).toBe(422);
		const broken = await fetch(`${stackAddresses.origin}${check}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${tokens.agent}` },
			body: '{'
		});
		expect(broken.status).toBe(422);
	});

	test('every answer carries the security headers', async () => {
		for (const path of ['/login', '/healthz', '/api/calls/17', '/nowhere']) {
			const { headers } = await fetch(stackAddresses.origin + path);
			expect(headers.get('x-content-type-options'), path).toBe('nosniff');
			expect(headers.get('content-security-policy'), path).toContain('frame-ancestors');
			expect(headers.get('referrer-policy'), path).toBeTruthy();
		}
	});
});
