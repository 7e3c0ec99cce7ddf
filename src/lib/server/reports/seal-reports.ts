import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { addMonths, monthOf, type UsageReport } from '$lib/domain/reports/usage-report';
import { localDay } from '$lib/domain/time-zone';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { mailReport } from './mail-report';
import { firstMonthOf, writeReport, type ReportedOrganization } from './write-report';

/** Of an organisation whose past is longer, only so much is written down afterwards. */
const MONTHS_AT_ONCE = 24;

/**
 * Seals every month that is over and not sealed yet. It may run at any time, twice or late: the first of
 * the month is just the first time that there is something to do.
 */
export async function sealReports({ ctx }: { ctx: Context }): Promise<{ sealed: number }> {
	requirePermission(ctx, 'fleet.read');
	const organizations = await ctx.services.database.sql<
		(ReportedOrganization & { last: string | null })[]
	>`
		select o.id, o.name, o.timezone, (select max(month) from usage_reports r where r.organization_id = o.id) as last
		from organizations o order by o.id`;
	let sealed = 0;
	for (const organization of organizations) {
		const month = monthOf(localDay(ctx.nowMs, organization.timezone));
		const due = addMonths(month, -1);
		if (organization.last !== null && organization.last >= due) continue;
		sealed += await sealMonths(ctx, organization, due);
	}
	return { sealed };
}

/** @param due the last month that is over */
async function sealMonths(
	ctx: Context,
	organization: ReportedOrganization,
	due: string
): Promise<number> {
	return ctx.services.database.sql.begin(async (tx) => {
		// Two workers may come at the same time: the second finds the month sealed.
		await tx`select pg_advisory_xact_lock(hashtext('usage_reports'), ${organization.id})`;
		const rows = await tx<{ body: string }[]>`
			select body from usage_reports where organization_id = ${organization.id} order by month`;
		const reports = rows.map(({ body }) => JSON.parse(body) as UsageReport);
		const last = reports.at(-1)?.month;
		const first = last ? addMonths(last, 1) : await firstMonthOf(tx, organization.id);
		// Without a call there is nothing to report yet.
		if (first === null) return 0;
		const earliest = addMonths(due, 1 - MONTHS_AT_ONCE);
		let sealed = 0;
		for (
			let month = first > earliest ? first : earliest;
			month <= due;
			month = addMonths(month, 1)
		) {
			const report = await writeReport(tx, organization, month, reports);
			const body = JSON.stringify(report);
			const contentHash = hashOf(body);
			await tx`
				insert into usage_reports (id, organization_id, month, body, content_hash, sealed_at)
				values (${uuid()}, ${organization.id}, ${month}, ${body}, ${contentHash}, to_timestamp(${ctx.nowMs} / 1000.0))`;
			// What lies further back is there to be read, but nobody waits for a mail about it.
			if (month === due) await mailReport(tx, organization, report, ctx.services.config.origin);
			reports.push(report);
			sealed++;
		}
		return sealed;
	});
}

export function hashOf(body: string): string {
	return createHash('sha256').update(body, 'utf8').digest('hex');
}
