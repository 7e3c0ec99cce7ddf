import { eq } from 'drizzle-orm';
import type { SetProvidersInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';

/** Sets which providers carry an organisation's calls: the first one, and in their order those after it. */
export async function setProviders({
	ctx,
	input
}: {
	ctx: Context;
	input: SetProvidersInput;
}): Promise<{ order: SetProvidersInput['order'] }> {
	requirePermission(ctx, 'organizations.switch');
	const [defaultProvider, ...providerFallbacks] = [...new Set(input.order)];
	const missing = input.order.find((name) => ctx.services.providers[name] === undefined);
	if (missing !== undefined || defaultProvider === undefined) {
		const sentence = `order names ${missing}, which is not set up here.`;
		throw new AppError('invalid', sentence, { order: sentence });
	}
	await ctx.services.database.db.transaction(async (tx) => {
		const [before] = await tx
			.select({
				defaultProvider: organizations.defaultProvider,
				providerFallbacks: organizations.providerFallbacks
			})
			.from(organizations)
			.where(eq(organizations.id, input.organizationId))
			.for('update');
		if (!before) throw new AppError('not_found', 'organization_id names no organisation.');
		await tx
			.update(organizations)
			.set({ defaultProvider, providerFallbacks })
			.where(eq(organizations.id, input.organizationId));
		await writeAudit(tx, ctx, {
			organizationId: input.organizationId,
			action: 'organization.set_providers',
			before,
			after: { defaultProvider, providerFallbacks }
		});
	});
	return { order: [defaultProvider, ...providerFallbacks] };
}
