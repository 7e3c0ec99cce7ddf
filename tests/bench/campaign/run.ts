/**
 * A campaign of many leads on the sandbox, started in the browser as a person does and watched there: how
 * long it takes, whether the page stays responsive, how far its figures lag, and whether the books balance.
 */
import type { Page } from 'playwright-core';
import postgres from 'postgres';
import { ensureBuilt } from '../../../scripts/support/build.mjs';
import { runTalktime } from '../../support/command-line';
import { startStack, type Stack } from '../../support/stack';
import { createTenant, type Tenant } from '../../support/tenant';
import { percentile } from '../support/statistics';
import {
	noteTasks,
	noteText,
	readNotes,
	UnwatchedBrowser,
	type Noted,
	type Shown
} from './browser';

export interface CampaignReport {
	leads: number;
	seconds: number;
	callsPerSecond: number;
	calls: number;
	/** Numbers that were called more than once. */
	calledTwice: number;
	/** Milliseconds by which the figures on the page lag those of the database. */
	lag: { p50Ms: number; p99Ms: number; maxMs: number };
	/** Tasks of the page's main thread over 100 ms. */
	longTasks: number;
	longestTaskMs: number;
	/** What is wrong with what came out. */
	faults: string[];
}

const SPEED = 1_000;
const PATIENCE_MS = 20 * 60_000;
const LONG_TASK_MS = 100;
export const LAG_MS_MAX = 1_000;

export async function runCampaignBench(options: {
	isQuick: boolean;
	onProgress: (line: string) => void;
}): Promise<CampaignReport> {
	const leads = options.isQuick ? 1_000 : 10_000;
	await ensureBuilt();
	options.onProgress('starting PostgreSQL, the built app and the sandbox');
	const stack = await startStack({ speed: SPEED });
	const sql = postgres(stack.databaseUrl, { max: 2, onnotice: () => {} });
	const browser = await UnwatchedBrowser.launch();
	try {
		const tenant = await createTenant(sql, stack.databaseUrl, {
			...{ name: 'Bench', minutes: 1_000_000, hasManager: true }
		});
		// What is measured is the engine, not the ramp that a new organisation is held to.
		await sql`update organizations set is_trusted = true where id = ${tenant.id}`;
		await insertLeads(sql, tenant, leads);
		options.onProgress(`calling ${leads} leads`);
		const startedAtMs = await browser.drive(async (page) => {
			await signIn(page, stack.origin, tenant);
			const atMs = Date.now();
			await startCampaign(page, leads);
			return atMs;
		});
		const steps = await follow(sql, tenant, leads, options.onProgress);
		const seconds = (Date.now() - startedAtMs) / 1_000;
		// What is on its way to the page.
		await new Promise((resolve) => setTimeout(resolve, 2 * LAG_MS_MAX));
		const noted = await browser.drive(readNotes);
		return await judge(sql, stack, { tenant, leads, seconds, steps, noted });
	} finally {
		await browser.close();
		await sql.end();
		await stack.stop();
	}
}

/** Most talk for a few seconds; one of ten is busy and one does not answer. It is noon where they are. */
async function insertLeads(sql: postgres.Sql, { id }: Tenant, count: number): Promise<void> {
	const ahead = 12 - new Date().getUTCHours();
	const zone = ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
	await sql.begin(async (tx) => {
		await tx`insert into contacts (id, organization_id, phone, name, timezone)
			select gen_random_uuid(), ${id}, '+1415' || (220 + n % 600) || lpad((n / 600)::text, 2, '0')
				|| case n % 10 when 0 then '10' when 1 then '11' else '05' end, 'Lead ' || n, ${zone}
			from generate_series(0, ${count - 1}) n`;
		await tx`insert into lead_lists (id, organization_id, name)
			values (gen_random_uuid(), ${id}, 'Everybody')`;
		await tx`insert into lead_list_members (organization_id, lead_list_id, contact_id, position)
			select ${id}, (select id from lead_lists where organization_id = ${id}), id,
				row_number() over (order by id) - 1 from contacts where organization_id = ${id}`;
	});
	await sql`analyze contacts, lead_list_members`;
}

async function signIn(
	page: Page,
	origin: string,
	{ managerEmail, password }: Tenant
): Promise<void> {
	await noteTasks(page);
	await page.goto(`${origin}/login`);
	await page.getByLabel('E-mail').fill(managerEmail ?? '');
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/login'));
	await page.goto(`${origin}/leads`);
}

