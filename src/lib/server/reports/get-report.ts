import { and, asc, eq, gt } from 'drizzle-orm';
import type { ReportInput } from '$lib/inputs';
import type { UsageReportView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { usageReports } from '../db/schema/index';
import { AppError } from '../errors';
import { readBody } from './list-reports';
import { hashOf } from './seal-reports';

/** One sealed month, checked against its fingerprint. */
export async function getReport({
	ctx,
	input
}: {
	ctx: Context;
	input: ReportInput;
}): Promise<UsageReportView> {
	const person = requirePerson(ctx, 'reports.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const ofTenant = eq(usageReports.organizationId, organizationId);
	const { db } = ctx.services.database;
	const [[row], later] = await Promise.all([
		db
			.select()
			.from(usageReports)
			.where(and(ofTenant, eq(usageReports.month, input.month))),
		db
			.select({ month: usageReports.month, body: usageReports.body })
			.from(usageReports)
			.where(and(ofTenant, gt(usageReports.month, input.month)))
			.orderBy(asc(usageReports.month))
	]);
	if (!row) throw new AppError('not_found', 'There is no report of this month.');
	const corrected = later.find(({ body }) =>
		readBody(body).corrections.some(({ month }) => month === input.month)
	);
	return {
		report: readBody(row.body),
		sealedAt: row.sealedAt.toISOString(),
		contentHash: row.contentHash,
		isIntact: hashOf(row.body) === row.contentHash,
		correctedIn: corrected?.month ?? null
	};
}
