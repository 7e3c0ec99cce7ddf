/** The headers of every answer of the built app: each page and route that is in src/routes, and each way to fail. */
import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import postgres from 'postgres';
import { createTokenFor } from '../support/command-line';
import { drawnRoutes, methodsOf, serverRoutes } from '../support/routes';
import { startSecondApp } from '../support/second-app';
import { stackAddresses } from './environment';

const NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'";
const PEOPLE = {
	admin: ['admin@talktime.example', 'talktime-admin'],
	manager: ['manager@asha.example', 'talktime-manager'],
	agent: ['agent@asha.example', 'talktime-agent']
} as const;
type Who = keyof typeof PEOPLE;

let sql: postgres.Sql;
const cookies = new Map<Who, string>();
let token = '';

test.beforeAll(async () => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1, onnotice: () => {} });
	for (const who of Object.keys(PEOPLE) as Who[]) cookies.set(who, await signIn(who));
	token = await createTokenFor(stackAddresses.databaseUrl, 'manager@asha.example');
});
test.afterAll(() => sql.end());

async function signIn(who: Who): Promise<string> {
	const { origin } = stackAddresses;
	const [email, password] = PEOPLE[who];
	const answer = await fetch(`${origin}/login`, {
		method: 'POST',
		headers: { origin },
		body: new URLSearchParams({ email, password }),
		redirect: 'manual'
	});
	const set = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
	expect(set.join(), `${who} is signed in`).toContain('talktime_session=');
	for (const cookie of answer.headers.getSetCookie()) {
		expect(cookie).toMatch(/HttpOnly/i);
		expect(cookie).toMatch(/SameSite=Lax/i);
	}
	return set.join('; ');
}

function ask(path: string, who: Who | null, init: RequestInit = {}): Promise<Response> {
	const { origin } = stackAddresses;
	const cookie = who === null ? '' : (cookies.get(who) ?? '');
	const headers = { origin, ...(cookie && { cookie }), ...Object(init.headers) };
	const send = () => fetch(origin + path, { redirect: 'manual', ...init, headers });
	// The server lets go of a connection that was idle, perhaps just when it is used again.
	return send().catch(send);
}

/** What every answer carries, whatever it is. @returns its text */
async function expectHeaders(what: string, answer: Response): Promise<string> {
	const text = await answer.text();
	const { headers } = answer;
	expect(headers.get('x-content-type-options'), what).toBe('nosniff');
	expect(headers.get('x-frame-options'), what).toBe('DENY');
	expect(headers.get('referrer-policy'), what).toBe('same-origin');
	expect(headers.get('cross-origin-opener-policy'), what).toBe('same-origin');
	expect(headers.get('permissions-policy'), what).toContain('geolocation=()');
	const isHttps = what.startsWith('https');
	expect(headers.has('strict-transport-security'), `${what}: HSTS`).toBe(isHttps);
	expect(headers.get('x-powered-by'), what).toBeNull();
	const policy = headers.get('content-security-policy') ?? '';
	expect(policy, what).toContain("frame-ancestors 'none'");
	const isPage = text.trimStart().startsWith('<!doctype html>');
	if (isPage) expectPagePolicy(what, policy, text);
	else expect(policy, what).toBe(NOTHING_ELSE);
	return text;
}

function expectPrivate(what: string, { headers }: Response): void {
	expect(headers.get('cache-control'), what).toContain('no-store');
	expect(headers.get('x-request-id'), what).toMatch(/^[0-9a-f-]{36}$/);
}