async function startCampaign(page: Page, leads: number): Promise<void> {
	await page.getByRole('button', { name: 'Call All' }).click();
	const sheet = page.getByTestId('batch-sheet');
	await sheet.getByLabel('Calls at once').fill('200');
	await sheet.getByLabel('Calls per second').fill('200');
	await sheet.getByLabel('Calls per lead, at most').fill('1');
	await sheet.getByRole('button', { name: `Call ${leads.toLocaleString('en-US')} leads` }).click();
	await page.waitForURL(/\/campaigns\//);
	await noteText(page, 'campaign-done');
}

/** How many leads were done, and when that was seen in the database. */
interface Step {
	done: number;
	atMs: number;
}

/** Looks until the last lead is done. */
async function follow(
	sql: postgres.Sql,
	{ id }: Tenant,
	leads: number,
	onProgress: (line: string) => void
): Promise<Step[]> {
	const steps: Step[] = [];
	const untilMs = Date.now() + PATIENCE_MS;
	let told = 0;
	for (;;) {
		const [row] = await sql<{ done: number; status: string }[]>`
			select answered_leads + unreached_leads + skipped_leads as done, status from campaigns
			where organization_id = ${id}`;
		const done = row?.done ?? 0;
		if (done > (steps.at(-1)?.done ?? 0)) steps.push({ done, atMs: Date.now() });
		if (done - told >= leads / 10) {
			told = done;
			onProgress(`${done} of ${leads} done`);
		}
		if (row?.status === 'finished') return steps;
		if (Date.now() > untilMs) throw new Error(`Only ${done} of ${leads} leads are done.`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/** How long each figure of the database took to stand on the page; infinity for one that never did. */
function lagsOf(steps: Step[], shown: Shown[]): number[] {
	const seen = shown.map(({ text, atMs }) => ({
		done: Number(text.trim().split(' ')[0]?.replaceAll(',', '')),
		atMs
	}));
	return steps.map(({ done, atMs }) => {
		const first = seen.find((one) => one.done >= done);
		return first ? Math.max(0, first.atMs - atMs) : Infinity;
	});
}

async function judge(
	sql: postgres.Sql,
	stack: Stack,
	run: { tenant: Tenant; leads: number; seconds: number; steps: Step[]; noted: Noted }
): Promise<CampaignReport> {
	const { tenant, leads, seconds, steps, noted } = run;
	const { tasks, frames } = noted;
	const [calls] = await sql<{ calls: number; numbers: number; live: number }[]>`
		select count(*)::int as calls, count(distinct "to")::int as numbers,
			count(*) filter (where ended_at is null)::int as live
		from calls where organization_id = ${tenant.id}`;
	const books = await runTalktime(stack.databaseUrl, ['reconcile']);
	const lags = lagsOf(steps, noted.shown).sort((one, other) => one - other);
	const long = tasks.filter(({ ms }) => ms > LONG_TASK_MS);
	const lag = {
		p50Ms: percentile(lags, 0.5),
		p99Ms: percentile(lags, 0.99),
		maxMs: lags.at(-1) ?? NaN
	};
	const faults = [
		...(calls?.numbers === leads ? [] : [`${calls?.numbers} of ${leads} numbers were called`]),
		...(calls?.calls === calls?.numbers ? [] : ['a number was called more than once']),
		...(calls?.live === 0 ? [] : [`${calls?.live} calls did not end`]),
		...(books.exitCode === 0 ? [] : [`the books do not balance: ${books.stdout}`]),
		...(lag.maxMs <= LAG_MS_MAX ? [] : [`the page was ${lag.maxMs} ms behind`]),
		...(long.length === 0
			? []
			: [
					`${long.length} tasks of the page took over ${LONG_TASK_MS} ms: ${JSON.stringify(long)}`,
					...frames.filter(({ ms }) => ms > LONG_TASK_MS).map((frame) => JSON.stringify(frame))
				])
	];
	return {
		leads,
		seconds: Math.round(seconds * 10) / 10,
		callsPerSecond: Math.round((leads / seconds) * 10) / 10,
		calls: calls?.calls ?? 0,
		calledTwice: (calls?.calls ?? 0) - (calls?.numbers ?? 0),
		lag,
		longTasks: long.length,
		longestTaskMs: Math.max(0, ...tasks.map(({ ms }) => ms)),
		faults
	};
}

export function formatCampaignReport(report: CampaignReport): string {
	const { leads, seconds, callsPerSecond, calls, calledTwice, lag, longTasks } = report;
	return [
		`${leads} leads in ${seconds} s, ${callsPerSecond} a second; ${calls} calls, ${calledTwice} of them repeated`,
		`the page lags by ${lag.p50Ms} ms (p50), ${lag.p99Ms} ms (p99), ${lag.maxMs} ms at most`,
		`${longTasks} tasks over 100 ms on the page, the longest ${report.longestTaskMs} ms`,
		...(report.faults.length === 0 ? ['everything is as it must be'] : report.faults)
	].join('\n');
}
