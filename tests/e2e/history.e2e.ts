/** The call history on the built app: figures down to calls, a call's page, exports, reports, in both themes and narrow. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { runTalktime } from '../support/command-line';
import { createTenant } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

const HISTORY = '/dashboard/call-history';

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());

async function expectAccessible(page: Page): Promise<void> {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const { violations } = await new AxeBuilder({ page }).analyze();
		expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target}`)).toEqual([]);
	}
}

async function expectNarrow(page: Page, path: string): Promise<void> {
	await page.setViewportSize({ width: 360, height: 740 });
	await page.goto(path);
	const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect(beyond, `${path} at 360 px`).toBeLessThanOrEqual(0);
	await page.setViewportSize({ width: 1440, height: 900 });
}

test('given a quarter of calls, when a manager drills down, filters and exports, then table, figures and file hold the same calls', async ({
	browser
}) => {
	const { databaseUrl } = stackAddresses;
	const tenant = await createTenant(sql, databaseUrl, { name: 'Long history', hasManager: true });
	const load = ['load-history', '--org', String(tenant.id), '--calls', '400', '--days', '20'];
	expect((await runTalktime(databaseUrl, load)).exitCode).toBe(0);
	const [truth] = await sql`
		select count(*)::int as calls, count(*) filter (where status = 'failed')::int as failed
		from calls where organization_id = ${tenant.id}`;

	const manager = await signInWindow(browser, tenant.managerEmail ?? '', tenant.password);
	await manager.goto(HISTORY);
	await expect(manager.getByTestId('figure-calls')).toContainText(String(truth?.calls));
	await expectAccessible(manager);

	const country = manager.getByTestId('top-countries').getByTestId('group-row').first();
	const ofCountry = Number(await country.getByRole('cell').first().textContent());
	await country.getByRole('link').click();
	await expect(manager).toHaveURL(/country=/);
	const calls = manager.getByTestId('history-calls');
	await expect(calls.getByTestId('call-row')).toHaveCount(Math.min(50, ofCountry));

	await calls.getByRole('button', { name: 'Clear all' }).click();
	await calls.getByLabel('Status').selectOption('failed');
	await expect(manager).toHaveURL(/status=failed/);
	await expect(calls.locator('[data-status="completed"]')).toHaveCount(0);
	const rows = calls.getByTestId('call-row');
	await expect(async () => {
		// A page may end before it is full: no query looks through the whole history for its rows.
		const more = calls.getByRole('button', { name: 'Load more' });
		if (await more.isEnabled()) await more.click({ timeout: 1_000 });
		expect(await rows.count()).toBeGreaterThanOrEqual(Math.min(100, truth?.failed));
	}).toPass();

	const download = manager.waitForEvent('download');
	await calls.getByRole('button', { name: 'Export CSV' }).click();
	const file = await readFile(await (await download).path(), 'utf8');
	const lines = file.split('\n').filter((line) => line && !/^\uFEFF?#/.test(line));
	expect(lines).toHaveLength(1 + truth?.failed);
	expect(file).toContain('Filter: status = failed');

	const link = calls.getByTestId('call-row').first().getByRole('link');
	await link.click();
	await expect(manager.getByTestId('call-receipt')).toBeVisible();
	await expectAccessible(manager);
	await expectNarrow(manager, new URL(manager.url()).pathname);
	for (const span of ['?span=today', '?span=24h', '?days=365']) {
		await manager.goto(HISTORY + span);
		await expect(manager.getByTestId('history-figures')).toBeVisible();
	}
	await expectNarrow(manager, HISTORY);
});

test('given a recorded call, when its page is opened, then the recording is played, sought and sped up', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		name: 'Heard history',
		minutes: 10,
		hasManager: true,
		leads: [{ name: 'Nila Bose', phone: '+12025550361' }]
	});
	await sql`update organizations set records_calls = true where id = ${tenant.id}`;
	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await agent.goto('/leads');
	const row = agent.getByTestId('lead-row').filter({ hasText: 'Nila Bose' });
	await row.getByRole('button', { name: /^Call/ }).click();
	const findRecording = async () => {
		const [found] =
			await sql`select call_id, state from recordings where organization_id = ${tenant.id}`;
		return found;
	};
	await expect.poll(async () => (await findRecording())?.state, { timeout: 50_000 }).toBe('stored');

	await agent.goto(`${HISTORY}/${(await findRecording())?.call_id}`);
	const player = agent.getByTestId('call-recordings');
	await player.locator('audio').evaluate((audio: HTMLAudioElement) => (audio.muted = true));
	await player.getByTestId('play-recording').click();
	await expect(player.getByTestId('recording-time')).not.toContainText(/^\s*00:00 /);
	await player.getByRole('button', { name: '2×' }).click();
	const place = player.getByRole('slider');
	await place.focus();
	await place.press('Home');
	await expect(agent.getByTestId('call-timeline')).toContainText('Completed');
});

test('given sealed months, when a manager opens one, then it is intact, explained and can be kept as a file', async ({
	browser
}) => {
	const manager = await signInWindow(browser, 'manager@asha.example', 'talktime-manager');
	await manager.goto('/reports');
	const newest = manager.getByTestId('report-row').first();
	await expectNarrow(manager, '/reports');
	await newest.getByRole('link').click();
	const report = manager.getByTestId('report');
	await expect(report).toContainText('Sealed, unchanged');
	await expectAccessible(manager);
	const download = manager.waitForEvent('download');
	await manager.getByRole('button', { name: 'Export CSV' }).click();
	const file = await readFile(await (await download).path(), 'utf8');
	expect(file).toContain('section,key,name,calls');
	await report.getByRole('link', { name: 'Minutes billed' }).click();
	await expect(manager).toHaveURL(/definitions#billed-minutes/);
	await expectAccessible(manager);
});
