/** Batch calling as people see it: from a list to a campaign, through exhausted credit, to its end. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import postgres from 'postgres';
import { createTenant, type Tenant } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

const ADMIN = { email: 'admin@talktime.example', password: 'talktime-admin' };
const AREA_CODES = '201 202 203 205 206 207 208 209 210 212 213 214'.split(' ');

// Six looks of axe at a page take a minute where the machine is busy.
test.describe.configure({ timeout: 300_000 });

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());

/** A zone in which it is about noon, at whatever hour this runs. */
function zoneOfNoon(): string {
	const ahead = 12 - new Date().getUTCHours();
	return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

async function tenantWith(
	name: string,
	minutes: number,
	leads: number,
	suffix: string
): Promise<Tenant> {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name, minutes, hasManager: true },
		leads: AREA_CODES.slice(0, leads).map((code, index) => ({
			name: `Lead ${index + 1}`,
			phone: `+1${code}55501${suffix}`
		}))
	});
	await sql`update organizations set billing_mode = 'minutes' where id = ${tenant.id}`;
	await sql`update contacts set timezone = ${zoneOfNoon()} where organization_id = ${tenant.id}`;
	return tenant;
}

const signInManager = (browser: Parameters<typeof signInWindow>[0], tenant: Tenant) =>
	signInWindow(browser, tenant.managerEmail ?? '', tenant.password);

async function allocate(admin: Page, tenant: Tenant, minutes: number): Promise<void> {
	const card = admin.getByTestId(`org-card-${tenant.id}`);
	await card.getByRole('button', { name: /Allocate/ }).click();
	const sheet = admin.getByRole('dialog');
	await sheet.getByRole('textbox', { name: 'Minutes' }).fill(String(minutes));
	await sheet.getByLabel('Reason').fill('For the batch');
	await sheet.getByRole('button', { name: new RegExp(`Allocate ${minutes} minutes`) }).click();
	await expect(sheet).toBeHidden();
}

/** Opens the batch sheet, sets the pace, and starts. */
async function startBatch(sheet: Locator, pace: { atOnce: number; perSecond: number }) {
	await sheet.getByLabel('Calls at once').fill(String(pace.atOnce));
	await sheet.getByLabel('Calls per second').fill(String(pace.perSecond));
	await sheet.getByRole('button', { name: /^Call \d+ leads$/ }).click();
	await expect(sheet).toBeHidden();
}

/** Nothing that axe finds, in both themes, and nothing that scrolls sideways at 360 px. */
async function expectFit(page: Page, what: string): Promise<void> {
	const size = page.viewportSize();
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const { violations } = await new AxeBuilder({ page }).analyze();
		const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
		expect(found, `${what}, ${colorScheme}`).toEqual([]);
	}
	await page.setViewportSize({ width: 360, height: 740 });
	const widths = await page.evaluate(() => {
		const { scrollWidth, clientWidth } = document.documentElement;
		return { scrollWidth, clientWidth };
	});
	expect(widths.scrollWidth, `${what} at 360 px`).toBeLessThanOrEqual(widths.clientWidth);
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(
		violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
		`${what} at 360 px`
	).toEqual([]);
	if (size) await page.setViewportSize(size);
}

test('given a list and little credit, when all are called, then it pauses when credit is used up, and an allocation in another window lets it go on by itself', async ({
	browser
}) => {
	const tenant = await tenantWith('Batch', 4, 12, '05');
	const manager = await signInManager(browser, tenant);
	const admin = await signInWindow(browser, ADMIN.email, ADMIN.password);
	await manager.goto('/leads');
	await manager.getByRole('button', { name: 'Call All' }).click();
	const sheet = manager.getByTestId('batch-sheet');
	await expect(sheet.getByTestId('forecast')).toContainText(
		/12 leads · about \d+ min · you have 4/
	);
	await expect(sheet.getByTestId('forecast')).toContainText(/this will reach about lead \d+/);
	await startBatch(sheet, { atOnce: 3, perSecond: 20 });

	await expect(manager).toHaveURL(/\/campaigns\/[0-9a-f-]{36}$/);
	await manager.evaluate(() => Object.assign(window, { neverReloaded: true }));
	const standstill = manager.getByTestId('standstill');
	const done = manager.getByTestId('campaign-done');
	await expect(standstill).toContainText('Paused: Batch has 0 minutes left', { timeout: 60_000 });
	await expect(standstill).toContainText('It goes on by itself when there is credit again.');
	await expect(done).toHaveText('4 of 12');
	await expectFit(manager, 'a paused campaign');

	await allocate(admin, tenant, 60);
	await expect(standstill).not.toContainText('Paused');
	await expect(done).toHaveText('12 of 12', { timeout: 60_000 });
	await expect(standstill).toContainText('Finished');
	await expect(manager.getByTestId('campaign-lead').first()).toContainText('Reached');
	expect(await manager.evaluate(() => 'neverReloaded' in window)).toBe(true);

	const [books] = await sql`select count(*)::int as calls, count(distinct "to")::int as numbers,
		sum(billed_minutes)::int as minutes from calls where organization_id = ${tenant.id}`;
	expect(books).toEqual({ calls: 12, numbers: 12, minutes: 12 });
});

