import { desc, eq } from 'drizzle-orm';
import type { UsageReport } from '$lib/domain/reports/usage-report';
import type { ListReportsInput } from '$lib/inputs';
import type { ReportLineView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { usageReports } from '../db/schema/index';

/** Ten years of months. */
const REPORTS_MAX = 120;

/** An organisation's sealed months, newest first. */
export async function listReports({
	ctx,
	input
}: {
	ctx: Context;
	input: ListReportsInput;
}): Promise<ReportLineView[]> {
	const person = requirePerson(ctx, 'reports.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const rows = await ctx.services.database.db
		.select()
		.from(usageReports)
		.where(eq(usageReports.organizationId, organizationId))
		.orderBy(desc(usageReports.month))
		.limit(REPORTS_MAX);
	return rows.map(({ month, body, sealedAt, contentHash }) => {
		const { totals, corrections } = readBody(body);
		return {
			month,
			calls: totals.calls,
			completed: totals.completed,
			billedMinutes: totals.billedMinutes,
			cost: totals.cost,
			corrections: corrections.map((correction) => correction.month),
			sealedAt: sealedAt.toISOString(),
			contentHash
		};
	});
}

/** What a report was sealed as; only this room writes them, and never changes one. */
export function readBody(body: string): UsageReport {
	return JSON.parse(body) as UsageReport;
}
