/** The agent's day at the dialer: dial, talk, say what came of it, next. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import postgres from 'postgres';
import { runTalktime } from '../support/command-line';
import { createTenant, type Tenant, type TenantLead } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

/** Numbers that end in 85 talk for twenty minutes. */
const PRIYA = { name: 'Priya Nair', phone: '+12025550185' };

const tellSandbox = (path: string, body: object) =>
	fetch(`${stackAddresses.sandboxUrl}/_sandbox/${path}`, {
		method: 'POST',
		body: JSON.stringify(body)
	});

let sql: postgres.Sql;
let usualSpeed: number;
test.beforeAll(async () => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
	const state = await fetch(`${stackAddresses.sandboxUrl}/_sandbox/state`);
	usualSpeed = (await state.json()).speed;
	// As in life: a call must not end while a test looks at it.
	await tellSandbox('speed', { speed: 1 });
});
test.afterAll(async () => {
	await tellSandbox('speed', { speed: usualSpeed });
	await sql.end();
});

async function givenTenant(name: string, leads: TenantLead[] = [PRIYA]): Promise<Tenant> {
	return createTenant(sql, stackAddresses.databaseUrl, { name, minutes: 60, leads });
}

async function openDialer(page: Page): Promise<void> {
	await page.keyboard.press('g');
	await page.keyboard.press('c');
	await expect(page.getByTestId('number')).toBeFocused();
}

async function dial(page: Page, number: string): Promise<void> {
	await page.keyboard.type(number);
	await expect(page.getByTestId('price')).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page.getByTestId('call-panel').getByTestId('call-timer')).toBeVisible();
}

