/**
 * Secrets and numbers that stand out are put through the main flows of a stack of its own; then logs, pages,
 * streams and error answers are searched for them.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import * as OTPAuth from 'otpauth';
import postgres from 'postgres';
import { postCallback, signForm } from '../support/callbacks';
import { runTalktime } from '../support/command-line';
import { drawnRoutes } from '../support/routes';
import { startStack, type Stack } from '../support/stack';
import { createTenant, type Tenant } from '../support/tenant';

/** Of the configuration: never in a log, a page, a stream or an answer. */
const CONFIGURED = {
	TWILIO_AUTH_TOKEN: '5e471e15ec4e70000000000000000001',
	TWILIO_API_KEY_SECRET: '5e471e15ec4e70000000000000000002',
	EXOTEL_API_TOKEN: '5e471e15ec4e70000000000000000003',
	EXOTEL_WEBHOOK_KEY: '5e471e15ec4e70000000000000000004',
	BOLNA_API_KEY: 'bn-5e471e15ec4e7000000000000000005',
	BOLNA_WEBHOOK_KEY: '5e471e15ec4e70000000000000000006',
	STRIPE_SECRET_KEY: 'sk_test_5e471e15ec4e70000000000000000007',
	STRIPE_WEBHOOK_SECRET: 'whsec_5e471e15ec4e70000000000000000008',
	METRICS_TOKEN: '5e471e15ec4e70000000000000000009'
};
const PASSWORD = 'sentinel-Pass-w0rd-quokka';
const WRONG_PASSWORD = 'sentinel-Wrong-w0rd-quokka';
const CARD = '4242424242424242';
/** Ends in 05: answered, and over after some seconds. */
const PHONE = '+12025550105';
const OTHER_PHONE = '+14155550187';
const NAME = 'Sentinella Quokka';
const TEXT = 'sentinel-text-of-a-body';
const LINK_TOKEN = 'sentinel-link-token-quokka-0123456789abcdef';
const API_TOKEN = `tt_${'Sentinel'.repeat(5)}`;

let stack: Stack;
let sql: postgres.Sql;
let tenant: Tenant;
let cookie = '';
/** Learnt while the flows ran: tokens, codes, session ids. */
const learnt = new Set<string>();
/** Everything a browser or a program was given, by what it was. */
const given: [what: string, text: string][] = [];

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
	stack = await startStack({
		speed: 20,
		env: { ...CONFIGURED, LOG_LEVEL: 'trace', RATE_LIMIT_FACTOR: '0' }
	});
	sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} });
	tenant = await createTenant(sql, stack.databaseUrl, {
		name: 'Sentinels',
		minutes: 50,
		hasManager: true,
		leads: [{ name: NAME, phone: PHONE }]
	});
});
test.afterAll(async () => {
	await sql.end();
	await stack.stop();
});

async function ask(at: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
	const headers = { origin: stack.origin, ...(cookie && { cookie }), ...Object(init.headers) };
	const answer = await fetch(stack.origin + at, { redirect: 'manual', ...init, headers });
	const text = await answer.text();
	given.push([`${init.method ?? 'GET'} ${at.split('?')[0]}`, text]);
	return { status: answer.status, text };
}

function post(at: string, body: unknown, headers = {}) {
	return ask(at, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body)
	});
}

/** What a procedure gave; not kept, for what it is made to show. */
async function call(procedure: string, input: unknown) {
	const answer = await fetch(`${stack.origin}/trpc/${procedure}`, {
		method: 'POST',
		headers: { origin: stack.origin, cookie, 'content-type': 'application/json' },
		body: JSON.stringify(input ?? {})
	});
	const text = await answer.text();
	expect(answer.ok, `${procedure}: ${text.slice(0, 300)}`).toBe(true);
	return JSON.parse(text).result.data;
}

async function signIn(password: string): Promise<void> {
	const answer = await fetch(`${stack.origin}/login`, {
		method: 'POST',
		headers: { origin: stack.origin },
		body: new URLSearchParams({ email: tenant.managerEmail ?? '', password }),
		redirect: 'manual'
	});
	given.push(['POST /login', await answer.text()]);
	const set = answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
	if (set.length === 0) return;
	cookie = set.join('; ');
	for (const one of set) learnt.add(one.slice(one.indexOf('=') + 1));
}

