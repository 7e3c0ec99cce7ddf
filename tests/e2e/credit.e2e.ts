/** The credit core as people see it: budgets, planned allocations, wallets, receipts and refusals. */
import { expect, type Locator, type Page } from '@playwright/test';
import postgres from 'postgres';
import { createTokenFor } from '../support/command-line';
import { createTenant, type Tenant } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

const ADMIN = { email: 'admin@talktime.example', password: 'talktime-admin' };
/** Ends in 61: who is called talks for 61 seconds. */
const LEAD = { name: 'Priya Nair', phone: '+12025550161' };

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());

const signInAdmin = (browser: Parameters<typeof signInWindow>[0]) =>
	signInWindow(browser, ADMIN.email, ADMIN.password);

async function callLead(agent: Page): Promise<Locator> {
	const row = agent.getByTestId('lead-row').filter({ hasText: LEAD.name });
	await row.getByRole('button', { name: /^Call/ }).click();
	return row;
}

async function talkToLead(agent: Page): Promise<Locator> {
	const row = await callLead(agent);
	await expect(row.getByTestId('call-status')).toHaveAttribute('data-status', 'completed', {
		timeout: 20_000
	});
	return row;
}

async function openAllocateSheet(admin: Page, tenant: Tenant): Promise<Locator> {
	const card = admin.getByTestId(`org-card-${tenant.id}`);
	await card.getByRole('button', { name: /Allocate/ }).click();
	return admin.getByRole('dialog');
}

/** Minutes the organisation was granted, less what was taken back. */
const totalOf = async (tenant: Tenant) => {
	const [row] = await sql`select total_minutes as total from organization_call_minutes
		where organization_id = ${tenant.id}`;
	return row?.total;
};

test('given a budget of two minutes a day, when it is used up, then the next call is refused with the reason, and a manager may raise it', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Budgets', minutes: 60, leads: [LEAD], hasManager: true }
	});
	const manager = await signInWindow(browser, tenant.managerEmail ?? '', tenant.password);
	await manager.getByRole('link', { name: 'Budgets' }).first().click();
	await expect(manager.getByText('No budgets yet')).toBeVisible();
	await manager.getByRole('button', { name: 'Add budget' }).first().click();
	const sheet = manager.getByRole('dialog');
	await sheet.getByRole('button', { name: /^Set/ }).click();
	await expect(sheet.getByText('Choose a person or a campaign.')).toBeVisible();
	await expect(sheet.getByText(/whole minutes from 1 to 1,000,000/)).toBeVisible();
	await sheet.getByLabel('For').selectOption({ label: 'Agent of Budgets' });
	await sheet.getByRole('textbox', { name: 'Minutes' }).fill('2');
	await sheet.getByRole('button', { name: 'Set 2 minutes' }).click();
	const budget = manager.getByTestId('budget-row');
	await expect(budget).toContainText('Each day');

	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await agent.goto('/leads');
	await talkToLead(agent);
	await expect(budget).toContainText('Used up');
	await callLead(agent);
	const dialog = agent.getByRole('dialog');
	await expect(dialog).toContainText(
		'Of the 2 minutes that Agent of Budgets may use today, 2 are used.'
	);
	await expect(dialog).toContainText('Ask your manager to raise it, or go on tomorrow.');
	await dialog.getByRole('button', { name: 'Close' }).last().click();

	await manager.getByRole('button', { name: /^Remove the budget of Agent/ }).click();
	await expect(manager.getByText('No budgets yet')).toBeVisible();
	await manager.getByRole('button', { name: 'Undo', exact: true }).click();
	await expect(budget).toContainText('Used up');
	await manager.getByRole('button', { name: /^Change the budget of Agent/ }).click();
	await sheet.getByRole('textbox', { name: 'Minutes' }).fill('30');
	await sheet.getByRole('button', { name: 'Set 30 minutes' }).click();
	await expect(budget).toContainText('30 min');
	await talkToLead(agent);

	await manager.goto('/dashboard');
	const refused = manager.getByTestId('refused-call');
	await expect(refused).toContainText('Budget used up');
	await expect(refused).toContainText(LEAD.name);
	await expect(refused).toContainText('Agent of Budgets');
});

test('given an allocation planned for today, when the worker looks, then it is granted once and leaves the list', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, { name: 'Planned' });
	const admin = await signInAdmin(browser);
	const sheet = await openAllocateSheet(admin, tenant);
	await sheet.getByRole('textbox', { name: 'Minutes' }).fill('40');
	await sheet.getByLabel('Reason').fill('Package of the day');
	await sheet.getByRole('button', { name: 'On a date' }).click();
	await sheet.getByRole('button', { name: 'Plan 40 minutes' }).click();
	await expect(sheet.getByText('Choose the day.')).toBeVisible();
	await sheet.getByLabel('Date').fill(new Date().toISOString().slice(0, 10));
	await sheet.getByRole('button', { name: 'Plan 40 minutes' }).click();
	await expect(sheet).toBeHidden();
	const row = admin.getByTestId('schedule-row').filter({ hasText: 'Planned' });
	await sql`select graphile_worker.add_job('run_allocation_schedules')`;
	await expect(
		admin.getByTestId(`org-card-${tenant.id}`).getByTestId('remaining-minutes')
	).toHaveText('40');
	await expect(row).toBeHidden();
	expect(await totalOf(tenant)).toBe(40);
});

