/** Reads a month of an organisation into a report. The figures are those of the call history. */
import type postgres from 'postgres';
import { addDays, periodOf } from '$lib/domain/analytics/period';
import { formatMicros, parseMicros } from '$lib/domain/money';
import {
	correctionsOf,
	daysOfMonth,
	monthOf,
	pickCounts,
	type ReportCounts,
	type ReportGroup,
	type UsageReport
} from '$lib/domain/reports/usage-report';
import { startOfLocalDay } from '$lib/domain/time-zone';
import { breakdownRows, sumOfCounts, type Counts } from '../analytics/breakdown-rows';
import { toCountsView } from '../analytics/counts-view';
import { BREAKDOWNS, type Breakdown } from '../db/schema/index';

export interface ReportedOrganization {
	id: number;
	name: string;
	timezone: string;
}

type Sql = postgres.TransactionSql;

/** @param sealed reports of the organisation so far, oldest first */
export async function writeReport(
	tx: Sql,
	organization: ReportedOrganization,
	month: string,
	sealed: UsageReport[]
): Promise<UsageReport> {
	const { start, end } = daysOfMonth(month);
	const [countries, agents, providers, endReasons, days, paid, wallet, minutes, months] =
		await Promise.all([
			groupsOf(tx, organization.id, 'country', month),
			groupsOf(tx, organization.id, 'agent', month),
			groupsOf(tx, organization.id, 'provider', month),
			groupsOf(tx, organization.id, 'end_reason', month),
			readDays(tx, organization.id, month),
			readPaid(tx, organization.id, start, end),
			readWallet(tx, organization, start, end),
			readMinutes(tx, organization, start, end),
			readMonths(tx, organization.id, [...sealed.map((report) => report.month), month])
		]);
	return {
		version: 1,
		organization: organization.name,
		month,
		timezone: organization.timezone,
		start,
		end,
		totals: months.get(month) ?? NOTHING,
		days,
		countries,
		agents: await nameAgents(tx, agents),
		providers,
		endReasons,
		paid,
		wallet,
		minutes,
		corrections: correctionsOf(sealed, months)
	};
}

const NOTHING: ReportCounts = {
	calls: 0,
	completed: 0,
	failed: 0,
	cancelled: 0,
	answered: 0,
	talkSeconds: 0,
	billedMinutes: 0,
	cost: '0.000000'
};

/** Rows of a breakdown over whole months, from its kept days and the calls not counted yet. */
function rowsOf(tx: Sql, organizationId: number, dimension: Breakdown, from: string, to: string) {
	const { start } = daysOfMonth(from);
	const period = periodOf(start, daysOfMonth(to).end);
	if (!period) throw new Error(`There is no period from ${from} to ${to}.`);
	return breakdownRows(tx, dimension, { organizationId, period, window: null });
}

async function groupsOf(
	tx: Sql,
	organizationId: number,
	dimension: (typeof BREAKDOWNS)[number],
	month: string
): Promise<ReportGroup[]> {
	const rows = await tx<(Counts & { key: string })[]>`
		select key, ${sumOfCounts(tx)}
		from (${rowsOf(tx, organizationId, dimension, month, month)}) as kept
		group by key order by calls desc, key`;
	return rows.map((row) => ({ key: row.key, name: null, ...toReportCounts(row) }));
}

async function readDays(tx: Sql, organizationId: number, month: string): Promise<ReportGroup[]> {
	const rows = await tx<(Counts & { day: string })[]>`
		select day::text as day, ${sumOfCounts(tx)}
		from (${rowsOf(tx, organizationId, 'country', month, month)}) as kept
		group by day order by day`;
	return rows.map((row) => ({ key: row.day, name: null, ...toReportCounts(row) }));
}

/** What the months are now. A month without calls is there too. */
async function readMonths(
	tx: Sql,
	organizationId: number,
	months: string[]
): Promise<Map<string, ReportCounts>> {
	const ordered = [...months].sort();
	const [first = '', last = ''] = [ordered.at(0), ordered.at(-1)];
	const rows = await tx<(Counts & { month: string })[]>`
		select to_char(day, 'YYYY-MM') as month, ${sumOfCounts(tx)}
		from (${rowsOf(tx, organizationId, 'country', first, last)}) as kept group by 1`;
	const counted = new Map(rows.map((row) => [row.month, toReportCounts(row)]));
	return new Map(months.map((month) => [month, counted.get(month) ?? NOTHING]));
}

