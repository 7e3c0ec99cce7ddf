import { sql } from 'drizzle-orm';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { alertInboxes } from '../db/schema/index';

/** The person has looked at the inbox as it is now. */
export async function markAlertsSeen({ ctx }: { ctx: Context }): Promise<{ unseen: 0 }> {
	const { userId } = requirePerson(ctx, 'alerts.read');
	const seenAt = new Date(ctx.nowMs);
	await ctx.services.database.db
		.insert(alertInboxes)
		.values({ userId, seenAt })
		.onConflictDoUpdate({
			target: alertInboxes.userId,
			set: { seenAt: sql`greatest(${alertInboxes.seenAt}, excluded.seen_at)` }
		});
	return { unseen: 0 };
}
