/** Toll fraud as it is done, against the built app: a stolen token, a stolen session, and many calls at once. */
import { expect, request as playwrightRequest } from '@playwright/test';
import postgres from 'postgres';
import { PREMIUM_NUMBERS } from '../fixtures/premium-numbers';
import { createTokenFor, runTalktime } from '../support/command-line';
import { createTenant, type Tenant } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

const REFUSED = ['number_not_allowed', 'calling_paused'];
const BREAKER_MS_MAX = 10_000;
const CAP_DOLLARS = 20;
const ESTIMATE_MINUTES = 10;

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());

async function createVictim(name: string): Promise<Tenant> {
	const { databaseUrl } = stackAddresses;
	const tenant = await createTenant(sql, databaseUrl, { name, minutes: 1_000, hasManager: true });
	const grant = ['--org', String(tenant.id), '--amount', '5000', '--reason', 'Fixture'];
	await runTalktime(databaseUrl, ['wallet', 'adjust', ...grant]);
	return tenant;
}

/** @returns `placed`, or the code of the refusal */
async function callOver(token: string, to: string): Promise<string> {
	const answer = await fetch(`${stackAddresses.origin}/api/calls`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify({ to, estimated_duration_minutes: ESTIMATE_MINUTES })
	});
	const body = await answer.json();
	return answer.status === 201 ? 'placed' : body.error.code;
}

async function expectNothingPlaced(tenant: Tenant): Promise<void> {
	const [calls] = await sql`
		select count(*)::int as count from calls where organization_id = ${tenant.id}`;
	expect(calls?.count).toBe(0);
	const answer = await fetch(`${stackAddresses.sandboxUrl}/_sandbox/calls`);
	expect(answer.status).toBe(200);
	const atProvider = await answer.text();
	for (const to of PREMIUM_NUMBERS) expect(atProvider).not.toContain(to);
}

const stateOf = async (tenant: Tenant) => {
	const [row] = await sql`
		select guard_reason as reason, used_minutes as used, held_minutes as held
		from organization_call_minutes where organization_id = ${tenant.id}`;
	return row;
};

test('given a stolen token, when forty premium numbers are called at once, then none is dialled and calling stops, and those who can act are told', async ({
	browser
}) => {
	const tenant = await createVictim('Stolen token');
	const token = await createTokenFor(stackAddresses.databaseUrl, tenant.agentEmail);
	const startedAtMs = performance.now();
	const codes = await Promise.all(PREMIUM_NUMBERS.map((to) => callOver(token, to)));
	expect(performance.now() - startedAtMs).toBeLessThan(BREAKER_MS_MAX);
	for (const code of codes) expect(REFUSED).toContain(code);
	await expectNothingPlaced(tenant);
	expect(await stateOf(tenant)).toEqual({ reason: 'refused_numbers', used: 0, held: 0 });
	expect(await callOver(token, '+12025550177')).toBe('calling_paused');

	const mailed = async () => {
		const rows = await sql<{ to: string }[]>`
			select "to" from mails where organization_id = ${tenant.id} and subject like 'New calls of%'`;
		return rows.map(({ to }) => to);
	};
	await expect
		.poll(mailed, { timeout: 30_000 })
		.toEqual(expect.arrayContaining([tenant.managerEmail, 'admin@talktime.example']));

	const manager = await signInWindow(browser, tenant.managerEmail ?? '', tenant.password);
	await manager.goto('/alerts');
	await expect(manager.getByText(`New calls of ${tenant.name} are stopped`)).toBeVisible();
});

test('given a stolen session, when forty premium numbers are called at once through tRPC, then none is dialled and calling stops', async ({
	browser
}) => {
	const tenant = await createVictim('Stolen session');
	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	const cookies = await agent.context().cookies();
	// The thief has the cookie and nothing else.
	const thief = await playwrightRequest.newContext({
		baseURL: stackAddresses.origin,
		extraHTTPHeaders: {
			cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
			origin: stackAddresses.origin
		}
	});
	const answers = await Promise.all(
		PREMIUM_NUMBERS.map((to) => thief.post('/trpc/calls.place', { data: { to } }))
	);
	for (const answer of answers) expect(await answer.text()).not.toContain('"placed":true');
	await thief.dispose();
	await expectNothingPlaced(tenant);
	expect(await stateOf(tenant)).toEqual({ reason: 'refused_numbers', used: 0, held: 0 });
});

test('given a country that may be called, when a thief calls it as fast as he can, then the breaker stops it within the cap', async () => {
	const tenant = await createVictim('Allowed country');
	// A minute costs a dollar there, so a call of ten minutes is promised ten dollars.
	await sql`insert into rates (id, prefix, description, per_minute, effective_from)
		values (gen_random_uuid(), '4479460', 'Dear for a test', 1, now())`;
	await sql`update organizations set allowed_countries = '["GB"]', hourly_cap = ${CAP_DOLLARS},
		billing_mode = 'wallet' where id = ${tenant.id}`;
	const token = await createTokenFor(stackAddresses.databaseUrl, tenant.agentEmail);
	const numbers = Array.from({ length: 40 }, (_, index) => `+4479460${10_000 + index}`);
	const startedAtMs = performance.now();
	const codes = await Promise.all(numbers.map((to) => callOver(token, to)));
	expect(performance.now() - startedAtMs).toBeLessThan(BREAKER_MS_MAX);
	const placed = codes.filter((code) => code === 'placed').length;
	expect(placed).toBeLessThanOrEqual(CAP_DOLLARS / ESTIMATE_MINUTES);
	expect(placed).toBeGreaterThan(0);
	expect((await stateOf(tenant))?.reason).toBe('spending');
	const [wallet] = await sql<{ loss: number }[]>`
		select (5000 - balance + held_amount)::float8 as loss from call_balance
		where organization_id = ${tenant.id}`;
	expect(wallet?.loss).toBeLessThanOrEqual(CAP_DOLLARS);
});
