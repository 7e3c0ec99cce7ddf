/** The wallet in the browser: paying on Stripe's page as the sandbox shows it, and auto-refill as people see it. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { runTalktime } from '../support/command-line';
import { createTenant, type Tenant } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

const GOOD_CARD = '4242 4242 4242 4242';
const DECLINED_CARD = '4000 0000 0000 0002';
/** The bank wants the holder there, each time. */
const SECURE_CARD = '4000 0027 6000 3184';
/** Ends in 61: who is called talks for 61 seconds. */
const LEAD = { name: 'Priya Nair', phone: '+12025550161' };

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());
// Several windows and Stripe's pages: long, not slow.
test.beforeEach(() => test.slow());

async function openBilling(browser: Browser, tenant: Tenant, email: string): Promise<Page> {
	const page = await signInWindow(browser, email, tenant.password);
	await page.goto('/settings/billing');
	await expect(page.getByTestId('live-indicator')).toHaveAttribute('data-state', 'live');
	return page;
}

async function fillCard(page: Page, number: string): Promise<void> {
	await page.getByLabel('Card number').fill(number);
	await page.getByLabel(/^Expiry/).fill('12 / 34');
	await page.getByLabel('CVC').fill('123');
	await page.getByRole('button', { name: /^Pay \$/ }).click();
}

/** From the button on our page, over Stripe's, and back. */
async function addFunds(page: Page, button: 'Add $50' | 'Add $100', card: string): Promise<void> {
	await page.getByRole('button', { name: button }).click();
	await fillCard(page, card);
	if (card === SECURE_CARD) {
		await page.getByRole('button', { name: 'Complete authentication' }).click();
	}
	await expect(page.getByTestId('top-up-notice')).toContainText('added');
}

/** Takes dollars out of the wallet from another process. */
async function spend(tenant: Tenant, dollars: string): Promise<void> {
	const words = ['wallet', 'adjust', '--org', String(tenant.id), `--amount=-${dollars}`];
	const run = await runTalktime(stackAddresses.databaseUrl, [...words, '--reason', 'Spent']);
	expect(run.stderr).toBe('');
}

async function expectNoViolations(page: Page): Promise<void> {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const { violations } = await new AxeBuilder({ page }).analyze();
		expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
	}
}

const refillsOf = async ({ id }: Tenant) => sql`
	select state, trim_scale(amount)::text as amount from payments
	where organization_id = ${id} and kind = 'auto_refill' order by created_at`;

test('given an empty wallet, when a card is declined, the page is left, and $50 is then paid, then it says so each time and the balance rises in every window', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Paying', hasManager: true }
	});
	const manager = await openBilling(browser, tenant, tenant.managerEmail ?? '');
	const agent = await openBilling(browser, tenant, tenant.agentEmail);
	await expect(manager.getByText('No transactions yet')).toBeVisible();
	await expect(manager.getByTestId('wallet-alert')).toContainText('No credit is left');
	await expect(agent.getByTestId('wallet-alert')).toContainText('Ask your manager');
	const agentButton = agent.getByRole('button', { name: 'Add $50' });
	await expect(agentButton).toHaveAttribute('aria-disabled', 'true');
	await expect(agentButton).toHaveAccessibleDescription(/Only a manager can add funds/);

	await manager.getByRole('button', { name: 'Add $50' }).click();
	await fillCard(manager, DECLINED_CARD);
	await expect(manager.getByRole('alert')).toContainText('Your card was declined');
	await manager.getByRole('button', { name: 'Cancel and go back' }).click();
	await expect(manager.getByTestId('top-up-notice')).toContainText(
		'No payment was made. You left the payment page before paying. Nothing was charged.'
	);
	const payment = manager.getByTestId('payment-row');
	await expect(payment).toContainText('Failed');
	await expect(payment).toContainText('Your card was declined');
	await expect(manager.getByTestId('billing-balance')).toHaveText('$0.00');

	await addFunds(manager, 'Add $50', GOOD_CARD);
	await expect(manager.getByTestId('top-up-notice')).toContainText('$50.00 added');
	await expect(manager.getByTestId('billing-balance')).toHaveText('$50.00');
	await expect(manager.getByTestId('billing-minutes')).toHaveText('About 500 minutes of talk');
	await expect(manager.getByTestId('wallet-status')).toHaveText('GOOD');
	await expect(manager.getByTestId('saved-card')).toContainText('Visa');
	await expect(manager.getByTestId('saved-card')).toContainText('4242');
	await expect(agent.getByTestId('billing-balance')).toHaveText('$50.00');
	await expect(agent.getByTestId('credit-balance')).toHaveText('$50.00');
	await expect(agent.getByTestId('wallet-alert')).toBeHidden();
	await expect(agent.getByTestId('transaction-row')).toContainText('+$50.00');
	const receipt = manager.getByTestId('payment-row').first().getByRole('link');
	await expect(receipt).toHaveAttribute('href', /receipts/);

	await manager.getByRole('link', { name: /^Refunds/ }).click();
	await expect(manager).toHaveURL(/type=refund/);
	await expect(manager.getByText('No refunds yet')).toBeVisible();
	await manager.getByRole('link', { name: /^Top-ups/ }).click();
	const link = manager.getByRole('link', { name: 'Export CSV' });
	await expect(link).toHaveAttribute('href', /type=topup/);
	const downloading = manager.waitForEvent('download');
	await link.click();
	const file = await (await downloading).path();
	const [head, row, ...rest] = readFileSync(file, 'utf8').split('\n');
	expect(head).toContain('Time (UTC),Type,Description,Amount (USD)');
	expect(row).toContain(',topup,Funds added by card,50.000000,0.000000,50.000000,');
	expect(rest).toEqual(['']);
});

