/** What happens when the app or its database dies in the middle of a call. */
import { expect, type Page } from '@playwright/test';
import postgres from 'postgres';
import { postCallback, signForm } from '../support/callbacks';
import { createTokenFor, runTalktime } from '../support/command-line';
import { startStack, type Stack } from '../support/stack';
import { signInWindow, test } from './browser';

const AUTH_TOKEN = 'e2e0'.repeat(8);
const CALLBACKS = 40;
let stack: Stack;
let token: string;

test.describe.configure({ mode: 'serial', timeout: 120_000 });
test.beforeAll(async () => {
	stack = await startStack({
		speed: 10,
		env: { TWILIO_AUTH_TOKEN: AUTH_TOKEN, SWEEP_INTERVAL_SECONDS: '2' }
	});
	token = await createTokenFor(stack.databaseUrl, 'agent@asha.example');
});
test.afterAll(() => stack?.stop());

async function place(to: string): Promise<{ id: string }> {
	const answer = await fetch(`${stack.origin}/api/calls`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify({ to })
	});
	expect(answer.status).toBe(201);
	return (await answer.json()).call;
}

async function query<Row>(work: (sql: postgres.Sql) => Promise<Row>): Promise<Row> {
	const sql = postgres(stack.databaseUrl, { max: 1 });
	try {
		return await work(sql);
	} finally {
		await sql.end();
	}
}

function readCall(id: string) {
	return query(async (sql) => {
		const [call] = await sql`select status, duration, billed_minutes from calls where id = ${id}`;
		return call;
	});
}

async function expectBooksToBalance(): Promise<void> {
	const report = await runTalktime(stack.databaseUrl, ['reconcile']);
	expect(report.stdout).not.toContain('BREACH');
	expect(report.exitCode).toBe(0);
}

test('given the app is killed with -9 mid-call, when it comes back, then the call settles', async () => {
	const call = await place('+12025550162');
	await expect.poll(async () => (await readCall(call.id))?.status).toBe('in_progress');
	await stack.app.kill('SIGKILL');
	// The call ends while nobody listens: its final callback is lost.
	await expect
		.poll(
			async () => {
				const answer = await fetch(`${stack.sandboxUrl}/_sandbox/calls`);
				return JSON.stringify(await answer.json());
			},
			{ timeout: 30_000 }
		)
		.toContain('"completed"');
	expect((await readCall(call.id))?.status).toBe('in_progress');

	await stack.app.restart();
	await expect
		.poll(() => readCall(call.id), { timeout: 30_000 })
		.toMatchObject({ status: 'completed', duration: 62, billed_minutes: 2 });
	await expectBooksToBalance();
});

test('given the database is gone for five seconds, when callbacks come, then nothing answered 2xx is lost', async () => {
	const answers: Promise<{ sid: string; status: number }>[] = [];
	const send = (sid: string) => {
		const form = { CallSid: sid, CallStatus: 'ringing', SequenceNumber: '1' };
		const url = `${stack.origin}/api/twilio/status`;
		const answer = postCallback(
			stack.origin,
			'/api/twilio/status',
			form,
			signForm(AUTH_TOKEN, url, form)
		)
			.then(({ status }) => ({ sid, status }))
			.catch(() => ({ sid, status: 0 }));
		answers.push(answer);
	};
	const gone = (async () => {
		await stack.postgres.stop();
		await new Promise((resolve) => setTimeout(resolve, 5_000));
		await stack.postgres.start();
	})();
	for (let index = 0; index < CALLBACKS; index++) {
		send(`CA-away-${index}`);
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	await gone;
	const settled = await Promise.all(answers);
	const stored = await query(async (sql) => {
		const rows = await sql<{ sid: string }[]>`
			select provider_call_id as sid from deliveries where provider_call_id like 'CA-away-%'`;
		return new Set(rows.map((row) => row.sid));
	});
	for (const { sid, status } of settled) {
		expect([200, 503]).toContain(status);
		if (status === 200) expect(stored, `${sid} was answered 200`).toContain(sid);
	}
	expect(settled.at(-1)?.status).toBe(200);

	const call = await place('+12025550105');
	await expect
		.poll(() => readCall(call.id))
		.toMatchObject({ status: 'completed', billed_minutes: 1 });
	await expectBooksToBalance();
});

test('given two windows that follow, when the app is killed and minutes change meanwhile, then both show what the database has, each change once, without a reload', async ({
	browser
}) => {
	const windows: [Page, Page] = [
		await signInWindow(browser, 'agent@asha.example', 'talktime-agent', stack.origin),
		await signInWindow(browser, 'admin@talktime.example', 'talktime-admin', stack.origin)
	];
	const [organization] = await query(
		(sql) => sql<{ id: number }[]>`select id from organizations where name = 'Asha Travels'`
	);
	const id = String(organization?.id);
	for (const page of windows) {
		await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
		await expect(indicatorOf(page)).toHaveAttribute('data-state', 'live');
	}
	const allocate = async (minutes: string) => {
		const words = [
			'minutes',
			'allocate',
			'--org',
			id,
			'--minutes',
			minutes,
			'--reason',
			'Meanwhile'
		];
		expect((await runTalktime(stack.databaseUrl, words)).exitCode).toBe(0);
	};
	await stack.app.kill('SIGKILL');
	for (const page of windows) {
		await expect(indicatorOf(page)).not.toHaveAttribute('data-state', 'live');
	}
	await allocate('7');
	await stack.app.restart();
	await expectLeftShown(windows, id);
	await allocate('5');
	await expectLeftShown(windows, id);
	for (const page of windows) {
		await expect(indicatorOf(page)).toHaveAttribute('data-state', 'live');
		expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
	}
});

function indicatorOf(page: Page) {
	return page.getByTestId('live-indicator').first();
}

/** What the database says is left stands in the agent's top bar and on the admin's card. */
async function expectLeftShown(
	[agent, admin]: [Page, Page],
	organizationId: string
): Promise<void> {
	const [row] = await query(
		(sql) => sql<{ left: number }[]>`
			select total_minutes - used_minutes as left from organization_call_minutes
			where organization_id = ${organizationId}`
	);
	const left = String(row?.left);
	await expect(agent.getByTestId('credit')).toContainText(`${left} min`, { timeout: 30_000 });
	const card = admin.getByTestId(`org-card-${organizationId}`);
	await expect(card.getByTestId('remaining-minutes')).toHaveText(left, { timeout: 30_000 });
}
