import { v7 as uuid } from 'uuid';
import type { AddWebhookInput } from '$lib/inputs';
import type { WebhookEndpointView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { webhookEndpoints } from '../db/schema/index';
import { AppError } from '../errors';
import { addressTrouble } from './post-webhook';
import { getEndpoint, newSecret, readEndpoints } from './webhook-endpoints';

export const WEBHOOKS_MAX = 5;

/** Lets an address of the organisation's own be posted its alerts. The secret is shown this once. */
export async function addWebhook({
	ctx,
	input
}: {
	ctx: Context;
	input: AddWebhookInput;
}): Promise<{ endpoint: WebhookEndpointView; secret: string }> {
	const person = requirePerson(ctx, 'webhooks.write');
	const organizationId = requireOrganizationId(person, undefined);
	const trouble = addressTrouble(input.url, ctx.services.config.isDemo);
	if (trouble) throw new AppError('invalid', trouble, { url: trouble });
	const id = uuid({ msecs: ctx.nowMs });
	const secret = newSecret();
	return ctx.services.database.db.transaction(async (tx) => {
		const known = await readEndpoints(tx, organizationId);
		if (known.some(({ url }) => url === input.url)) {
			const sentence = 'url is posted to already.';
			throw new AppError('conflict', sentence, { url: sentence });
		}
		if (known.length >= WEBHOOKS_MAX) {
			const sentence = `There can be at most ${WEBHOOKS_MAX} addresses: remove one first.`;
			throw new AppError('conflict', sentence, { url: sentence });
		}
		const createdBy = person.userId;
		await tx.insert(webhookEndpoints).values({
			...{ id, organizationId, url: input.url, secret, createdBy },
			createdAt: new Date(ctx.nowMs)
		});
		await writeAudit(tx, ctx, { organizationId, action: 'webhook.add', after: { id, ...input } });
		return { endpoint: await getEndpoint(tx, organizationId, id), secret };
	});
}
