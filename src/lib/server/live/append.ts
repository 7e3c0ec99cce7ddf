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

/** What is to be told; the number comes with the commit. */
export type UntoldEvent = LiveEvent extends infer Event
	? Event extends LiveEvent
		? Omit<Event, 'seq'>
		: never
	: never;

/**
 * The lane's locks of these organisations, in its order. Whoever writes rows of theirs before
 * `appendLiveEvents` takes them first: a foreign key locks the organisation too, which the lane then waits for
 * with its own lock taken, and each would wait for the other.
 */
export async function lockOrganizations(
	tx: Pick<Database, 'execute'>,
	organizationIds: number[]
): Promise<void> {
	if (organizationIds.length === 0) return;
	await tx.execute(sql`
		select 1 from organization_call_minutes
		where organization_id in (select value::int from json_array_elements_text(
			${JSON.stringify(organizationIds)}::json))
		order by organization_id for update`);
}

/**
 * Events of many organisations in the caller's own transaction, in a few statements: for jobs, which are the
 * service. Locks are taken in the lane's order. Who calls this publishes the events after the commit.
 */
export async function appendLiveEvents(
	tx: Pick<Database, 'execute'>,
	events: UntoldEvent[]
): Promise<LiveEvent[]> {
	if (events.length === 0) return [];
	await lockOrganizations(tx, [...new Set(events.map(({ organizationId }) => organizationId))]);
	const rows = await tx.execute<{ organization_id: number; seq: string; place: string }>(sql`
		with told as (
			select (event->>'organizationId')::int as organization_id, event->>'name' as name,
				event->'payload' as payload, place
			from json_array_elements(${JSON.stringify(events)}::json) with ordinality e(event, place)),
		numbered as (
			update organization_call_minutes m set live_seq = m.live_seq + t.events
			from (select organization_id, count(*) as events from told group by 1) t
			where m.organization_id = t.organization_id
			returning m.organization_id, m.live_seq - t.events as before),
		placed as (
			select t.*, n.before + row_number() over (partition by organization_id order by place) as seq
			from told t join numbered n using (organization_id)),
		inserted as (
			insert into live_events (organization_id, seq, name, payload)
			select organization_id, seq, name, payload from placed)
		select organization_id, seq, place from placed order by place`);
	return rows.flatMap((row) => {
		const event = events[Number(row.place) - 1];
		return event ? [{ ...event, seq: Number(row.seq) } as LiveEvent] : []; // its own, with the number
	});
}
