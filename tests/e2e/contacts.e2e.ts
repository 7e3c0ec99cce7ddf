/** Contacts as people see them: added, found by number, imported with errors, exported, undone, merged and parted. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';
import postgres from 'postgres';
import { createTokenFor } from '../support/command-line';
import { createTenant, type Tenant } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());

async function open(browser: Browser, name: string): Promise<{ tenant: Tenant; page: Page }> {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name, minutes: 10, hasManager: true }
	});
	const page = await signInWindow(browser, tenant.managerEmail ?? '', tenant.password);
	await page.goto('/contacts');
	return { tenant, page };
}

/** axe finds nothing in either theme, and nothing scrolls sideways on a phone. */
async function expectGoodPage(page: Page): Promise<void> {
	// A tooltip of what was clicked last would be looked at too.
	await page.mouse.move(0, 0);
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const { violations } = await new AxeBuilder({ page }).analyze();
		expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
	}
	await page.setViewportSize({ width: 360, height: 780 });
	const overflow = () =>
		page.evaluate(
			() => document.documentElement.scrollWidth - document.documentElement.clientWidth
		);
	expect(await overflow()).toBeLessThanOrEqual(0);
	await page.setViewportSize({ width: 1440, height: 900 });
}

async function addContact(page: Page, values: Record<string, string>): Promise<void> {
	await page.goto('/contacts');
	await page.getByRole('button', { name: 'Add contact' }).first().click();
	const sheet = page.getByRole('dialog');
	for (const [label, value] of Object.entries(values)) {
		await sheet.getByLabel(label, { exact: true }).fill(value);
	}
	await sheet.getByRole('button', { name: 'Add contact' }).click();
	await expect(page).toHaveURL(/\/contacts\/[0-9a-f-]{36}$/);
}

async function upload(page: Page, name: string, content: string): Promise<void> {
	await page.goto('/contacts/import');
	await page
		.getByLabel('File of contacts')
		.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
	await expect(page).toHaveURL(/\/contacts\/import\/[0-9a-f-]{36}$/);
}

