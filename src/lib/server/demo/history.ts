/** Ninety days of calls, so that a person who starts the demo sees history, charts and reports. */
import { randomBytes } from 'node:crypto';
import { loadHistory } from '../analytics/load-history';
import { createUser } from '../auth/create-user';
import { sealReports } from '../reports/seal-reports';
import type { Context } from '../context';

const DAYS = 90;

interface PastOf {
	organization: string;
	calls: number;
	/** Agents besides the demo logins: nobody signs in as them. */
	colleagues: string[];
}

const PASTS: PastOf[] = [
	{ organization: 'Asha Travels', calls: 2_400, colleagues: ['Kavya Rao', 'Rohan Mehta'] },
	{ organization: 'Northwind Insurance', calls: 900, colleagues: ['Ben Alvarez'] }
];

export async function seedHistory(ctx: Context, idByName: Map<string, number>): Promise<void> {
	for (const { organization, calls, colleagues } of PASTS) {
		const organizationId = idByName.get(organization);
		if (organizationId === undefined) continue;
		for (const name of colleagues) {
			const mailbox = name.toLowerCase().replace(' ', '.');
			const email = `${mailbox}@${organization.split(' ')[0]?.toLowerCase()}.example`;
			const password = randomBytes(24).toString('base64url');
			await createUser({ ctx, input: { email, name, password, role: 'agent', organizationId } });
		}
		const reason = 'Credit of the last quarter';
		await loadHistory({ ctx, input: { organizationId, calls, days: DAYS, reason } });
	}
	await sealReports({ ctx });
}
