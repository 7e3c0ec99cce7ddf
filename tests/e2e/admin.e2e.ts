/** The super admin's console in real browsers: two windows see the same, within the live feed. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import postgres from 'postgres';
import { createTenant, type Tenant } from '../support/tenant';
import { momentOfText, signInWindow, test } from './browser';
import { stackAddresses } from './environment';

const LIVE_WITHIN_MS = 500;
const PAGES = [
	'',
	'/calls',
	'/deliveries',
	'/rates',
	'/bills',
	'/audit',
	'/tokens',
	'/jobs',
	'/settings'
];

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());

const signInAdmin = (browser: Browser) =>
	signInWindow(browser, 'admin@talktime.example', 'talktime-admin');
const cardOf = (page: Page, { id }: Pick<Tenant, 'id'>) => page.getByTestId(`org-card-${id}`);
const tenantOf = (name: string, minutes = 0) =>
	createTenant(sql, stackAddresses.databaseUrl, { name, minutes });

async function fill(sheet: Locator, minutes: number): Promise<void> {
	await sheet.getByRole('textbox', { name: 'Minutes' }).fill(String(minutes));
	await sheet.getByLabel('Reason').fill('Package of the test');
}

test('given two windows, when minutes are set for one, given to many and undone, then both show it at once', async ({
	browser
}) => {
	const [one, other] = [await tenantOf('Console one', 40), await tenantOf('Console other')];
	const [mine, theirs] = [await signInAdmin(browser), await signInAdmin(browser)];
	const remaining = `[data-testid="org-card-${one.id}"] [data-testid="remaining-minutes"]`;

	await cardOf(mine, one)
		.getByRole('button', { name: /Allocate/ })
		.click();
	const sheet = mine.getByTestId('allocate-sheet');
	await sheet.getByRole('button', { name: 'Set what is left' }).click();
	await fill(sheet, 310);
	await expect(sheet.getByTestId('allocation-preview')).toContainText(
		'Console one will have 310 minutes'
	);
	/** Milliseconds from a change's commit to the other window. */
	const took: number[] = [];
	const seeThere = async (minutes: string, change: () => Promise<void>) => {
		const seen = momentOfText(theirs.locator('body'), remaining, minutes);
		await change();
		const moment = await seen;
		const [row] = await sql<{ at: Date }[]>`select created_at as at from live_events
			where organization_id = ${one.id} order by seq desc limit 1`;
		took.push(moment - (row?.at.getTime() ?? 0));
	};
	await seeThere('310', () => sheet.getByRole('button', { name: 'Set to 310 minutes' }).click());
	await expect(sheet).toBeHidden();
	const toast = mine.locator('[data-sonner-toast]').filter({ hasText: '270 minutes allocated' });
	await seeThere('40', () => toast.getByRole('button', { name: 'Undo' }).click());

	for (const tenant of [one, other]) {
		await cardOf(mine, tenant).getByRole('checkbox').check();
	}
	await mine
		.getByTestId('fleet-selection')
		.getByRole('button', { name: 'Allocate Minutes' })
		.click();
	await fill(sheet, 100);
	await expect(sheet.getByTestId('allocation-preview')).toContainText('200 minutes in all');
	await seeThere('140', () => sheet.getByRole('button', { name: 'Allocate 100 minutes' }).click());
	await expect(cardOf(theirs, other).getByTestId('remaining-minutes')).toHaveText('100');
	const many = mine.locator('[data-sonner-toast]').filter({ hasText: '200 minutes allocated' });
	await seeThere('40', () => many.getByRole('button', { name: 'Undo' }).click());
	// The best of four: a machine that was busy with something else says nothing about the path.
	expect(Math.min(...took)).toBeLessThan(LIVE_WITHIN_MS);
	await expect(cardOf(theirs, other).getByTestId('remaining-minutes')).toHaveText('0');
});

