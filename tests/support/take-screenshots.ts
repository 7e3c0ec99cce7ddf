/**
 * `npm run screenshots`: the README's pictures, taken of the built app in both themes. With `-- --every`:
 * every page besides, wide and narrow, under test-results/screenshots, to be looked at.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import postgres from 'postgres';
import { resolveChromium } from './chromium';
import { runTalktime } from './command-line';
import { startStack } from './stack';
import { createTenant } from './tenant';

const OUTPUT = 'docs/screenshots';
const THEMES = ['light', 'dark'] as const;
/** For charts to be drawn; a picture has no event to wait for. */
const SETTLE_MS = 700;
const SIZE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 780 };
const EVERY = process.argv.includes('--every');
const EVERY_OUTPUT = 'test-results/screenshots';
/** Rooms the README shows besides the main job's, by the picture's name. */
const ROOMS = {
	admin: { organization: '/admin/organizations/1' },
	manager: {
		history: '/dashboard/call-history',
		billing: '/settings/billing',
		call: '/dashboard/call-history',
		report: '/reports'
	},
	agent: { dialer: '/dashboard/dialer' }
};
const PAGES = {
	admin: [
		...[
			'/admin',
			'/admin/audit',
			'/admin/bills',
			'/admin/calls',
			'/admin/deliveries',
			'/admin/jobs'
		],
		...[
			'/admin/mails',
			'/admin/organizations/1',
			'/admin/rates',
			'/admin/settings',
			'/admin/start'
		],
		...['/admin/tokens', '/alerts']
	],
	manager: [
		...['/campaigns', '/contacts', '/contacts/import', '/dashboard', '/dashboard/call-history'],
		...['/dashboard/dialer', '/definitions', '/leads', '/reports', '/settings/account'],
		...['/settings/alerts', '/settings/billing', '/settings/budgets', '/settings/outcomes'],
		...['/settings/team', '/settings/tokens', '/settings/webhooks', '/alerts']
	]
};
/** First links of a list, whose pages are looked at too. */
const BEHIND = ['/contacts/', '/dashboard/call-history/', '/reports/', '/campaigns/'];

const stack = await startStack({ speed: 4 });
const { executablePath, args } = await resolveChromium();
const browser = await chromium.launch({ executablePath, args });
for (const folder of [OUTPUT, EVERY_OUTPUT]) mkdirSync(folder, { recursive: true });
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

/** Opens the page behind the first link that begins so. @returns false when there is none */
async function followFirst(page: Page, start: string): Promise<boolean> {
	const links = page.locator(`main a[href^="${start}"]:not([href$="import"])`);
	if ((await links.count()) === 0) return false;
	await page.goto((await links.first().getAttribute('href')) ?? '');
	return true;
}

async function lookAt(page: Page, routes: string[], prefix: string): Promise<void> {
	const take = async (name: string) => {
		for (const size of [SIZE, NARROW]) {
			await page.setViewportSize(size);
			await page.waitForTimeout(SETTLE_MS);
			const file = `${prefix}-${name.replaceAll('/', '_')}-${size.width}.png`;
			await page.screenshot({ path: path.join(EVERY_OUTPUT, file), fullPage: true });
		}
	};
	for (const route of routes) {
		await page.setViewportSize(SIZE);
		await page.goto(route);
		await take(route.slice(1));
		const start = BEHIND.find((one) => one === `${route}/`);
		if (!start) continue;
		await page.setViewportSize(SIZE);
		if (await followFirst(page, start)) await take(`${route.slice(1)}_one`);
	}
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
	const manager = await signIn(theme, 'manager@asha.example', 'talktime-manager');
	const people = { admin, manager, agent };
	for (const [who, page] of Object.entries(people)) {
		for (const [name, route] of Object.entries(ROOMS[who as keyof typeof ROOMS])) {
			await page.goto(route, { waitUntil: 'load' });
			if (name === 'report') await followFirst(page, '/reports/');
			if (name === 'call') await followFirst(page, '/dashboard/call-history/');
			await page.waitForTimeout(SETTLE_MS);
			await save(page, name);
		}
	}
	if (EVERY) {
		await lookAt(admin, PAGES.admin, `admin-${theme}`);
		await lookAt(manager, PAGES.manager, `manager-${theme}`);
	}
	for (const page of [admin, agent, blocked, manager]) await page.context().close();
	await runTalktime(stack.databaseUrl, ['reconcile']);
}
