import { eq } from 'drizzle-orm';
import { DEFAULT_CALLING_HOURS, type CallingHours } from '$lib/domain/campaigns/calling-hours';
import type { Database } from '../db/client';
import { organizations } from '../db/schema/organizations';

/** When an organisation's leads may be called. */
export async function readCallingHours(
	db: Pick<Database, 'select'>,
	organizationId: number
): Promise<CallingHours> {
	const [hours] = await db
		.select({
			fromMinute: organizations.callingFromMinute,
			untilMinute: organizations.callingUntilMinute,
			days: organizations.callingDays
		})
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	return hours ?? DEFAULT_CALLING_HOURS;
}
