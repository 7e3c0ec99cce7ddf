/**
 * Live events of changes that are not the lane's. Their numbers are taken as the lane takes its own: under
 * the organisation's lock, which comes first and is held until the commit, so that they are gap-free and in
 * commit order, and so that no two transactions lock in different orders. No member may write a number or
 * an event: the service does both, and the work between them is bound to the organisation like any other of
 * a member's.
 */
import { eq, sql } from 'drizzle-orm';
import type { LiveEvent, LiveEventName, LivePayloads } from '$lib/views';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { TENANT_ROLE } from '../db/roles';
import { liveEvents, organizationCallMinutes as credit } from '../db/schema/index';

export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

export type Tell = <Name extends LiveEventName>(name: Name, payload: LivePayloads[Name]) => void;

/** Runs the work in one transaction, and tells what it told after the commit. */
export async function inLiveTransaction<Result>(
	ctx: Context,
	organizationId: number,
	work: (tx: Transaction, tell: Tell) => Promise<Result>
): Promise<Result> {
	const { hub } = ctx.services;
	const events: LiveEvent[] = [];
	const result = await hub.database.db.transaction(async (tx) => {
		const own = eq(credit.organizationId, organizationId);
		const [row] = await tx.select({ seq: credit.liveSeq }).from(credit).where(own).for('update');
		if (!row) throw new Error(`Organization ${organizationId} has no credit row`);
		await tx.execute(sql`
			select set_config('app.organization_id', ${String(organizationId)}, true),
				set_config('role', ${TENANT_ROLE}, true)`);
		const done = await work(tx, (name, payload) => {
			const seq = row.seq + events.length + 1;
			// Name and payload come as a pair, as the signature of `tell` has them.
			events.push({ organizationId, seq, name, payload } as LiveEvent);
		});
		if (events.length === 0) return done;
		await tx.execute(sql`select set_config('role', 'none', true)`);
		await tx.insert(liveEvents).values(events);
		await tx
			.update(credit)
			.set({ liveSeq: row.seq + events.length })
			.where(own);
		return done;
	});
	if (events.length > 0) hub.publish(events);
	return result;
}
