import { and, eq, isNull, or } from 'drizzle-orm';
import { chooseCallerId } from '$lib/domain/providers/caller-id';
import type { Context } from '../context';
import { callerIds } from '../db/schema/index';
import type { ProviderAdapter } from '../providers/types';

/** The number a call is made from: of the pool, or the provider's own. */
export async function findCallerId(
	ctx: Context,
	{ name: provider, fromNumber }: ProviderAdapter,
	call: { organizationId: number; country: string; e164: string }
): Promise<string> {
	const { organizationId, country, e164: to } = call;
	const pool = await ctx.services.database.db
		.select()
		.from(callerIds)
		.where(
			and(
				eq(callerIds.provider, provider),
				eq(callerIds.isActive, true),
				or(eq(callerIds.organizationId, organizationId), isNull(callerIds.organizationId))
			)
		);
	return chooseCallerId(pool, { organizationId, provider, country, to }) ?? fromNumber;
}
