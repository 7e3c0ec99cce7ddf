import { eq } from 'drizzle-orm';
import type { CallingHoursView } from '$lib/views';
import type { Database } from '../db/client';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';

export const HOURS = {
	fromMinute: organizations.callingFromMinute,
	untilMinute: organizations.callingUntilMinute,
	days: organizations.callingDays,
	callsPerNumberDay: organizations.callsPerNumberDay
};

/** When an organisation's leads may be called, by their own clock. */
export async function readCallingHours(
	db: Pick<Database, 'select'>,
	organizationId: number
): Promise<CallingHoursView> {
	const [hours] = await db
		.select(HOURS)
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	if (!hours) throw new AppError('not_found', 'There is no such organisation.');
	return hours;
}
