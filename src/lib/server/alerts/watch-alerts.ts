/**
 * Looks at every organisation and the platform, and raises and resolves alerts. One process looks at a time.
 * State, inbox, live events, mails and outgoing messages are one transaction: nothing is told that is not
 * kept, and after a crash nothing is told twice. Nothing foreign is asked here; mails and messages are rows.
 */
import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { ALERT_TIMES } from '$lib/domain/alerts/kinds';
import { ALERT_AT_REST, stepAlert, type AlertState } from '$lib/domain/alerts/machine';
import { alertWords } from '$lib/domain/alerts/words';
import type { AlertView } from '$lib/views';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { appendLiveEvents, lockOrganizations, type UntoldEvent } from '../live/append';
import {
	insertAlerts,
	readStates,
	resolveAlerts,
	stateKey,
	writeStates,
	type RaisedAlert,
	type StateRow
} from './alert-rows';
import { mailAlerts } from './mail-alerts';
import { queueWebhooks } from './queue-webhooks';
import { readOrganizationAlerts, readPlatformAlerts, type ReadAlert } from './read-figures';

/** Any number nobody else locks. */
const LOCK = 7_282_001;

export interface Watched {
	raised: number;
	resolved: number;
}

export async function watchAlerts({ ctx }: { ctx: Context }): Promise<Watched> {
	const { database, hub } = ctx.services;
	const told = await database.db.transaction(async (tx) => {
		const [lock] = await tx.execute<{ is_ours: boolean }>(
			sql`select pg_try_advisory_xact_lock(${LOCK}) as is_ours`
		);
		if (!lock?.is_ours) return null;
		const readings = [
			...(await readOrganizationAlerts(tx, ctx.nowMs)),
			...(await readPlatformAlerts(ctx, tx))
		];
		return tell(ctx, tx, step(readings, await readStates(tx), ctx.nowMs));
	});
	if (told === null) return { raised: 0, resolved: 0 };
	hub.publish(told.events);
	return { raised: told.raised, resolved: told.resolved };
}

interface Stepped {
	/** Those that changed. */
	states: StateRow[];
	raised: RaisedAlert[];
	/** Whose open alerts are over: well again, or raised anew as something worse. */
	over: StateRow[];
}

function step(readings: ReadAlert[], known: Map<string, AlertState>, nowMs: number): Stepped {
	const stepped: Stepped = { states: [], raised: [], over: [] };
	for (const reading of readings) {
		const before = known.get(stateKey(reading)) ?? ALERT_AT_REST;
		const { state, effect } = stepAlert(before, reading, ALERT_TIMES[reading.kind], nowMs);
		if (state === before) continue;
		const { organizationId, kind, subject } = reading;
		const row: StateRow = { organizationId, kind, subject, ...state };
		stepped.states.push(row);
		if (effect !== null) stepped.over.push(row);
		if (effect?.kind === 'raise') {
			const view = toView(reading, effect, nowMs);
			stepped.raised.push({ view, subject, numbers: reading.numbers });
		}
	}
	return stepped;
}

function toView(
	{ organizationId, organizationName, kind, subject, numbers }: ReadAlert,
	{ level, isTold }: { level: number; isTold: boolean },
	nowMs: number
): AlertView {
	return {
		id: uuid({ msecs: nowMs }),
		organizationId,
		organizationName,
		kind,
		level,
		...alertWords(kind, level, organizationName ?? subject, numbers),
		isTold,
		raisedAt: new Date(nowMs).toISOString(),
		resolvedAt: null
	};
}

async function tell(ctx: Context, tx: Database, { states, raised, over }: Stepped) {
	if (states.length === 0) return { raised: 0, resolved: 0, events: [] };
	const whose = states.flatMap(({ organizationId }) => organizationId ?? []);
	await lockOrganizations(tx, [...new Set(whose)]);
	await writeStates(tx, states);
	const ended = await resolveAlerts(tx, over, ctx.nowMs);
	await insertAlerts(tx, raised);
	const views = raised.map(({ view }) => view);
	const told = [...ended, ...views].filter(({ isTold }) => isTold);
	await mailAlerts(
		tx,
		views.filter(({ isTold }) => isTold)
	);
	await queueWebhooks(tx, told, ctx.nowMs);
	const events = await appendLiveEvents(tx, [...ended, ...views].flatMap(toEvent));
	return { raised: views.length, resolved: ended.length, events };
}

function toEvent(alert: AlertView): UntoldEvent[] {
	const { organizationId } = alert;
	if (organizationId === null) return [];
	return [{ organizationId, name: 'alert:created', payload: alert }];
}