/** Scripts run only from our own files, or with the nonce that this one answer has. */
function expectPagePolicy(what: string, policy: string, html: string): void {
	const scripts = policy.split('; ').find((part) => part.startsWith('script-src ')) ?? '';
	expect(scripts, what).not.toContain('unsafe');
	expect(policy, what).toContain("object-src 'none'");
	expect(policy, what).toContain("default-src 'self'");
	const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1];
	for (const [, attributes = ''] of html.matchAll(/<script\b([^>]*)>/g)) {
		if (/\bsrc="\.{0,2}\//.test(attributes)) continue;
		expect(nonce, `${what}: an inline script without a nonce`).toBeTruthy();
		expect(attributes, what).toContain(`nonce="${nonce}"`);
	}
	expect(html, `${what}: a handler in an attribute`).not.toMatch(/<[^>]+\son\w+="/);
}

const at = (path: string) =>
	path
		.replace('/organizations/[id]', '/organizations/1')
		.replace('[month]', '2026-01')
		.replace('[what]', 'calls')
		.replace('[seq]', '0')
		.replace('[sid]', `CA${'0'.repeat(32)}`)
		.replace('[id]', '01a1fc1f-5135-7474-b643-24454c740723');

test('given files, when they are exported, then they carry the headers and are saved, not shown', async () => {
	for (const path of [
		'/api/exports/calls?days=7',
		'/api/exports/transactions?days=7',
		'/api/contacts/export',
		'/settings/billing/transactions.csv'
	]) {
		const answer = await ask(path, 'manager');
		expect(answer.status, path).toBe(200);
		expect(answer.headers.get('content-disposition'), path).toContain('attachment');
		expect(answer.headers.get('content-type'), path).toContain('text/csv');
		await expectHeaders(path, answer);
		expectPrivate(path, answer);
	}
});

test('given every page, when a stranger and each role open it, then each answer carries the headers', async () => {
	const pages = drawnRoutes();
	expect(pages.length).toBeGreaterThan(30);
	let drawn = 0;
	for (const { path } of pages) {
		for (const who of [null, 'admin', 'manager', 'agent'] as const) {
			const what = `${path} for ${who}`;
			const answer = await ask(at(path), who);
			await expectHeaders(what, answer);
			expectPrivate(what, answer);
			expect(answer.status, what).toBeLessThan(500);
			if (answer.status === 200) drawn++;
		}
	}
	expect(drawn).toBeGreaterThan(50);
	const nonces = await Promise.all([ask('/login', null), ask('/login', null)]);
	const [one, other] = nonces.map((answer) => answer.headers.get('content-security-policy'));
	expect(one).not.toBe(other);
});

test('given every page, when its data is asked for, then the answer carries the headers', async () => {
	for (const { path } of drawnRoutes()) {
		const answer = await ask(`${at(path)}/__data.json`, 'manager');
		await expectHeaders(path, answer);
		expectPrivate(path, answer);
	}
});

test('given every route that answers by itself, when it is asked with each method, by a stranger, a person and a program, then each answer carries the headers', async () => {
	for (const route of serverRoutes()) {
		const known = methodsOf(route);
		await Promise.all(
			METHODS.map((method) => tryMethod(route.path, method, known.includes(method)))
		);
	}
});

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

async function tryMethod(path: string, method: string, isKnown: boolean): Promise<void> {
	const body = method === 'GET' ? undefined : '{}';
	const headers = { authorization: `Bearer ${token}` };
	// Whoever may ask there is kept waiting until there is news.
	const isWaiting = path.endsWith('/incoming') && isKnown;
	const answers = [await ask(at(path), null, { method, body })];
	if (!isWaiting) {
		answers.push(await ask(at(path), 'manager', { method, body }));
		answers.push(await ask(at(path), null, { method, body, headers }));
	}
	for (const answer of answers) {
		const what = `${method} ${path} ${answer.status}`;
		await expectHeaders(what, answer);
		expectPrivate(what, answer);
		expect(answer.status, what).not.toBe(500);
		if (!isKnown) expect(answer.ok, what).toBe(false);
	}
}

test('given the stream of live events, when it opens, then it carries the headers and is kept by nobody', async () => {
	const controller = new AbortController();
	const input = encodeURIComponent('{}');
	const answer = await ask(`/trpc/live.feed?input=${input}`, 'manager', {
		signal: controller.signal,
		headers: { accept: 'text/event-stream' }
	});
	expect(answer.headers.get('content-type')).toContain('text/event-stream');
	expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
	expect(answer.headers.get('content-security-policy')).toBe(NOTHING_ELSE);
	expect(answer.headers.get('cache-control')).toContain('no-transform');
	expectPrivate('the stream', answer);
	controller.abort();
});

test('given files of the app, when they are asked for, then they carry the headers', async () => {
	const [script] = readdirSync('build/client/_app/immutable/entry');
	for (const path of ['/favicon.svg', '/theme.js', `/_app/immutable/entry/${script}`, '/_app/no']) {
		await expectHeaders(path, await ask(path, null));
	}
});

test('given what is not there or not allowed, too long or malformed, then the refusal carries the headers', async () => {
	const long = 'x'.repeat(300 * 1024);
	const cases: [string, number, string, RequestInit][] = [
		['a page that is not there', 404, '/nowhere', {}],
		['a call that is not there', 404, '/api/nowhere', {}],
		['a procedure that is not there', 404, '/trpc/no.such', {}],
		['a contact that is not there', 404, at('/contacts/[id]'), {}],
		['a page for others', 403, '/admin', {}],
		['a broken address', 400, '/%E0%A4%A', {}],
		[
			'a form of another site',
			403,
			'/login',
			{ method: 'POST', headers: { origin: 'https://x.y' } }
		],
		['a page that is posted to', 405, '/dashboard', { method: 'POST' }],
		['a method that is not', 405, '/api/calls', { method: 'DELETE' }],
		['a REST body that is too long', 413, '/api/calls', { method: 'POST', body: long }],
		['a form that is too long', 413, '/login', { method: 'POST', body: long }],
		['a webhook without proof', 403, '/api/twilio/status', { method: 'POST' }]
	];
	for (const [what, status, path, init] of cases) {
		const answer = await ask(path, 'manager', init);
		expect(answer.status, what).toBe(status);
		await expectHeaders(what, answer);
		if (status !== 400) expectPrivate(what, answer);
	}
});

test('given a body for tRPC that is too long, whether it says so or not, then it is refused in words that its client reads', async () => {
	const long = new TextEncoder().encode('x'.repeat(2 * 1024 * 1024 + 1));
	const declared = await ask('/trpc/contacts.archive', 'manager', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: long
	});
	expect(declared.status).toBe(413);
	const { error } = JSON.parse(await expectHeaders('declared', declared));
	expect(error.message).toBe('The body has 2097153 bytes; at most 2097152 are taken here.');
	expect(error.data).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', appCode: 'too_large' });

	const streamed = await ask('/trpc/contacts.archive', 'manager', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: new Blob([long]).stream(),
		duplex: 'half'
	} as RequestInit);
	expect(streamed.status).toBe(413);
	const told = JSON.parse(await expectHeaders('streamed', streamed)).error;
	expect(told.data).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
});

