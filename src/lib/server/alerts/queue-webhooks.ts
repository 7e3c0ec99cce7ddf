import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { AlertView } from '$lib/views';
import type { Database } from '../db/client';

/** A message for each address of each alert's organisation; sent by `send-webhooks`. */
export async function queueWebhooks(
	tx: Pick<Database, 'execute'>,
	alerts: AlertView[],
	nowMs: number
): Promise<void> {
	const messages = alerts
		.filter(({ organizationId }) => organizationId !== null)
		.map((alert) => ({
			organizationId: alert.organizationId,
			body: {
				type: alert.resolvedAt === null ? 'alert.raised' : 'alert.resolved',
				timestamp: new Date(nowMs).toISOString(),
				data: alert
			}
		}));
	if (messages.length === 0) return;
	const endpoints = await tx.execute<{ id: string; organization_id: number }>(sql`
		select id, organization_id from webhook_endpoints where is_active and organization_id in (
			select (m->>'organizationId')::int from json_array_elements(${JSON.stringify(messages)}::json) m)`);
	const rows = messages.flatMap((message) =>
		endpoints
			.filter(({ organization_id }) => organization_id === message.organizationId)
			.map(({ id }) => ({ ...message, id: uuid({ msecs: nowMs }), endpointId: id }))
	);
	await insertMessages(tx, rows, nowMs);
}

export interface NewMessage {
	id: string;
	organizationId: number | null;
	endpointId: string;
	body: object;
}

export async function insertMessages(
	tx: Pick<Database, 'execute'>,
	rows: NewMessage[],
	nowMs: number
): Promise<void> {
	if (rows.length === 0) return;
	await tx.execute(sql`
		insert into webhook_messages (id, organization_id, endpoint_id, body, send_at, created_at)
		select (r->>'id')::uuid, (r->>'organizationId')::int, (r->>'endpointId')::uuid, (r->'body')::jsonb,
			to_timestamp(${nowMs} / 1000.0), to_timestamp(${nowMs} / 1000.0)
		from json_array_elements(${JSON.stringify(rows)}::json) r`);
}
