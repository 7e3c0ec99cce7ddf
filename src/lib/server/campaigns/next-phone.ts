import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '../db/client';
import { campaignLeads } from '../db/schema/index';

/** The number of the waiting lead that is due first. */
export async function nextPhone(
	db: Pick<Database, 'select'>,
	campaignId: string
): Promise<string | null> {
	const [next] = await db
		.select({ phone: campaignLeads.phone })
		.from(campaignLeads)
		.where(and(eq(campaignLeads.campaignId, campaignId), eq(campaignLeads.state, 'waiting')))
		.orderBy(asc(campaignLeads.nextAttemptAt), asc(campaignLeads.position))
		.limit(1);
	return next?.phone ?? null;
}
