import { sql } from 'drizzle-orm';
import type { LiveEvent } from '$lib/views';
import type { DatabaseClient } from '../db/client';

/** The newest event number of every organisation. */
export async function readHeads(database: DatabaseClient): Promise<Map<number, number>> {
	const rows = await database.db.execute<{ organization_id: number; live_seq: string }>(
		sql`select organization_id, live_seq from organization_call_minutes`
	);
	return new Map(rows.map((row) => [row.organization_id, Number(row.live_seq)]));
}

/** Events of one organisation after `seq`, oldest first. */
export async function readOrganizationSince(
	database: DatabaseClient,
	organizationId: number,
	seq: number,
	limit: number
): Promise<LiveEvent[]> {
	const rows = await database.db.execute<EventRow>(
		sql`select organization_id, seq, name, payload from live_events
			where organization_id = ${organizationId} and seq > ${seq} order by seq limit ${limit}`
	);
	return rows.map(readEventRow);
}

/** Transactions below this id have ended: what they told is complete. */
export async function readFleetHorizon(database: DatabaseClient): Promise<string> {
	const [row] = await database.db.execute<{ horizon: string }>(
		sql`select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`
	);
	return row?.horizon ?? '0';
}

/** Events of every organisation that were not complete at `horizon`, each organisation's in order. */
export async function readFleetSince(
	database: DatabaseClient,
	horizon: string,
	limit: number
): Promise<LiveEvent[]> {
	const rows = await database.db.execute<EventRow>(
		sql`select organization_id, seq, name, payload from live_events
			where transaction_id >= ${horizon}::xid8 order by organization_id, seq limit ${limit}`
	);
	return rows.map(readEventRow);
}

interface EventRow extends Record<string, unknown> {
	organization_id: number;
	seq: string;
	name: string;
	payload: unknown;
}

/** The lane wrote name and payload together from one LiveEvent, so they still belong together. */
function readEventRow(row: EventRow): LiveEvent {
	return {
		organizationId: row.organization_id,
		seq: Number(row.seq),
		name: row.name,
		payload: row.payload
	} as LiveEvent;
}