async function expectNoViolations(page: Page): Promise<void> {
	for (const theme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
		const { violations } = await new AxeBuilder({ page }).analyze();
		expect(violations.map(({ id, nodes }) => `${theme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
	}
}

async function expectNothingSideways(page: Page): Promise<void> {
	await page.setViewportSize({ width: 360, height: 740 });
	const width = await page.evaluate(() => document.documentElement.scrollWidth);
	expect(width).toBeLessThanOrEqual(360);
	await page.setViewportSize({ width: 1280, height: 720 });
}

const dollars = async (page: Page) =>
	Number((await page.getByTestId('running-balance').first().innerText()).replace('$', ''));

test('given a keyboard and nothing else, when a number is called, then all of a call can be done with it', async ({
	browser
}) => {
	const tenant = await givenTenant('Keyboard');
	await sql`update organizations set billing_mode = 'wallet' where id = ${tenant.id}`;
	const grant = ['--amount', '20', '--reason', 'Fixture'];
	await runTalktime(stackAddresses.databaseUrl, [
		...['wallet', 'adjust', '--org', String(tenant.id)],
		...grant
	]);
	const page = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await openDialer(page);
	await page.keyboard.type('2025550185');
	await expect(page.getByTestId('number')).toHaveValue('(202) 555-0185');
	await expect(page.getByTestId('contact-name')).toHaveText('Priya Nair');
	await expect(page.getByTestId('payer')).toHaveText('Wallet');
	await expect(page.getByTestId('affordable')).toContainText('minutes');

	await page.keyboard.press('Enter');
	const panel = page.getByTestId('call-panel');
	await expect(panel.getByTestId('call-timer')).toBeVisible();
	await expect(panel).toContainText('Priya Nair');
	const first = await dollars(page);
	await expect.poll(() => dollars(page)).toBeLessThan(first);
	await page.keyboard.press('m');
	await expect(panel.getByRole('button', { name: /Unmute/ })).toHaveAttribute(
		'aria-pressed',
		'true'
	);
	await page.keyboard.press('5');
	await page.keyboard.press('#');
	await expect(page.getByTestId('digits')).toHaveText('5#');
	await page.keyboard.press('n');
	await page.keyboard.type('Wants the autumn offer');
	await page.keyboard.press('Escape');
	await page.keyboard.press('h');

	const outcome = page.getByTestId('outcome-panel');
	await expect(outcome).toContainText('What came of Priya Nair?');
	await page.keyboard.press('1');
	await expect(outcome).toBeHidden();
	await expect(page.getByTestId('number')).toBeFocused();
	await expect(page.getByTestId('recent-calls')).toContainText('Interested');
	expect(
		await sql`select d.kind, n.text from call_outcomes o join dispositions d on d.id = o.disposition_id
			join notes n on n.call_id = o.call_id where o.organization_id = ${tenant.id}`
	).toEqual([{ kind: 'interested', text: 'Wants the autumn offer' }]);

	await page.keyboard.press('Tab');
	await page.keyboard.press('?');
	await expect(page.getByRole('dialog')).toContainText('Say what came of it');
});

test('given the dialer at rest, in a call and after it, then axe finds nothing in either theme and nothing is wider than a phone', async ({
	browser
}) => {
	test.slow();
	const tenant = await givenTenant('Everyone');
	const page = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await openDialer(page);
	await page.keyboard.type('+449098790000');
	await expect(page.getByTestId('obstacle')).toContainText('This number is never called.');
	await expect(page.getByTestId('affordable')).toHaveText('Not at all');
	await expectNoViolations(page);
	await page.getByTestId('number').fill('');
	await page.keyboard.type('2025550185');
	await expect(page.getByTestId('price')).toBeVisible();
	await expect(page.getByTestId('obstacle')).toBeHidden();
	await expectNoViolations(page);
	await expectNothingSideways(page);
	await page.keyboard.press('Enter');
	await expect(page.getByTestId('call-panel').getByTestId('call-timer')).toBeVisible();
	await expectNoViolations(page);
	await expectNothingSideways(page);
	await page.keyboard.press('h');
	await expect(page.getByTestId('outcome-panel')).toBeVisible();
	await page.keyboard.press('2');
	await expect(page.getByLabel('Call back at')).toBeFocused();
	await expectNoViolations(page);
	await expectNothingSideways(page);
});

test('given a lead list, when it is power dialled, then each outcome brings the next lead that may be called', async ({
	browser
}) => {
	const tenant = await givenTenant('Power dial', [
		{ name: 'Never Again', phone: '+12025550285' },
		PRIYA,
		{ name: 'Asleep Now', phone: '+12025550385' },
		{ name: 'Omar Haddad', phone: '+12025550485' }
	]);
	await sql`update contacts set timezone = 'UTC', do_not_call = (name = 'Never Again')
		where organization_id = ${tenant.id}`;
	await sql`update contacts set timezone = 'Etc/GMT-12'
		where organization_id = ${tenant.id} and name = 'Asleep Now'`;
	const now = new Date();
	const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
	await sql`update organizations set calling_from_minute = ${Math.max(0, minute - 60)},
		calling_until_minute = ${Math.min(1440, minute + 120)} where id = ${tenant.id}`;
	const page = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await openDialer(page);
	await page.getByRole('button', { name: 'Start calling' }).click();

	const panel = page.getByTestId('call-panel');
	await expect(panel).toContainText('Priya Nair');
	await expect(panel.getByTestId('call-timer')).toBeVisible();
	await page.keyboard.press('h');
	await expect(page.getByTestId('outcome-panel')).toContainText('Priya Nair');
	await page.keyboard.press('2');
	const at = page.getByLabel('Call back at');
	await expect(at).toBeFocused();
	await page.keyboard.press('Enter');

	await expect(panel).toContainText('Omar Haddad');
	await expect(page.getByTestId('call-backs')).toContainText('Priya Nair');
	await expect(page.getByTestId('power-skipped')).toHaveText(
		'Passed over: 1 do not call, 1 outside calling hours'
	);
	await expect(panel.getByTestId('call-timer')).toBeVisible();
	await page.keyboard.press('h');
	await expect(page.getByTestId('outcome-panel')).toContainText('Omar Haddad');
	await page.keyboard.press('6');
	await expect(page.getByTestId('power-finished')).toHaveText('The list is done: 2 leads called.');
	expect(
		await sql`select name from contacts where organization_id = ${tenant.id} and do_not_call order by 1`
	).toEqual([{ name: 'Never Again' }, { name: 'Omar Haddad' }]);
	expect(await sql`select 1 from calls where organization_id = ${tenant.id}`).toHaveLength(2);
});

test('given a call-back, when its time comes, then the agent is told wherever they are', async ({
	browser
}) => {
	const tenant = await givenTenant('Call-backs');
	const [agent] = await sql<
		{ id: string }[]
	>`select id from users where email = ${tenant.agentEmail}`;
	const page = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await sql`insert into call_back_tasks (id, organization_id, user_id, "to", due_at, timezone, note)
		values (gen_random_uuid(), ${tenant.id}, ${agent?.id ?? ''}, ${PRIYA.phone}, now() + interval '12 seconds',
			'UTC', 'After lunch')`;
	await page.reload();
	await page.getByRole('button', { name: 'Take it' }).click();
	await expect(page.getByTestId('number')).toHaveValue('+1 202 555 0185');
	await expect(page.getByTestId('call-backs')).toContainText('After lunch');
});

test('given somebody who was called, when they call back, then the agent can take or refuse it', async ({
	browser
}) => {
	const tenant = await givenTenant('Incoming', [{ name: 'Grace Kim', phone: '+13125550185' }]);
	const page = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await openDialer(page);
	await dial(page, '3125550185');
	await page.keyboard.press('h');
	await expect(page.getByTestId('outcome-panel')).toBeVisible();
	await page.keyboard.press('5');
	await page.goto('/leads');

	const callIn = () => tellSandbox('twilio/call-in', { from: '+13125550185' });
	await expect(page.getByTestId('live-indicator').first()).toBeVisible();
	await callIn();
	const incoming = page.getByTestId('incoming');
	await expect(incoming).toContainText('Grace Kim');
	await page.keyboard.press('a');
	const dock = page.getByTestId('dock-inbound');
	await expect(dock).toContainText('Grace Kim');
	await expect(dock.getByTestId('call-timer')).toBeVisible();
	await dock.getByRole('button', { name: 'Hang up' }).click();
	await expect(dock).toBeHidden();

	await callIn();
	await expect(incoming).toBeVisible();
	await page.keyboard.press('x');
	await expect(incoming).toBeHidden();
	expect(await sql`select direction from calls where organization_id = ${tenant.id}`).toEqual([
		{ direction: 'outbound' }
	]);
});

test('given a call in one tab, when it is loaded again, then the call is found; when it is over, another tab can be the phone', async ({
	browser
}) => {
	const tenant = await givenTenant('Two tabs');
	const page = await signInWindow(browser, tenant.agentEmail, tenant.password);
	page.on('dialog', (dialog) => void dialog.accept());
	await openDialer(page);
	await dial(page, '2025550185');

	const other = await page.context().newPage();
	await other.goto('/dashboard/dialer');
	await expect(other.getByTestId('call-panel')).toContainText('Priya Nair');
	await expect(other.getByTestId('no-sound')).toContainText('in another tab');

	await page.reload();
	await expect(page.getByTestId('call-panel')).toContainText('Priya Nair');
	await expect(page.getByTestId('call-panel').getByTestId('call-timer')).toBeVisible();
	await page
		.getByTestId('call-panel')
		.getByRole('button', { name: /Hang up/ })
		.click();
	await expect(page.getByTestId('outcome-panel')).toBeVisible();
	await page.keyboard.press('1');
	await expect(page.getByTestId('number')).toBeVisible();

	// Who became the phone while the first was loading does not matter: the one that is not can take it.
	await expect.poll(async () => (await phoneNotices(page, other)).filter(Boolean)).toHaveLength(1);
	const [isElsewhere] = await phoneNotices(page, other);
	const [asking, asked] = isElsewhere ? [page, other] : [other, page];
	await asking.getByRole('button', { name: 'Use it here' }).click();
	await expect(asking.getByTestId('phone-elsewhere')).toBeHidden();
	await expect(asked.getByTestId('phone-elsewhere')).toBeVisible();
});

function phoneNotices(...pages: Page[]): Promise<boolean[]> {
	return Promise.all(pages.map((page) => page.getByTestId('phone-elsewhere').isVisible()));
}
