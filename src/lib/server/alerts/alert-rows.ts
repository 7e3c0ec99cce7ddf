import { eq, inArray, sql } from 'drizzle-orm';
import type { AlertState } from '$lib/domain/alerts/machine';
import type { AlertView } from '$lib/views';
import type { Database } from '../db/client';
import { alerts, alertStates, organizations } from '../db/schema/index';
import type { ReadAlert } from './read-figures';

type Whose = Pick<ReadAlert, 'organizationId' | 'kind' | 'subject'>;

export interface StateRow extends AlertState, Whose {}

export interface RaisedAlert {
	view: AlertView;
	subject: string;
	numbers: Record<string, number | string>;
}

export function stateKey({ organizationId, kind, subject }: Whose): string {
	return `${organizationId ?? ''}:${kind}:${subject}`;
}

export async function readStates(tx: Pick<Database, 'select'>): Promise<Map<string, AlertState>> {
	const rows = await tx.select().from(alertStates);
	return new Map(
		rows.map((row) => [
			stateKey(row),
			{
				phase: row.phase,
				level: row.level,
				sinceMs: row.since.getTime(),
				toldAtMs: row.toldAt?.getTime() ?? null,
				toldLevel: row.toldLevel
			}
		])
	);
}

/** All of them in one statement. */
export async function writeStates(tx: Pick<Database, 'execute'>, rows: StateRow[]): Promise<void> {
	await tx.execute(sql`
		insert into alert_states (organization_id, kind, subject, phase, level, since, told_at, told_level)
		select (r->>'organizationId')::int, r->>'kind', r->>'subject', r->>'phase', (r->>'level')::int,
			to_timestamp((r->>'sinceMs')::float8 / 1000), to_timestamp((r->>'toldAtMs')::float8 / 1000),
			(r->>'toldLevel')::int
		from json_array_elements(${JSON.stringify(rows)}::json) r
		on conflict (organization_id, kind, subject) do update set phase = excluded.phase,
			level = excluded.level, since = excluded.since, told_at = excluded.told_at,
			told_level = excluded.told_level`);
}

export async function insertAlerts(
	tx: Pick<Database, 'insert'>,
	raised: RaisedAlert[]
): Promise<void> {
	if (raised.length === 0) return;
	await tx.insert(alerts).values(
		raised.map(({ view, subject, numbers }) => ({
			...{ id: view.id, organizationId: view.organizationId, kind: view.kind, subject, numbers },
			...{ level: view.level, title: view.title, message: view.message, isTold: view.isTold },
			raisedAt: new Date(view.raisedAt)
		}))
	);
}

/** Ends the open alerts of these. Returns them as they are then. */
export async function resolveAlerts(
	tx: Pick<Database, 'execute' | 'select'>,
	over: Whose[],
	nowMs: number
): Promise<AlertView[]> {
	if (over.length === 0) return [];
	const ended = await tx.execute<{ id: string }>(sql`
		update alerts a set resolved_at = to_timestamp(${nowMs} / 1000.0)
		from json_array_elements(${JSON.stringify(over)}::json) r
		where a.resolved_at is null and a.organization_id is not distinct from (r->>'organizationId')::int
			and a.kind = r->>'kind' and a.subject = r->>'subject'
		returning a.id`);
	if (ended.length === 0) return [];
	const ids = ended.map(({ id }) => id);
	const rows = await selectAlerts(tx).where(inArray(alerts.id, ids));
	return rows.map(toAlertView);
}

export function selectAlerts(db: Pick<Database, 'select'>) {
	return db
		.select({ alert: alerts, organizationName: organizations.name })
		.from(alerts)
		.leftJoin(organizations, eq(organizations.id, alerts.organizationId));
}

type AlertRow = Awaited<ReturnType<typeof selectAlerts>>[number];

export function toAlertView({ alert, organizationName }: AlertRow): AlertView {
	return {
		id: alert.id,
		organizationId: alert.organizationId,
		organizationName,
		kind: alert.kind,
		level: alert.level,
		title: alert.title,
		message: alert.message,
		isTold: alert.isTold,
		raisedAt: alert.raisedAt.toISOString(),
		resolvedAt: alert.resolvedAt?.toISOString() ?? null
	};
}