test('given two windows, when an organization is created, changed, switched off and archived, then the other window follows and the audit log tells who', async ({
	browser
}) => {
	const [mine, theirs] = [await signInAdmin(browser), await signInAdmin(browser)];
	const name = `Created ${Date.now()}`;
	await mine.getByRole('button', { name: 'New organization' }).click();
	const sheet = mine.getByTestId('create-organization');
	await sheet.getByRole('button', { name: 'Create organization' }).click();
	await expect(sheet.getByText(/name must be a text/i)).toBeVisible();
	await sheet.getByLabel('Name').fill(name);
	await sheet.getByRole('button', { name: 'Create organization' }).click();
	await expect(mine).toHaveURL(/\/admin\/organizations\/\d+/);
	const id = Number(/organizations\/(\d+)/.exec(mine.url())?.[1]);
	await expect(cardOf(theirs, { id })).toContainText(name);

	await mine.getByRole('link', { name: 'Policies' }).click();
	const form = mine.getByTestId('policies-form');
	await form.getByLabel('Minutes held before a call').fill('500');
	await form.getByRole('button', { name: 'Save changes' }).click();
	await expect(
		form.getByText(/estimateMinutes must be a whole number from 1 to 240/)
	).toBeVisible();
	await form.getByLabel('Minutes held before a call').fill('9');
	await form.getByLabel('Name').fill(`${name} again`);
	await form.getByRole('button', { name: 'Save changes' }).click();
	await expect(cardOf(theirs, { id })).toContainText(`${name} again`);

	await mine.getByTestId('organization-switch').click();
	await mine.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
	await expect(cardOf(theirs, { id })).toContainText('Inactive');
	await mine.getByRole('button', { name: 'Archive' }).click();
	await mine.getByTestId('archive-dialog').getByRole('button', { name: 'Archive' }).click();
	await expect(mine.getByRole('button', { name: 'Take out of the archive' })).toBeVisible();

	await mine.getByRole('link', { name: 'Audit', exact: true }).click();
	const rows = mine.getByTestId('audit-row');
	await expect(rows.filter({ hasText: 'Archived the organization' })).toHaveCount(1);
	const changed = rows.filter({ hasText: 'Changed the organization' });
	await expect(changed).toContainText('estimate minutes');
	await expect(changed).toContainText(`${name} again`);
	await mine.goto('/admin/audit?action=organization');
	await expect(mine.getByTestId('audit-row').filter({ hasText: name }).first()).toBeVisible();
	const [first] = await sql<{ address: string | null; request: string | null }[]>`
		select address, request_id as request from audit_log where organization_id = ${id} order by id desc limit 1`;
	expect(first?.address).not.toBeNull();
	expect(first?.request).not.toBeNull();
});

test('given a live call, when the admin hangs it up for a reason, then it ends, its deliveries can be replayed, and nothing is charged twice', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		name: 'Monitored',
		minutes: 30,
		leads: [{ name: 'Long Talker', phone: '+12025550185' }]
	});
	const admin = await signInAdmin(browser);
	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await admin.goto('/admin/calls');
	await agent.getByTestId('lead-row').getByRole('button', { name: /^Call/ }).click();
	const row = admin.getByTestId('monitor-row').filter({ hasText: 'Monitored' });
	await expect(row.getByTestId('call-status')).toHaveAttribute('data-status', 'in_progress');
	await row.getByRole('button', { name: 'Hang up Long Talker' }).click();
	const dialog = admin.getByTestId('hang-up-dialog');
	await dialog.getByRole('button', { name: 'Hang up' }).click();
	await expect(dialog.getByText('Say why in three letters or more.')).toBeVisible();
	await dialog.getByLabel('Reason').fill('Line left open');
	await dialog.getByRole('button', { name: 'Hang up' }).click();
	await expect(row).toBeHidden({ timeout: 20_000 });
	const used = () =>
		sql`select used_minutes as used, held_minutes as held from organization_call_minutes
			where organization_id = ${tenant.id}`;
	const [before] = await used();
	expect(before?.held).toBe(0);

	const [call] = await sql<
		{ id: string }[]
	>`select id from calls where organization_id = ${tenant.id}`;
	await admin.goto(`/admin/deliveries?call=${call?.id}`);
	await admin.getByTestId('delivery-row').first().getByRole('button').click();
	const sheet = admin.getByTestId('delivery-sheet');
	await expect(sheet).toContainText('As received');
	await sheet.getByRole('button', { name: 'Replay' }).click();
	await expect(sheet.getByTestId('replay-difference')).toContainText('Before');
	expect((await used())[0]).toEqual(before);
	await admin.goto(`/admin/organizations/${tenant.id}?tab=audit`);
	await expect(admin.getByTestId('audit-row').filter({ hasText: 'Line left open' })).toBeVisible();
	await expect(
		admin.getByTestId('audit-row').filter({ hasText: 'Replayed a delivery' })
	).toBeVisible();
});

