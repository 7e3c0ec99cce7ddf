import { sql } from 'drizzle-orm';
import type { Context } from '../context';

const ROWS_AT_ONCE = 5_000;
const DAY_MS = 86_400_000;

/**
 * Empties deliveries that did their work and were kept long enough. Their rows stay: they keep repeats
 * out, and say what happened. What failed or found no call keeps its body until somebody has looked.
 */
export async function removeOldBodies({ ctx }: { ctx: Context }): Promise<{ removed: number }> {
	const { config, database } = ctx.services;
	const beforeMs = ctx.nowMs - config.deliveryRetentionDays * DAY_MS;
	let removed = 0;
	for (;;) {
		const rows = await database.db.execute(sql`
			update deliveries set body = '{}', event = null, body_removed_at = to_timestamp(${ctx.nowMs} / 1000.0)
			where id in (select id from deliveries where body_removed_at is null and state in ('applied', 'ignored')
				and received_at < to_timestamp(${beforeMs} / 1000.0) limit ${ROWS_AT_ONCE}) returning id`);
		removed += rows.length;
		if (rows.length < ROWS_AT_ONCE) return { removed };
	}
}