test('given $10.10 and auto-refill, when a call takes it under $10, then $50 is charged once and the call settles; when the monthly cap is reached, then it says so', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Refilling', leads: [LEAD], hasManager: true }
	});
	const manager = await openBilling(browser, tenant, tenant.managerEmail ?? '');
	const toggle = manager.getByTestId('refill-switch');
	await expect(toggle).toHaveAccessibleDescription(/needs a saved card/);
	await addFunds(manager, 'Add $50', GOOD_CARD);
	await toggle.click();
	await expect(toggle).toBeChecked();
	await manager.getByRole('button', { name: 'Change', exact: true }).click();
	const sheet = manager.getByRole('dialog');
	await sheet.getByLabel('When the balance falls under').fill('0.5');
	await sheet.getByRole('button', { name: 'Save auto-refill' }).click();
	await expect(sheet.getByText('Enter dollars from 1 to 1,000')).toBeVisible();
	await sheet.getByLabel('When the balance falls under').fill('10');
	await sheet.getByLabel('Charge no more than a monthly cap').check();
	await sheet.getByRole('textbox', { name: 'Monthly cap' }).fill('80');
	await sheet.getByRole('button', { name: 'Save auto-refill' }).click();
	await expect(manager.getByTestId('refill-sentence')).toContainText(
		'When the balance falls under $10, charge Visa •••• 4242 $50, at most $80 a month.'
	);

	await spend(tenant, '39.90');
	await expect(manager.getByTestId('billing-balance')).toHaveText('$10.10');
	expect(await refillsOf(tenant)).toEqual([]);
	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await agent.goto('/leads');
	const lead = agent.getByTestId('lead-row').filter({ hasText: LEAD.name });
	await lead.getByRole('button', { name: /^Call/ }).click();
	await expect(lead.getByTestId('call-status')).toHaveAttribute('data-status', 'completed', {
		timeout: 40_000
	});
	await expect(manager.getByTestId('billing-balance')).toHaveText('$59.90');
	expect(await refillsOf(tenant)).toEqual([{ state: 'succeeded', amount: '50' }]);
	await expect(manager.getByTestId('refill-spent')).toContainText('$50 charged this month');
	await expect(manager.getByTestId('payment-row').first()).toContainText('Auto-refill');
	const call = manager.getByTestId('transaction-row').and(manager.locator('[data-type=call]'));
	await expect(call).toContainText('−$0.20');

	// The next fall is in the same month: another $50 would go over the cap of $80. The rest between two
	// refills is cut short.
	await sql`update auto_refills set state = 'armed', look_at = null where organization_id = ${tenant.id}`;
	await spend(tenant, '51');
	const notice = manager.getByTestId('refill-notice');
	await expect(notice).toContainText(
		'$50 was charged this month, and another $50 would go over the cap of $80.'
	);
	await agent.reload();
	const alert = agent.getByTestId('wallet-alert');
	await expect(alert).toContainText('Auto-refill reached its monthly cap');
	await notice.getByRole('button', { name: 'Change the cap' }).click();
	await sheet.getByRole('textbox', { name: 'Monthly cap' }).fill('200');
	await sheet.getByRole('button', { name: 'Save auto-refill' }).click();
	await expect(manager.getByTestId('billing-balance')).toHaveText('$58.90');
	await expect(notice).toBeHidden();
	await expect(alert).toBeHidden();
	expect(await refillsOf(tenant)).toHaveLength(2);
});