test('given a manager, when a contact is added, found by its number in another format, barred, archived and merged, then each has its way back', async ({
	browser
}) => {
	const { page } = await open(browser, 'Contact book');
	await expect(page.getByText('No contacts yet')).toBeVisible();
	await expectGoodPage(page);
	await page.getByRole('button', { name: 'Add contact' }).first().click();
	const sheet = page.getByRole('dialog');
	await sheet.getByRole('button', { name: 'Add contact' }).click();
	await expect(sheet.getByText('Enter a name.')).toBeVisible();
	await sheet.getByLabel('Name').fill('Priya Nair');
	await sheet.getByLabel('Phone').fill('12');
	await sheet.getByRole('button', { name: 'Add contact' }).click();
	await expect(sheet.getByText(/12 is no phone number/)).toBeVisible();
	await sheet.getByLabel('Phone').fill('+1 202 555 0161');
	await sheet.getByLabel('Company').fill('Lotus Retail');
	await sheet.getByRole('button', { name: 'Add contact' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Priya Nair');
	await page.getByLabel('Note about the contact').fill('Likes mornings');
	await page.getByRole('button', { name: 'Save note' }).click();
	await expect(page.getByTestId('contact-timeline')).toContainText('Likes mornings');
	await expectGoodPage(page);

	await addContact(page, { Name: 'P. Nair', Phone: '+12025550162', 'E-mail': 'p@lotus.example' });
	await page.goto('/contacts');
	await page.getByLabel('Search contacts').fill('(202) 555-0161');
	await expect(page.getByTestId('contact-row')).toHaveCount(1);
	await expect(page).toHaveURL(/search=/);
	await page.getByRole('link', { name: 'Priya Nair' }).click();

	await page.getByTestId('do-not-call').click();
	const bar = page.getByRole('dialog');
	await bar.getByLabel('Reason').fill('Asked in writing');
	await bar.getByRole('button', { name: 'Do not call' }).click();
	await expect(page.getByTestId('contact-timeline')).toContainText('Asked in writing');
	await expect(page.getByRole('button', { name: 'Call', exact: true })).toHaveAttribute(
		'aria-disabled',
		'true'
	);
	await page.getByTestId('do-not-call').click();
	await expect(page.getByText('May be called within calling hours')).toBeVisible();

	await page.getByRole('button', { name: 'Archive' }).click();
	await expect(page.getByRole('button', { name: 'Restore contact' })).toBeVisible();
	await page
		.locator('[data-sonner-toast]')
		.filter({ hasText: 'archived' })
		.getByRole('button', { name: 'Undo' })
		.click();
	await expect(page.getByRole('button', { name: 'Archive' })).toBeVisible();

	await page.getByRole('button', { name: 'Merge' }).click();
	const merge = page.getByRole('dialog');
	await merge.getByLabel('Search the other contact').fill('p. nair');
	await merge.getByRole('button', { name: /^P\. Nair/ }).click();
	await expect(merge).toContainText('is found by');
	await merge.getByRole('button', { name: 'Merge contacts' }).click();
	const merged = page.getByTestId('merged-contacts');
	await expect(merged).toContainText('P. Nair');
	await expect(page.getByTestId('contact-facts')).toContainText('p@lotus.example');
	await merged.getByRole('button', { name: /^Undo merge/ }).click();
	await expect(merged).toBeHidden();
	await expect(page.getByTestId('contact-facts')).not.toContainText('p@lotus.example');
});

test('given a file with errors, when it is imported, exported, imported again and undone, then nothing is lost and nothing stays', async ({
	browser
}) => {
	const { page, tenant } = await open(browser, 'Importers');
	await upload(
		page,
		'autumn.csv',
		[
			'Full name;Mobile;E-mail;Remarks',
			'=cmd();+1 202 555 0161;;"two\nlines; and ""quotes"" 😀"',
			'Bob;4.41E+11;;',
			"Zoë;'+919845000161;zoe@kite.example;",
			'Again;2025550161;;'
		].join('\r\n')
	);
	await expect(page.getByTestId('preview-counts')).toContainText(
		'All 4 rows: 2 new, 0 to update, 1 to skip, 1 to refuse.'
	);
	await expect(page.getByTestId('preview-noted')).toContainText('its last 9 digits are lost');
	await expectGoodPage(page);
	await page.getByLabel('Put the contacts on').selectOption('new');
	await page.getByLabel('Name of the new list').fill('Autumn leads');
	await page.getByRole('button', { name: 'Import 4 rows' }).click();
	const result = page.getByTestId('import-result');
	await expect(result.getByTestId('created-rows')).toHaveText('2', { timeout: 20_000 });
	await expect(result.getByTestId('refused-rows')).toHaveText('1');
	await expectGoodPage(page);
	const importUrl = page.url();
	const refusing = page.waitForEvent('download');
	await result.getByRole('link', { name: 'Download refused rows' }).click();
	expect(await readFile(await (await refusing).path(), 'utf8')).toContain('4.41E+11');

	const exported = async () => {
		await page.goto('/contacts');
		const downloading = page.waitForEvent('download');
		await page.getByRole('link', { name: 'Export CSV' }).click();
		return readFile(await (await downloading).path(), 'utf8');
	};
	const first = await exported();
	expect(first).toContain("'=cmd()");
	await upload(page, 'again.csv', first);
	await page.getByLabel('Overwrite with the file').check();
	await expect(page.getByTestId('preview-counts')).toContainText('0 new, 0 to update, 2 to skip');
	await page.getByRole('button', { name: /^Import 2 rows/ }).click();
	await expect(result.getByTestId('skipped-rows')).toHaveText('2', { timeout: 20_000 });
	expect(await exported()).toBe(first);

	await page.goto(importUrl);
	await page.getByRole('button', { name: 'Undo the import' }).click();
	await expect(result.getByTestId('undone-rows')).toHaveText('2', { timeout: 20_000 });
	await page.goto('/contacts');
	await expect(page.getByText('No contacts yet')).toBeVisible();
	expect(await sql`select 1 from lead_lists where organization_id = ${tenant.id}`).toEqual([]);
});

test('given a contact who was called, when a manager erases the person, then neither name nor number is on any page, and the call is', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Forgetful', minutes: 10, hasManager: true },
		leads: [{ name: 'Omar Haddad', phone: '+12025550105' }]
	});
	const page = await signInWindow(browser, tenant.managerEmail ?? '', tenant.password);
	await page.goto('/leads');
	const lead = page.getByTestId('lead-row');
	await lead.getByRole('button', { name: /^Call/ }).click();
	await expect(lead.getByTestId('call-status')).toHaveAttribute('data-status', 'completed');
	await page.getByRole('link', { name: 'Contacts' }).first().click();
	await page.getByTestId('contact-row').getByRole('link', { name: 'Omar Haddad' }).click();
	await page.getByTestId('erase-contact').click();
	const dialog = page.getByTestId('erase-contact-dialog');
	const erase = dialog.getByRole('button', { name: 'Erase personal data' });
	await expect(erase).toHaveAttribute('aria-disabled', 'true');
	await dialog.getByRole('textbox').fill('Omar Haddad');
	await erase.click();
	const timeline = page.getByTestId('contact-timeline');
	await expect(timeline).toContainText('Personal data erased');
	await expect(timeline).toContainText('Completed');
	for (const path of [page.url(), '/dashboard/call-history', '/leads', '/dashboard']) {
		if (path !== page.url()) await page.goto(path);
		await expect(page.locator('main')).not.toContainText(/Omar Haddad|555 ?0105/);
	}
});

