import { and, eq, sql } from 'drizzle-orm';
import type { WebhookIdInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { webhookEndpoints } from '../db/schema/index';
import { AppError } from '../errors';

/** Nothing is posted to the address any more, what waits included. */
export async function removeWebhook({
	ctx,
	input
}: {
	ctx: Context;
	input: WebhookIdInput;
}): Promise<{ removed: true }> {
	const person = requirePerson(ctx, 'webhooks.write');
	const organizationId = requireOrganizationId(person, undefined);
	return ctx.services.database.db.transaction(async (tx) => {
		const [gone] = await tx
			.update(webhookEndpoints)
			.set({ isActive: false })
			.where(
				and(
					eq(webhookEndpoints.organizationId, organizationId),
					eq(webhookEndpoints.id, input.endpointId),
					eq(webhookEndpoints.isActive, true)
				)
			)
			.returning({ id: webhookEndpoints.id, url: webhookEndpoints.url });
		if (!gone) throw new AppError('not_found', 'There is no such address.');
		await tx.execute(sql`
			update webhook_messages set state = 'failed', note = 'The address was removed.'
			where endpoint_id = ${gone.id} and state = 'waiting'`);
		await writeAudit(tx, ctx, { organizationId, action: 'webhook.remove', before: gone });
		return { removed: true };
	});
}
