import { CSV_BOM, toCsvLine } from '$lib/domain/csv/cells';
import type { ReportCounts, ReportGroup } from '$lib/domain/reports/usage-report';
import type { ReportInput } from '$lib/inputs';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { noteLine, plainText } from '../exports/export-head';
import { getReport } from './get-report';

const COLUMNS = [
	'section',
	'key',
	'name',
	'calls',
	'completed',
	'failed',
	'cancelled',
	'answered',
	'talk_seconds',
	'billed_minutes',
	'cost'
];

/** A sealed month as CSV: one line per total, day, country, agent, provider, reason and correction. */
export async function exportReport({
	ctx,
	input
}: {
	ctx: Context;
	input: ReportInput;
}): Promise<string> {
	requirePerson(ctx, 'analytics.export');
	const { report, sealedAt, contentHash } = await getReport({ ctx, input });
	const notes = [
		`Talktime usage report of ${plainText(report.organization)}: ${report.month}`,
		`Days: ${report.start} to ${report.end}, ${report.timezone}`,
		`Sealed: ${sealedAt}, SHA-256 ${contentHash}`,
		`Definitions: ${ctx.services.config.origin}/definitions`
	];
	const groups = (section: string, rows: ReportGroup[]) =>
		rows.map((row) => lineOf(section, row.key, row.name, row));
	return [
		CSV_BOM,
		...notes.map(noteLine),
		toCsvLine(COLUMNS),
		lineOf('total', report.month, null, report.totals),
		...groups('day', report.days),
		...groups('country', report.countries),
		...groups('agent', report.agents),
		...groups('provider', report.providers),
		...groups('end_reason', report.endReasons),
		...report.corrections.flatMap(({ month, was, is }) => [
			lineOf('correction_was', month, null, was),
			lineOf('correction_is', month, null, is)
		])
	].join('');
}

function lineOf(section: string, key: string, name: string | null, counts: ReportCounts): string {
	const { calls, completed, failed, cancelled, answered, talkSeconds, billedMinutes, cost } =
		counts;
	const figures = [calls, completed, failed, cancelled, answered, talkSeconds, billedMinutes, cost];
	return toCsvLine([section, key, name, ...figures]);
}