test('given leads that are chosen, when a campaign is made of them, then it is started, paused, resumed and stopped, and always says why it does not dial', async ({
	browser
}) => {
	const tenant = await tenantWith('Choice', 200, 6, '85');
	const manager = await signInManager(browser, tenant);
	await manager.goto('/leads');
	await expect(manager.getByTestId('lead-row')).toHaveCount(6);
	await manager.getByLabel('Status', { exact: true }).selectOption('called');
	await expect(manager.getByText('No lead fits the filters')).toBeVisible();
	await manager.getByRole('button', { name: 'Clear the filters' }).click();
	await expect(manager.getByTestId('lead-row')).toHaveCount(6);
	await manager.getByLabel('When they may be called').selectOption('now');
	await expect(manager.getByTestId('lead-row')).toHaveCount(6);

	for (const lead of [1, 2, 3, 4]) await manager.getByLabel(`Select Lead ${lead}`).check();
	const bar = manager.getByTestId('selection-bar');
	await expect(bar).toContainText('4 leads selected');
	await expectFit(manager, 'leads with a selection');
	await bar.getByLabel('Add the selected leads to a list').selectOption('new');
	const dialog = manager.getByTestId('list-dialog');
	await dialog.getByLabel('Name').fill('Warm leads');
	await dialog.getByRole('button', { name: 'Make the list' }).click();
	await expect(manager.getByTestId('lead-row')).toHaveCount(4);
	await manager.getByLabel('Select Lead 4').check();
	await bar.getByRole('button', { name: 'Remove' }).click();
	await expect(manager.getByTestId('lead-row')).toHaveCount(3);
	await manager.getByRole('button', { name: 'Undo', exact: true }).click();
	await expect(manager.getByTestId('lead-row')).toHaveCount(4);

	await manager.getByRole('button', { name: 'Call All' }).click();
	const sheet = manager.getByTestId('batch-sheet');
	await expect(sheet.getByTestId('forecast')).toContainText('4 leads');
	await expectFit(manager, 'the batch sheet');
	await sheet.getByLabel('Calls at once').fill('0');
	await sheet.getByRole('button', { name: 'Keep as draft' }).click();
	await expect(sheet.getByText('Enter a whole number from 1 to 200.')).toBeVisible();
	await sheet.getByLabel('Calls at once').fill('2');
	await sheet.getByRole('button', { name: 'Keep as draft' }).click();

	const standstill = manager.getByTestId('standstill');
	await expect(standstill).toContainText('Not started. 4 leads will be called once it is.');
	await manager.getByRole('button', { name: 'Call 4 leads' }).click();
	await expect(manager.getByTestId('campaign-calling')).toHaveText('2');
	await expect(standstill).toContainText('2 calls are in progress, as many as it makes at once');
	await manager.getByRole('button', { name: 'Pause' }).click();
	await expect(standstill).toContainText('Paused by Manager of Choice.');
	await manager.getByRole('button', { name: 'Resume' }).click();
	await expect(standstill).toContainText('as many as it makes at once');
	await manager.getByRole('button', { name: 'Stop', exact: true }).click();
	const stop = manager.getByTestId('stop-dialog');
	await expect(stop).toContainText('2 leads will not be called any more');
	await stop.getByRole('button', { name: 'Stop, leave out 2 leads' }).click();
	await expect(standstill).toContainText('Stopping: nothing new is dialled, 2 calls in progress');

	await manager.getByRole('link', { name: 'Campaigns' }).first().click();
	await expect(manager.getByTestId('campaign-row')).toHaveCount(1);
	await expectFit(manager, 'the campaigns');
	await manager.getByRole('button', { name: 'Change hours' }).click();
	const hours = manager.getByTestId('hours-sheet');
	await hours.getByLabel('From').fill('22:00');
	await hours.getByRole('button', { name: 'Set calling hours' }).click();
	await expect(hours.getByText('Until must be later than From.')).toBeVisible();
	await hours.getByLabel('From').fill('9:30');
	await hours.getByRole('button', { name: 'Set calling hours' }).click();
	await expect(manager.getByText('Leads are called from 9:30 to 21:00').first()).toBeVisible();
	const calls = await sql`select id from calls where organization_id = ${tenant.id}`;
	expect(calls).toHaveLength(2);
});

test('given no credit at all, when a batch is started, then the dialog says why, and a request to sales is one click from being granted', async ({
	browser
}) => {
	const tenant = await tenantWith('Broke', 0, 2, '61');
	const manager = await signInManager(browser, tenant);
	await manager.goto('/leads');
	await manager.getByRole('button', { name: 'Call All' }).click();
	const sheet = manager.getByTestId('batch-sheet');
	await sheet.getByRole('button', { name: /^Call 2 leads$/ }).click();
	const dialog = manager.getByTestId('block-dialog');
	await expect(dialog).toContainText('The batch was not started. Broke has 0 minutes left.');
	await expect(dialog).toContainText('contact sales');
	const admin = await signInWindow(browser, ADMIN.email, ADMIN.password);
	await admin.evaluate(() => Object.assign(window, { neverReloaded: true }));
	await dialog.getByRole('button', { name: 'Send request' }).click();
	await expect(dialog.getByText('Request sent.')).toBeVisible();
	const request = admin.getByTestId('sales-request').filter({ hasText: 'Broke' });
	await request.getByRole('button', { name: /^Allocate/ }).click();
	const grant = admin.getByRole('dialog');
	await grant.getByRole('textbox', { name: 'Minutes' }).fill('20');
	await grant.getByLabel('Reason').fill('Asked for');
	await grant.getByRole('button', { name: /Allocate 20 minutes/ }).click();
	await expect(manager.getByTestId('credit')).toContainText('20 min');
	expect(await admin.evaluate(() => 'neverReloaded' in window)).toBe(true);
	expect(await sql`select id from campaigns where organization_id = ${tenant.id}`).toEqual([]);
});
