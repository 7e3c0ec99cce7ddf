import { v7 as uuid } from 'uuid';
import type { WebhookIdInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { insertMessages } from './queue-webhooks';
import { getEndpoint } from './webhook-endpoints';

/** Puts a message that means nothing on its way, so that the other end can be tried. */
export async function testWebhook({
	ctx,
	input
}: {
	ctx: Context;
	input: WebhookIdInput;
}): Promise<{ messageId: string }> {
	const person = requirePerson(ctx, 'webhooks.write');
	const organizationId = requireOrganizationId(person, undefined);
	const id = uuid({ msecs: ctx.nowMs });
	return ctx.services.database.db.transaction(async (tx) => {
		const endpoint = await getEndpoint(tx, organizationId, input.endpointId);
		const body = { type: 'test', timestamp: new Date(ctx.nowMs).toISOString(), data: {} };
		await insertMessages(tx, [{ id, organizationId, endpointId: endpoint.id, body }], ctx.nowMs);
		const after = { id: endpoint.id, messageId: id };
		await writeAudit(tx, ctx, { organizationId, action: 'webhook.test', after });
		return { messageId: id };
	});
}