test('given a card whose bank wants its holder, when auto-refill needs it, then it pauses everywhere with a way out, and paying in person lets it go on', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Confirming', leads: [LEAD], hasManager: true }
	});
	const manager = await openBilling(browser, tenant, tenant.managerEmail ?? '');
	await addFunds(manager, 'Add $50', SECURE_CARD);
	await manager.getByTestId('refill-switch').click();
	await expect(manager.getByTestId('refill-switch')).toBeChecked();
	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await agent.goto('/leads');

	await spend(tenant, '41');
	const notice = manager.getByTestId('refill-notice');
	await expect(notice).toContainText('Auto-refill is paused');
	await expect(notice).toContainText('The bank wants you to confirm charges');
	const alert = agent.getByTestId('wallet-alert');
	await expect(alert).toContainText('Auto-refill is paused');
	await alert.getByRole('button', { name: 'Dismiss' }).click();
	await expect(alert).toBeHidden();
	await agent.reload();
	await expect(agent.getByTestId('lead-row')).toBeVisible();
	await expect(alert).toBeHidden();
	await spend(tenant, '9');
	await expect(alert).toContainText('No credit is left');
	await expect(alert).toContainText('Auto-refill is paused.');
	const mails = await sql`select subject from mails
		where organization_id = ${tenant.id} and subject like 'Auto-refill%'`;
	expect(mails).toEqual([{ subject: 'Auto-refill of Confirming failed' }]);

	await notice.getByRole('button', { name: 'Add funds' }).click();
	await expect(manager.getByRole('button', { name: 'Add $50' })).toBeFocused();
	await addFunds(manager, 'Add $100', GOOD_CARD);
	await expect(manager.getByTestId('billing-balance')).toHaveText('$100.00');
	await expect(notice).toBeHidden();
	await expect(alert).toBeHidden();
	await expect(manager.getByTestId('saved-card')).toContainText('4242');
	expect(await refillsOf(tenant)).toEqual([{ state: 'failed', amount: '50' }]);

	await manager.getByRole('button', { name: 'Remove card' }).click();
	const dialog = manager.getByRole('dialog');
	await expect(dialog).toContainText('pauses until another card is saved');
	await dialog.getByRole('button', { name: 'Remove card' }).click();
	await expect(manager.getByTestId('saved-card')).toContainText('No card is saved');
	await expect(notice).toContainText('No card to charge');
});

test('given what people meet on the page, when axe looks in both themes, then it finds nothing', async ({
	browser
}) => {
	const tenant = await createTenant(sql, stackAddresses.databaseUrl, {
		...{ name: 'Looked at', hasManager: true }
	});
	const manager = await openBilling(browser, tenant, tenant.managerEmail ?? '');
	await expect(manager.getByText('No payments yet')).toBeVisible();
	await expectNoViolations(manager);
	await addFunds(manager, 'Add $50', GOOD_CARD);
	await manager.getByTestId('refill-switch').click();
	await expect(manager.getByTestId('refill-switch')).toBeChecked();
	await sql`update auto_refills set state = 'paused', pause_reason = 'declined', declines = 4
		where organization_id = ${tenant.id}`;
	await manager.reload();
	await expect(manager.getByTestId('refill-notice')).toContainText('four times');
	await expectNoViolations(manager);
	await manager.getByRole('button', { name: 'Change', exact: true }).click();
	const sheet = manager.getByRole('dialog');
	await sheet.getByLabel('When the balance falls under').fill('0.5');
	await sheet.getByRole('button', { name: 'Save auto-refill' }).click();
	await expect(sheet.getByText('Enter dollars from 1 to 1,000')).toBeVisible();
	await expectNoViolations(manager);
});
