import { and, eq } from 'drizzle-orm';
import type { WebhookIdInput } from '$lib/inputs';
import type { WebhookEndpointView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { webhookEndpoints } from '../db/schema/index';
import { AppError } from '../errors';
import { getEndpoint, newSecret } from './webhook-endpoints';

/** Both secrets sign for so long, so that nobody has to change theirs at the same moment. */
const OVERLAP_MS = 24 * 3_600_000;

/** Gives an address a new secret, shown this once. The one before signs too for a day. */
export async function rotateWebhook({
	ctx,
	input
}: {
	ctx: Context;
	input: WebhookIdInput;
}): Promise<{ endpoint: WebhookEndpointView; secret: string }> {
	const person = requirePerson(ctx, 'webhooks.write');
	const organizationId = requireOrganizationId(person, undefined);
	const secret = newSecret();
	const isOurs = and(
		eq(webhookEndpoints.organizationId, organizationId),
		eq(webhookEndpoints.id, input.endpointId),
		eq(webhookEndpoints.isActive, true)
	);
	return ctx.services.database.db.transaction(async (tx) => {
		const [before] = await tx.select().from(webhookEndpoints).where(isOurs).for('update');
		if (!before) throw new AppError('not_found', 'There is no such address.');
		await tx
			.update(webhookEndpoints)
			.set({
				secret,
				previousSecret: before.secret,
				previousSecretUntil: new Date(ctx.nowMs + OVERLAP_MS)
			})
			.where(isOurs);
		const after = { id: before.id, url: before.url };
		await writeAudit(tx, ctx, { organizationId, action: 'webhook.rotate_secret', after });
		return { endpoint: await getEndpoint(tx, organizationId, before.id), secret };
	});
}
