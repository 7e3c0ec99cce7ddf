import { eq } from 'drizzle-orm';
import { formatMicros } from '$lib/domain/money';
import type { OrganizationSettingsView } from '$lib/views';
import type { Database } from '../db/client';
import { callBalance, organizations } from '../db/schema/index';

export async function findSettings(
	db: Pick<Database, 'select'>,
	organizationId: number
): Promise<OrganizationSettingsView | null> {
	const [row] = await db
		.select({ organization: organizations, freezesOnDispute: callBalance.freezesOnDispute })
		.from(organizations)
		.innerJoin(callBalance, eq(callBalance.organizationId, organizations.id))
		.where(eq(organizations.id, organizationId));
	if (!row) return null;
	const { organization, freezesOnDispute } = row;
	return {
		id: organization.id,
		name: organization.name,
		timezone: organization.timezone,
		country: organization.country,
		billingMode: organization.billingMode,
		estimateMinutes: organization.estimateMinutes,
		overdraftMinutes: organization.overdraftMinutes,
		overdraftAmount: formatMicros(organization.overdraftAmount),
		deactivationPolicy: organization.deactivationPolicy,
		salesEmail: organization.salesEmail,
		salesPhone: organization.salesPhone,
		providers: [organization.defaultProvider, ...organization.providerFallbacks],
		freezesOnDispute,
		callSettings: {
			recordsCalls: organization.recordsCalls,
			recordingRetentionDays: organization.recordingRetentionDays,
			detectsMachines: organization.detectsMachines
		},
		archivedAt: organization.archivedAt?.toISOString() ?? null,
		createdAt: organization.createdAt.toISOString()
	};
}
