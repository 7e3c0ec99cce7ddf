import type { Context } from '../context';
import { addToBreakdowns } from './breakdown-rows';

/** Few enough that the transaction is short, many enough that a day of a big organisation is soon done. */
const CALLS_AT_ONCE = 2_000;

/**
 * Counts the calls that have ended since the last time. Each leaves the queue in the transaction that
 * counts it, so a crash loses none and counts none twice; several workers may count at once.
 */
export async function countCalls({ ctx }: { ctx: Context }): Promise<{ counted: number }> {
	const { sql } = ctx.services.database;
	let counted = 0;
	for (;;) {
		const [batch] = await sql<{ taken: number }[]>`
			with taken as (
				delete from call_stats_queue where call_id in (
					select call_id from call_stats_queue order by call_id limit ${CALLS_AT_ONCE}
					for update skip locked)
				returning call_id),
			counted as (${addToBreakdowns(
				sql,
				sql`taken t join calls c on c.id = t.call_id
				join organizations o on o.id = c.organization_id`
			)})
			select count(*)::int as taken from taken`;
		counted += batch?.taken ?? 0;
		if ((batch?.taken ?? 0) < CALLS_AT_ONCE) return { counted };
	}
}