test('given a member who has left, when a manager erases them, then neither name nor address is on any page, and their place cannot be given back', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Parted', hasManager: true }
	});
	const page = await signInWindow(browser, tenant.managerEmail ?? '', tenant.password);
	await page.goto('/settings/team');
	const name = 'Agent of Parted';
	const member = page.getByTestId('member-row').filter({ hasText: name });
	const begin = page.getByRole('button', { name: `Erase what is known of ${name}` });
	await expect(member).toContainText('Active');
	await expect(begin).toBeHidden();
	await page.getByRole('button', { name: `Take away the access of ${name}` }).click();
	await page.getByRole('button', { name: 'Take access away' }).click();
	await begin.click();
	const erase = page
		.getByTestId('erase-member-dialog')
		.getByRole('button', { name: 'Erase personal data' });
	await expect(erase).toHaveAttribute('aria-disabled', 'true');
	await page.getByTestId('erase-member-dialog').getByRole('textbox').fill(tenant.agentEmail);
	await erase.click();
	const nobody = page.getByTestId('member-row').filter({ hasText: 'Erased person' });
	await expect(nobody).toHaveCount(1);
	await expect(nobody.getByRole('button')).toHaveCount(0);
	await expect(page.locator('main')).not.toContainText(name);
	await expect(page.locator('main')).not.toContainText(/agent-\d+@|@erased/);
});

test('given a token, when REST looks a number up, then it answers with the contact of that organization only', async () => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Lookups', leads: [{ name: 'Priya Nair', phone: '+12025550161' }] }
	});
	const token = await createTokenFor(stackAddresses.databaseUrl, tenant.agentEmail);
	const ask = async (query: string, init: RequestInit = {}) => {
		const answer = await fetch(`${stackAddresses.origin}/api/user/contacts/lookup${query}`, {
			...init,
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
		});
		return { status: answer.status, body: await answer.json() };
	};
	expect(await ask('?phone=+1 (202) 555-0161')).toMatchObject({
		...{ status: 200, body: { contact: { name: 'Priya Nair', phone: '+12025550161' } } }
	});
	expect(await ask('?phone=%2B12025550199')).toEqual({ status: 200, body: { contact: null } });
	expect((await ask('?phone=12')).status).toBe(422);
	expect((await ask(`?phone=%2B12025550161&organization_id=${tenant.id + 1}`)).status).toBe(403);
	const body = JSON.stringify({ phone: '+12025550161' });
	expect(await ask('', { method: 'POST', body })).toMatchObject({
		...{ status: 200, body: { call_id: null, contact: { last_called_at: expect.any(String) } } }
	});
	const anonymous = await fetch(`${stackAddresses.origin}/api/user/contacts/lookup?phone=1`);
	expect(anonymous.status).toBe(401);
});
