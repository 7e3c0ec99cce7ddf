import type { WebhookEndpointView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { readEndpoints } from './webhook-endpoints';

export async function listWebhooks({ ctx }: { ctx: Context }): Promise<WebhookEndpointView[]> {
	const person = requirePerson(ctx, 'webhooks.write');
	const organizationId = requireOrganizationId(person, undefined);
	return readEndpoints(ctx.services.database.db, organizationId);
}
