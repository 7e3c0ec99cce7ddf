import type postgres from 'postgres';
import type { UsageReport } from '$lib/domain/reports/usage-report';
import type { ReportedOrganization } from './write-report';

/** A mail to each manager, in the transaction that seals the report. */
export async function mailReport(
	tx: postgres.TransactionSql,
	organization: ReportedOrganization,
	report: UsageReport,
	origin: string
): Promise<void> {
	const { month, totals, corrections } = report;
	const name = new Intl.DateTimeFormat('en-GB', {
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC'
	}).format(Date.parse(`${month}-01T00:00:00Z`));
	const dollars = Number(totals.cost).toLocaleString('en-US', {
		style: 'currency',
		currency: 'USD'
	});
	const text = [
		`The usage report of ${organization.name} for ${name} is ready.`,
		'',
		`${totals.calls.toLocaleString('en-US')} calls, ${totals.completed.toLocaleString('en-US')} of them completed`,
		`${totals.billedMinutes.toLocaleString('en-US')} minutes billed, ${dollars} from the wallet`,
		...(corrections.length > 0
			? [
					'',
					`It corrects ${corrections.map((one) => one.month).join(', ')}: calls were heard of later.`
				]
			: []),
		'',
		`${origin}/reports/${month}`
	].join('\n');
	await tx`
		insert into mails (organization_id, key, "to", subject, text)
		select ${organization.id}, ${`usage-report:${organization.id}:${month}`}, u.email,
			${`Usage report ${name}: ${organization.name}`}, ${text}
		from users u where u.organization_id = ${organization.id} and u.role = 'manager'
		on conflict (key, "to") do nothing`;
}