test('given one planned every month, when it is cancelled and the cancelling undone, then it is planned again', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, { name: 'Monthly' });
	const admin = await signInAdmin(browser);
	const sheet = await openAllocateSheet(admin, tenant);
	await sheet.getByRole('textbox', { name: 'Minutes' }).fill('500');
	await sheet.getByLabel('Reason').fill('Monthly package');
	await sheet.getByRole('button', { name: 'Every month' }).click();
	await sheet.getByLabel('Day of the month').fill('31');
	await sheet.getByLabel('Expires after').fill('30');
	await sheet.getByRole('button', { name: 'Plan 500 minutes' }).click();
	const row = admin.getByTestId('schedule-row').filter({ hasText: 'Monthly package' });
	await expect(row).toContainText('every month on the 31st, or its last day');
	await expect(row).toContainText('expires after 30 days');
	await row.getByRole('button', { name: /^Cancel/ }).click();
	await expect(row).toBeHidden();
	const cancelled = admin.locator('[data-sonner-toast]').filter({ hasText: 'cancelled' });
	await cancelled.getByRole('button', { name: 'Undo', exact: true }).click();
	await expect(row).toBeVisible();
	expect(await totalOf(tenant)).toBe(0);
});

test('given an allocation by mistake, when it is undone, then its minutes are taken back', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, { name: 'Undone' });
	const admin = await signInAdmin(browser);
	const sheet = await openAllocateSheet(admin, tenant);
	await sheet.getByRole('textbox', { name: 'Minutes' }).fill('70');
	await sheet.getByLabel('Reason').fill('Wrong organization');
	await sheet.getByRole('button', { name: 'Allocate 70 minutes' }).click();
	const remaining = admin.getByTestId(`org-card-${tenant.id}`).getByTestId('remaining-minutes');
	await expect(remaining).toHaveText('70');
	await admin.getByRole('button', { name: 'Undo', exact: true }).click();
	await expect(remaining).toHaveText('0');
	expect(
		await sql`select kind, minutes from call_minutes_allocation_history
			where organization_id = ${tenant.id} order by id`
	).toEqual([
		{ kind: 'allocate', minutes: 70 },
		{ kind: 'revoke', minutes: 70 }
	]);
});

test('given one minute and a wallet, when a lead is called for 61 seconds, then the receipt has both, and what was held and went back', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Mixed bill', minutes: 1, leads: [LEAD] }
	});
	const admin = await signInAdmin(browser);
	const card = admin.getByTestId(`org-card-${tenant.id}`);
	await card.getByRole('button', { name: /wallet/i }).click();
	const sheet = admin.getByRole('dialog');
	await sheet.getByLabel('Amount in dollars').fill('5');
	await sheet.getByLabel('Reason').fill('Bank transfer');
	await sheet.getByRole('button', { name: 'Add $5.00' }).click();
	await expect(card).toContainText('$5.00');

	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	const row = await talkToLead(agent);
	await row.getByTestId('lead-outcome').getByRole('link').click();
	const receipt = agent.getByTestId('call-receipt');
	await expect(receipt.getByTestId('receipt-line')).toHaveCount(2);
	await expect(receipt).toContainText('From “Fixture”');
	await expect(receipt).toContainText('From the wallet: 1 s at $0.10/min');
	await expect(receipt.getByTestId('receipt-total')).toHaveText('1 min + $0.10');
	await expect(agent.getByTestId('receipt-hold')).toContainText(
		'1 min + $0.20 was set aside for it; $0.10 went back when it ended.'
	);
});

test('given an organisation that is switched off, when the policy is chosen, then it is the one that is kept', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, { name: 'Policy' });
	const admin = await signInAdmin(browser);
	const toggle = admin.getByTestId(`org-card-${tenant.id}`).getByRole('switch');
	await toggle.click();
	const dialog = admin.getByRole('dialog');
	await dialog.locator('input[name=policy][value=cut_now]').check();
	await dialog.getByRole('button', { name: 'Deactivate' }).click();
	await expect(toggle).not.toBeChecked();
	expect(
		await sql`select deactivation_policy as policy from organizations where id = ${tenant.id}`
	).toEqual([{ policy: 'cut_now' }]);
	await expect(admin.getByTestId('stuck-calls')).toBeVisible();
});

test('given a token, when the price of a number is asked for, then REST answers with rate, affordable minutes and payer', async () => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Estimate', minutes: 12 }
	});
	const token = await createTokenFor(stackAddresses.databaseUrl, tenant.agentEmail);
	const ask = async (query: string) => {
		const answer = await fetch(`${stackAddresses.origin}/api/rates/estimate?${query}`, {
			headers: { authorization: `Bearer ${token}` }
		});
		return { status: answer.status, body: await answer.json() };
	};
	expect(await ask('phone=+14155552671')).toMatchObject({
		status: 200,
		body: { to: '+14155552671', country: 'US', affordable_minutes: 12, paid_by: 'minutes' }
	});
	expect(await ask('phone=123')).toMatchObject({
		status: 422,
		body: { error: { code: 'invalid', message: expect.stringContaining('phone is no phone') } }
	});
	expect((await ask(`phone=+14155552671&organization_id=${tenant.id + 1}`)).status).toBe(403);
	const anonymous = await fetch(`${stackAddresses.origin}/api/rates/estimate?phone=1`);
	expect(anonymous.status).toBe(401);
});