test('given a fault of ours, when a page, a REST call and a procedure meet it, then each answers 500 with the headers and nothing of it', async () => {
	await sql`alter table provider_bill_checks rename to bill_checks_away`;
	await sql`alter table call_status_events rename to call_status_events_away`;
	try {
		const answers = [
			['a page', await ask('/admin/bills', 'admin')],
			['a REST call', await ask('/api/twilio/events', 'manager')],
			['a procedure', await ask('/trpc/admin.billChecks.list?input=%7B%7D', 'admin')]
		] as const;
		for (const [what, answer] of answers) {
			expect(answer.status, what).toBe(500);
			const text = await expectHeaders(what, answer);
			expectPrivate(what, answer);
			expect(text, what).not.toMatch(
				/bill_checks|call_status_events|relation|postgres|\bat .*\.js/
			);
		}
	} finally {
		await sql`alter table bill_checks_away rename to provider_bill_checks`;
		await sql`alter table call_status_events_away rename to call_status_events`;
	}
});

test('given the app behind https that lets nobody ask twice, then HSTS is on every answer, cookies are bound to the host, and each 429 says so in its own form', async () => {
	const origin = 'https://talktime.example';
	const app = await startSecondApp(stackAddresses.databaseUrl, {
		ORIGIN: origin,
		RATE_LIMIT_FACTOR: '0.05'
	});
	try {
		const paths = ['/login', '/api/calls/17', '/trpc/calls.recent?input=%7B%7D', '/favicon.svg'];
		for (const path of paths) {
			const answer = await fetch(app.address + path);
			await expectHeaders(`https ${path}`, answer);
		}
		const signedIn = await fetch(`${app.address}/login`, {
			method: 'POST',
			headers: { origin },
			body: new URLSearchParams({ email: PEOPLE.agent[0], password: PEOPLE.agent[1] }),
			redirect: 'manual'
		});
		const session = signedIn.headers.getSetCookie().find((one) => one.includes('talktime='));
		expect(session).toMatch(/^__Host-talktime=[^;]+;.*Path=\/;.*Secure/);

		const exhausted = async (path: string) => {
			for (let tries = 0; tries < 100; tries++) {
				const answer = await fetch(app.address + path);
				if (answer.status === 429) return answer;
				await answer.body?.cancel();
			}
			throw new Error(`${path} is never refused.`);
		};
		const sentence = /^Too many requests\. Wait (a second|\d+ seconds), then try again\.$/;
		for (const path of paths.slice(0, 3)) {
			const answer = await exhausted(path);
			expect(Number(answer.headers.get('retry-after')), path).toBeGreaterThan(0);
			const text = await expectHeaders(`https ${path}`, answer);
			expectPrivate(path, answer);
			if (path === '/login') expect(text).toMatch(sentence);
			else expect(JSON.parse(text).error.message, path).toMatch(sentence);
			if (path.startsWith('/trpc')) {
				const { data } = JSON.parse(text).error;
				expect(data).toMatchObject({ code: 'TOO_MANY_REQUESTS', httpStatus: 429 });
			}
		}
	} finally {
		await app.stop();
	}
});
