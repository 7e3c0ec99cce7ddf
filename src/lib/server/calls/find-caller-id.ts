import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { chooseCallerId } from '$lib/domain/providers/caller-id';
import type { Context } from '../context';
import { writeOnce } from '../db/prepared';
import { callerIds } from '../db/schema/index';
import type { ProviderAdapter } from '../providers/types';

const callerIdsFor = writeOnce((db) =>
	db
		.select()
		.from(callerIds)
		.where(
			and(
				eq(callerIds.provider, sql.placeholder('provider')),
				eq(callerIds.isActive, true),
				or(
					eq(callerIds.organizationId, sql.placeholder('organizationId')),
					isNull(callerIds.organizationId)
				)
			)
		)
		.prepare('caller_ids_for')
);

/** The number a call is made from: of the pool, or the provider's own. */
export async function findCallerId(
	ctx: Context,
	{ name: provider, fromNumber }: ProviderAdapter,
	call: { organizationId: number; country: string; e164: string }
): Promise<string> {
	const { organizationId, country, e164: to } = call;
	const pool = await callerIdsFor(ctx.services.database.db).execute({ organizationId, provider });
	return chooseCallerId(pool, { organizationId, provider, country, to }) ?? fromNumber;
}
