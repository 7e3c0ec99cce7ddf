import { eq } from 'drizzle-orm';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { readCursors } from '../db/schema/index';
import { applyEvent, keepEvent } from './inbox';

const CURSOR = 'stripe_events';
/** Stripe goes on delivering for three days; on the first look all of them may be missing. */
const FIRST_LOOK_MS = 3 * 86_400_000;
/** An event may be under way while it is listed, and our clocks may differ. */
const OVERLAP_MS = 3_600_000;

/** Applies the events that no webhook of ours took, whatever was down (PROVIDERS.md 4.3, Catch-up). */
export async function catchUpWithStripe({
	ctx
}: {
	ctx: Context;
}): Promise<{ missed: number; applied: number }> {
	requirePermission(ctx, 'payments.refund');
	const { stripe, database, log } = ctx.services;
	if (!stripe) return { missed: 0, applied: 0 };
	const [cursor] = await database.db.select().from(readCursors).where(eq(readCursors.name, CURSOR));
	const sinceMs = cursor ? cursor.readUntil.getTime() - OVERLAP_MS : ctx.nowMs - FIRST_LOOK_MS;
	const events = await stripe.listMissedEvents(sinceMs);
	let applied = 0;
	for (const event of events) {
		const kept = await keepEvent(ctx, event);
		if (kept.isDone) continue;
		const outcome = await applyEvent(ctx, kept);
		if (outcome.state === 'applied') applied++;
	}
	const readUntil = new Date(ctx.nowMs);
	await database.db
		.insert(readCursors)
		.values({ name: CURSOR, readUntil })
		.onConflictDoUpdate({ target: readCursors.name, set: { readUntil } });
	if (applied > 0) log.warn({ applied }, 'Stripe: events came late, by asking');
	return { missed: events.length, applied };
}
