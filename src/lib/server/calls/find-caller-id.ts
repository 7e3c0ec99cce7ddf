import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { chooseCallerId, type CallerId } from '$lib/domain/providers/caller-id';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { callerIds } from '../db/schema/index';
import type { ProviderAdapter } from '../providers/types';

/** The pool: the numbers an organisation may call from, its own and everybody's. */
export function callerIdRows(db: Pick<Database, 'select'>) {
	return db
		.select({
			organizationId: callerIds.organizationId,
			provider: callerIds.provider,
			number: callerIds.number,
			country: callerIds.country
		})
		.from(callerIds)
		.where(
			and(
				eq(callerIds.isActive, true),
				// Every provider: the index begins with it.
				inArray(callerIds.provider, callerIds.provider.enumValues),
				or(
					eq(callerIds.organizationId, sql.placeholder('organizationId')),
					isNull(callerIds.organizationId)
				)
			)
		);
}

const callerIdsOf = writeOnce((db: Pick<Database, 'select'>) =>
	callerIdRows(db).prepare('caller_ids_of')
);

interface Dialled {
	organizationId: number;
	country: string;
	e164: string;
}

/** The number a call is made from: of the pool, or the provider's own. */
export function callerIdOf(
	pool: readonly CallerId[],
	{ name: provider, fromNumber }: ProviderAdapter,
	{ organizationId, country, e164: to }: Dialled
): string {
	return chooseCallerId(pool, { organizationId, provider, country, to }) ?? fromNumber;
}

/** The same, of a pool that is read for this call. */
export async function findCallerId(
	ctx: Context,
	adapter: ProviderAdapter,
	call: Dialled
): Promise<string> {
	const { organizationId } = call;
	const pool = await callerIdsOf(ctx.services.database.quick).execute({ organizationId });
	return callerIdOf(pool, adapter, call);
}
