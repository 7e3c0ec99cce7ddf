import { and, asc, desc, eq } from 'drizzle-orm';
import { DEFAULT_DISPOSITIONS } from '$lib/domain/outcomes/dispositions';
import type { DispositionView } from '$lib/views';
import type { Database } from '../db/client';
import { dispositions } from '../db/schema/outcomes';

/** What an organisation begins with. */
export async function addDefaultDispositions(
	db: Pick<Database, 'insert'>,
	organizationId: number
): Promise<void> {
	await db
		.insert(dispositions)
		.values(
			DEFAULT_DISPOSITIONS.map((one, index) => ({ ...one, organizationId, position: index + 1 }))
		);
}

/** In the order of their keys; those no longer offered only when asked for, last. */
export async function readDispositions(
	db: Pick<Database, 'select'>,
	organizationId: number,
	{ withRetired = false } = {}
): Promise<DispositionView[]> {
	return db
		.select({
			id: dispositions.id,
			kind: dispositions.kind,
			label: dispositions.label,
			position: dispositions.position,
			isActive: dispositions.isActive
		})
		.from(dispositions)
		.where(
			and(
				eq(dispositions.organizationId, organizationId),
				withRetired ? undefined : dispositions.isActive
			)
		)
		.orderBy(desc(dispositions.isActive), asc(dispositions.position), asc(dispositions.id));
}
