import { userOf } from '$lib/domain/lane/facts';
import { actorOf } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { auditLog } from '../db/schema/index';

export interface AuditEntry {
	/** Null: it is about no organisation. */
	organizationId: number | null;
	action: string;
	before?: object;
	after?: object;
}

/** Writes who changed what, in the transaction of the change. Changes of calls and credit are the lane's. */
export async function writeAudit(
	tx: Pick<Database, 'insert'>,
	ctx: Context,
	entry: AuditEntry
): Promise<void> {
	const actor = actorOf(ctx);
	await tx.insert(auditLog).values({
		...entry,
		actorKind: actor.kind,
		actorUserId: userOf(actor),
		...actor.from,
		createdAt: new Date(ctx.nowMs)
	});
}