test('given a file of rates, when it is wrong, then each line says why; when it is right, then it is previewed, imported, found by a number and audited', async ({
	browser
}) => {
	const admin = await signInAdmin(browser);
	await admin.goto('/admin/rates');
	const choose = (csv: string) =>
		admin.locator('input[type=file]').setInputFiles({
			name: 'rates.csv',
			mimeType: 'text/csv',
			buffer: Buffer.from(csv)
		});
	await choose('prefix,per_minute\nabc,0.05\n49,cheap\n');
	await expect(admin.getByTestId('rate-error')).toHaveCount(2);
	await choose('prefix,description,per_minute\n4989,Munich,0.033\n');
	await expect(admin.getByTestId('rates-preview')).toContainText('1 new');
	await admin.getByRole('button', { name: 'Import 1 rate' }).click();
	await expect(admin.getByTestId('rate-row').filter({ hasText: '+4989' })).toContainText('$0.033');
	await admin.getByRole('textbox', { name: 'Number' }).fill('+49 89 636 48018');
	await admin.getByRole('button', { name: 'Find the rate' }).click();
	await expect(admin.getByTestId('rate-test')).toContainText('+4989, Munich');
	await admin.goto('/admin/audit?action=rates');
	await expect(admin.getByTestId('audit-row').first()).toContainText('Imported rates');
});

test('given a token within limits, when a program uses it, then only what it may is answered, until it is revoked', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		name: 'Programs',
		minutes: 5,
		hasManager: true
	});
	const manager = await signInWindow(browser, tenant.managerEmail ?? '', tenant.password);
	await manager.goto('/settings/tokens');
	await manager.getByRole('button', { name: 'Make a token' }).click();
	const sheet = manager.getByTestId('token-sheet');
	await sheet.getByLabel('Name').fill('CRM sync');
	await sheet.getByRole('button', { name: 'Make token' }).click();
	const token = (await manager.getByTestId('token-text').textContent()) ?? '';
	await manager.getByRole('button', { name: 'I have it' }).click();
	const ask = (path: string, init: RequestInit = {}) =>
		fetch(`${stackAddresses.origin}${path}`, {
			...init,
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
		});
	const events = await ask('/api/twilio/events');
	expect(events.status).toBe(200);
	expect(await events.json()).toEqual({ events: [], next_cursor: null, has_more: false });
	const call = await ask('/api/calls', { method: 'POST', body: '{"to":"+12025550161"}' });
	expect(call.status).toBe(403);
	await manager
		.getByTestId('token-row')
		.getByRole('button', { name: /Revoke/ })
		.click();
	await manager.getByTestId('revoke-token').getByRole('button', { name: 'Revoke' }).click();
	await expect(manager.getByTestId('token-row')).toContainText('Revoked');
	expect((await ask('/api/twilio/events')).status).toBe(401);
});

for (const theme of ['light', 'dark'] as const) {
	test(`given the ${theme} theme, when every page of the console is opened wide and narrow, then axe finds nothing and nothing scrolls sideways`, async ({
		browser
	}) => {
		test.slow();
		const tenant = await tenantOf(`Looked at, ${theme}`, 20);
		const admin = await signInAdmin(browser);
		await admin.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
		const tabs = ['calls', 'allocations', 'usage', 'members', 'policies', 'wallet', 'audit'];
		const addresses = [
			...PAGES.map((path) => `/admin${path}`),
			...tabs.map((tab) => `/admin/organizations/${tenant.id}?tab=${tab}`)
		];
		for (const address of addresses) {
			await admin.setViewportSize({ width: 1_440, height: 900 });
			await admin.goto(address);
			await expect(admin.getByTestId('live-indicator').first()).toBeVisible();
			const { violations } = await new AxeBuilder({ page: admin }).analyze();
			expect(violations.map(({ id, nodes }) => [address, id, nodes[0]?.html])).toEqual([]);
			await admin.setViewportSize({ width: 360, height: 780 });
			const excess = await admin.evaluate(
				() => document.documentElement.scrollWidth - window.innerWidth
			);
			expect(excess, `${address} at 360 px`).toBeLessThanOrEqual(0);
		}
	});
}