function toReportCounts(counts: Counts): ReportCounts {
	return pickCounts(toCountsView(counts));
}

async function nameAgents(tx: Sql, agents: ReportGroup[]): Promise<ReportGroup[]> {
	const ids = agents.map(({ key }) => key).filter((key) => key !== '');
	if (ids.length === 0) return agents;
	const rows = await tx<{ id: string; name: string }[]>`
		select id::text, name from users where id in ${tx(ids)}`;
	const names = new Map(rows.map(({ id, name }) => [id, name]));
	return agents.map((agent) => ({ ...agent, name: names.get(agent.key) ?? null }));
}

/** From the receipts: a call's started minutes that its wallet did not pay are of allocated minutes. */
async function readPaid(tx: Sql, organizationId: number, start: string, end: string) {
	const [row] = await tx<{ billed: string; by_wallet: string; cost: string }[]>`
		select coalesce(sum(billed_minutes), 0)::text as billed,
			coalesce(sum(ceil(coalesce(wallet_seconds, 0) / 60.0)), 0)::bigint::text as by_wallet,
			coalesce(sum(cost), 0)::numeric(18, 6)::text as cost
		from calls where organization_id = ${organizationId} and ended_at is not null
			and local_day between ${start}::date and ${end}::date`;
	const walletMinutes = Number(row?.by_wallet ?? 0);
	return {
		allocatedMinutes: Number(row?.billed ?? 0) - walletMinutes,
		walletMinutes,
		walletCost: row?.cost ?? '0.000000'
	};
}

function momentsOf({ timezone }: ReportedOrganization, start: string, end: string) {
	return {
		from: new Date(startOfLocalDay(start, timezone)).toISOString(),
		to: new Date(startOfLocalDay(addDays(end, 1), timezone)).toISOString()
	};
}

async function readWallet(tx: Sql, organization: ReportedOrganization, start: string, end: string) {
	const { from, to } = momentsOf(organization, start, end);
	const [row] = await tx<Record<'calls' | 'added' | 'taken' | 'closing', string>[]>`
		select coalesce(sum(signed) filter (where t.at >= ${from} and t.call_id is not null), 0)::text as calls,
			coalesce(sum(signed) filter (where t.at >= ${from} and t.call_id is null and signed > 0), 0)::text as added,
			coalesce(sum(signed) filter (where t.at >= ${from} and t.call_id is null and signed < 0), 0)::text as taken,
			coalesce(sum(signed), 0)::text as closing
		from (select call_id, created_at as at, case when type = 'debit' then -amount else amount end as signed
			from balance_transactions where organization_id = ${organization.id} and created_at < ${to}) t`;
	const micros = (text: string | undefined) => parseMicros(text ?? '0');
	const [calls, added, taken] = [micros(row?.calls), micros(row?.added), micros(row?.taken)];
	const closing = micros(row?.closing);
	return {
		opening: formatMicros(closing - calls - added - taken, 6),
		calls: formatMicros(calls, 6),
		added: formatMicros(added, 6),
		takenBack: formatMicros(taken, 6),
		closing: formatMicros(closing, 6)
	};
}

async function readMinutes(
	tx: Sql,
	organization: ReportedOrganization,
	start: string,
	end: string
) {
	const { from, to } = momentsOf(organization, start, end);
	const [row] = await tx<{ granted: number; taken: number }[]>`
		select coalesce(sum(minutes) filter (where kind not in ('revoke', 'expire')), 0)::int as granted,
			coalesce(sum(minutes) filter (where kind in ('revoke', 'expire')), 0)::int as taken
		from call_minutes_allocation_history
		where organization_id = ${organization.id} and allocated_at >= ${from} and allocated_at < ${to}`;
	return { granted: row?.granted ?? 0, takenAway: row?.taken ?? 0 };
}

/** Months with calls before the first report, so that an organisation's past is written down too. */
export async function firstMonthOf(tx: Sql, organizationId: number): Promise<string | null> {
	const [row] = await tx<{ day: string | null }[]>`
		select min(day)::text as day from call_stats_daily where organization_id = ${organizationId}`;
	return row?.day ? monthOf(row.day) : null;
}