test('given secrets that stand out, when accounts are used rightly and wrongly, then the flows go through', async () => {
	await signIn(WRONG_PASSWORD);
	expect(cookie).toBe('');
	await signIn(tenant.password);
	expect(cookie).not.toBe('');
	await call('account.changePassword', { currentPassword: tenant.password, password: PASSWORD });
	await signIn(PASSWORD);

	const { secret } = await call('account.startTotp', {});
	learnt.add(secret);
	const code = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) }).generate();
	const { recoveryCodes } = await call('account.confirmTotp', { code });
	for (const one of recoveryCodes) learnt.add(one);
	const { token } = await call('tokens.create', {
		email: tenant.managerEmail,
		name: 'For the sentinels',
		scopes: ['read', 'calls', 'contacts', 'wallet']
	});
	learnt.add(token);
	const bearer = { authorization: `Bearer ${token}` };
	expect((await ask('/api/balance/get', { headers: bearer })).status).toBe(200);
	expect(
		(
			await ask('/api/balance/get', {
				headers: { authorization: `Bearer ${API_TOKEN}`, cookie: '' }
			})
		).status
	).toBe(401);
	expect((await ask(`/reset-password?token=${LINK_TOKEN}`)).status).toBeLessThan(500);
	expect((await ask(`/join?token=${LINK_TOKEN}`)).status).toBeLessThan(500);
	await ask('/forgot-password', {
		method: 'POST',
		body: new URLSearchParams({ email: tenant.managerEmail ?? '' })
	});
	expect((await ask('/metrics', { headers: { authorization: 'Bearer wrong' } })).status).toBe(404);
});

test('given numbers that stand out, when a lead is called to the end while the stream is open, then the flows go through', async () => {
	const controller = new AbortController();
	const stream = await fetch(`${stack.origin}/trpc/live.feed?input=%7B%7D`, {
		headers: { cookie, accept: 'text/event-stream' },
		signal: controller.signal
	});
	let heard = '';
	const reading = (async () => {
		for await (const chunk of stream.body ?? []) heard += new TextDecoder().decode(chunk);
	})().catch(() => {});
	for (const provider of ['twilio', 'exotel', 'bolna']) {
		const to = provider === 'twilio' ? PHONE : OTHER_PHONE;
		const { status, text } = await post('/api/calls', {
			to,
			provider,
			agent_phone: '+12025550111',
			estimated_duration_minutes: 1
		});
		expect([201, 403, 409, 422, 502], `${provider}: ${text}`).toContain(status);
	}
	await expect
		.poll(
			async () => {
				const [row] =
					await sql`select count(*)::int as count from calls where "to" = ${PHONE} and ended_at is not null`;
				return row?.count;
			},
			{ timeout: 60_000 }
		)
		.toBeGreaterThan(0);
	await expect.poll(() => heard).toContain('call:updated');
	controller.abort();
	await reading;
	given.push(['the stream', heard]);
});

