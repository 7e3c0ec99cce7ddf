/** What is common to the verbs about an organisation's own webhook addresses. */
import { randomBytes } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import type { WebhookEndpointView, WebhookMessageView } from '$lib/views';
import type { Database } from '../db/client';
import { users, webhookEndpoints, webhookMessages } from '../db/schema/index';
import { AppError } from '../errors';

/** As Standard Webhooks wants it: 24 random bytes in base64, with a prefix that says what it is. */
export function newSecret(): string {
	return `whsec_${randomBytes(24).toString('base64')}`;
}

const MESSAGES_SHOWN = 5;

export async function readEndpoints(
	db: Pick<Database, 'select'>,
	organizationId: number,
	endpointId?: string
): Promise<WebhookEndpointView[]> {
	const endpoints = await db
		.select({ endpoint: webhookEndpoints, createdBy: users.name })
		.from(webhookEndpoints)
		.leftJoin(users, eq(users.id, webhookEndpoints.createdBy))
		.where(
			and(
				eq(webhookEndpoints.organizationId, organizationId),
				eq(webhookEndpoints.isActive, true),
				endpointId === undefined ? undefined : eq(webhookEndpoints.id, endpointId)
			)
		)
		.orderBy(webhookEndpoints.id);
	const messages = await readMessages(
		db,
		endpoints.map(({ endpoint }) => endpoint.id)
	);
	return endpoints.map(({ endpoint, createdBy }) => ({
		id: endpoint.id,
		url: endpoint.url,
		createdAt: endpoint.createdAt.toISOString(),
		createdBy,
		previousSecretUntil: endpoint.previousSecretUntil?.toISOString() ?? null,
		messages: messages.filter((row) => row.endpointId === endpoint.id).map(toMessageView)
	}));
}

/** The address of an organisation's own. @throws AppError `not_found` */
export async function getEndpoint(
	db: Pick<Database, 'select'>,
	organizationId: number,
	endpointId: string
): Promise<WebhookEndpointView> {
	const [found] = await readEndpoints(db, organizationId, endpointId);
	if (!found) throw new AppError('not_found', 'There is no such address.');
	return found;
}

/** The newest few of each address: there are few addresses, and an index for each. */
async function readMessages(db: Pick<Database, 'select'>, endpointIds: string[]) {
	const ofEach = endpointIds.map((endpointId) =>
		db
			.select()
			.from(webhookMessages)
			.where(eq(webhookMessages.endpointId, endpointId))
			.orderBy(desc(webhookMessages.id))
			.limit(MESSAGES_SHOWN)
	);
	return (await Promise.all(ofEach)).flat();
}

function toMessageView(row: typeof webhookMessages.$inferSelect): WebhookMessageView {
	return {
		id: row.id,
		type: 'type' in row.body && typeof row.body.type === 'string' ? row.body.type : '',
		state: row.state,
		attempts: row.attempts,
		note: row.note,
		createdAt: row.createdAt.toISOString(),
		nextAt: row.state === 'waiting' ? row.sendAt.toISOString() : null
	};
}
