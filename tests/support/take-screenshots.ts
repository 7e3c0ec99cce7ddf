/** `npm run screenshots`: the README's pictures, taken of the built app in both themes. */
import { mkdirSync } from 'node:fs';
import { chromium, type Browser, type Page } from '@playwright/test';
import postgres from 'postgres';
import { resolveChromium } from './chromium';
import { runTalktime } from './command-line';
import { startStack } from './stack';
import { createTenant } from './tenant';

const OUTPUT = 'docs/screenshots';
const THEMES = ['light', 'dark'] as const;
const SIZE = { width: 1440, height: 900 };

const stack = await startStack({ speed: 4 });
const { executablePath, args } = await resolveChromium();
const browser = await chromium.launch({ executablePath, args });
mkdirSync(OUTPUT, { recursive: true });
try {
	for (const theme of THEMES) await takeAll(browser, theme);
} finally {
	await browser.close();
	await stack.stop();
}

async function signIn(theme: 'light' | 'dark', email: string, password: string): Promise<Page> {
	const context = await browser.newContext({
		baseURL: stack.origin,
		viewport: SIZE,
		colorScheme: theme,
		reducedMotion: 'reduce',
		locale: 'en-US'
	});
	const page = await context.newPage();
	await page.goto('/login');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/login'));
	await page.getByTestId('live-indicator').first().waitFor();
	return page;
}

async function callLead(page: Page, name: string): Promise<void> {
	const row = page.getByTestId('lead-row').filter({ hasText: name });
	await row.getByRole('button', { name: /^Call/ }).click();
	await row.getByTestId('call-status').waitFor();
}

async function takeAll(_browser: Browser, theme: 'light' | 'dark'): Promise<void> {
	const save = (page: Page, name: string) =>
		page.screenshot({ path: `${OUTPUT}/${name}-${theme}.png` });
	const admin = await signIn(theme, 'admin@talktime.example', 'talktime-admin');
	const agent = await signIn(theme, 'agent@asha.example', 'talktime-agent');
	for (const name of ['Sofia Marin', 'Grace Kim', 'Amara Diallo']) await callLead(agent, name);
	await agent.locator('[data-testid="call-status"][data-status="completed"]').first().waitFor();
	await callLead(agent, 'Priya Nair');
	await agent.locator('[data-testid="call-status"][data-status="in_progress"]').first().waitFor();
	await save(agent, 'leads');
	await save(admin, 'admin');
	await agent.goto('/dashboard');
	await agent.getByTestId('call-row').first().waitFor();
	await save(agent, 'dashboard');

	const sql = postgres(stack.databaseUrl, { max: 1 });
	const tenant = await createTenant(sql, stack.databaseUrl, {
		name: theme === 'light' ? 'Juniper Clinics' : 'Atlas Tools',
		leads: [{ name: 'Daniel Osei', phone: '+13125550141' }]
	});
	await sql.end();
	const blocked = await signIn(theme, tenant.agentEmail, tenant.password);
	await blocked.getByTestId('lead-row').getByRole('button', { name: /^Call/ }).click();
	await blocked.getByRole('dialog').waitFor();
	await save(blocked, 'dialog');
	for (const page of [admin, agent, blocked]) await page.context().close();
	await runTalktime(stack.databaseUrl, ['reconcile']);
}