test('given bodies that stand out, when they are wrong, refused or meet a fault, then the flows go through', async () => {
	const form = {
		CallSid: `CA${'5'.repeat(32)}`,
		CallStatus: 'completed',
		To: OTHER_PHONE,
		From: PHONE,
		Note: TEXT
	};
	const at = '/api/twilio/status';
	const signature = signForm(CONFIGURED.TWILIO_AUTH_TOKEN, stack.origin + at, form);
	expect((await postCallback(stack.origin, at, form, signature)).status).toBe(200);
	expect((await postCallback(stack.origin, at, form, 'wrong')).status).toBe(403);
	for (const provider of ['exotel', 'bolna']) {
		const key = CONFIGURED[provider === 'exotel' ? 'EXOTEL_WEBHOOK_KEY' : 'BOLNA_WEBHOOK_KEY'];
		const body = {
			CallSid: 'x',
			id: 'x',
			Status: 'completed',
			status: 'completed',
			To: OTHER_PHONE,
			transcript: TEXT
		};
		await post(`/api/webhooks/${provider}/call-status?key=${key}`, body);
		await post(`/api/webhooks/${provider}/call-status?key=${LINK_TOKEN}`, body);
	}
	await post(
		'/api/stripe/webhook',
		{ id: 'evt_x', card: CARD },
		{ 'stripe-signature': 't=1,v1=00' }
	);
	expect((await post('/api/balance/refill', { amount: CARD, number: CARD })).status).toBe(422);
	expect((await post('/api/calls', { to: OTHER_PHONE, provider: TEXT })).status).toBe(422);
	expect(
		(await post('/trpc/contacts.create', { requestId: TEXT, name: TEXT, phone: OTHER_PHONE }))
			.status
	).toBe(422);
	await sql`alter table contacts rename column city to city_away`;
	try {
		const requestId = crypto.randomUUID();
		const person = {
			requestId,
			name: NAME,
			phone: OTHER_PHONE,
			email: 'sentinella@quokka.example'
		};
		expect((await post('/trpc/contacts.create', person)).status).toBe(500);
		const lookup = `/api/user/contacts/lookup?phone=${encodeURIComponent(OTHER_PHONE)}`;
		expect((await ask(lookup)).status).toBe(500);
	} finally {
		await sql`alter table contacts rename column city_away to city`;
	}
	const { stdout } = await runTalktime(stack.databaseUrl, ['org', 'list', '--json']);
	given.push(['org list', stdout]);
});

test('given all of it, when every page is opened, then none holds a secret', async () => {
	let opened = 0;
	const [contact] =
		await sql`select id from contacts where phone = ${PHONE} and organization_id = ${tenant.id}`;
	const [callRow] = await sql`select id from calls where "to" = ${PHONE} order by id desc`;
	for (const { path: route } of drawnRoutes()) {
		const at = route
			.replace('contacts/[id]', `contacts/${contact?.id}`)
			.replace('call-history/[id]', `call-history/${callRow?.id}`)
			.replace('[month]', '2026-01')
			.replace('[id]', crypto.randomUUID());
		for (const one of [at, `${at}/__data.json`]) {
			if ((await ask(one)).status === 200) opened++;
		}
	}
	expect(opened).toBeGreaterThan(20);
	const hashes = await sql<{ hash: string }[]>`
		select password_hash as hash from users union select token_hash from api_tokens union select id_hash from sessions`;
	const secrets = [
		...Object.values(CONFIGURED),
		...[PASSWORD, WRONG_PASSWORD, tenant.password, API_TOKEN, CARD],
		...learnt,
		...hashes.map(({ hash }) => hash)
	];
	for (const [what, text] of given) {
		for (const secret of secrets) {
			expect(text.includes(secret), `${what} holds ${secret.slice(0, 24)}`).toBe(false);
		}
		expect(text, what).not.toMatch(/\$argon2|node_modules|\bat .+\.js:\d+/);
	}
});

test('given all of it, when the log is read, then it holds no secret, no number in full, and nothing of a body', async () => {
	const port = new URL(stack.origin).port;
	const log = readFileSync(path.resolve('test-results/logs', `app-${port}.log`), 'utf8');
	expect(log.split('\n').length).toBeGreaterThan(100);
	const secrets = [
		...Object.values(CONFIGURED),
		...[PASSWORD, WRONG_PASSWORD, tenant.password, API_TOKEN, LINK_TOKEN, CARD],
		...[NAME, TEXT, 'sentinella@quokka.example'],
		...learnt
	];
	for (const secret of secrets) {
		const found = log.split('\n').find((line) => line.includes(secret));
		expect(found?.slice(0, 400), `the log holds ${secret.slice(0, 24)}`).toBeUndefined();
	}
	for (const phone of [PHONE, OTHER_PHONE, '+12025550111']) {
		const found = log.split('\n').find((line) => line.includes(phone.slice(1)));
		expect(found?.slice(0, 400), `the log holds ${phone}`).toBeUndefined();
	}
	// Not for want of lines: each of the flows is in it.
	for (const route of ['/api/calls', '/api/twilio/status', '/trpc', '/api/stripe/webhook']) {
		expect(log).toContain(`"route":"${route}"`);
	}
});
