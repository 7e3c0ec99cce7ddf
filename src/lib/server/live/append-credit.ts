/**
 * How an organisation's credit is after a change of a super admin's, told as the lane tells it: numbered
 * under the organisation's lock, which is taken first, in the transaction of the change. Unlike append.ts
 * it is not bound to the organisation: what members may not change is changed here.
 */
import { eq, sql } from 'drizzle-orm';
import type { LiveEvent } from '$lib/views';
import type { Database } from '../db/client';
import { liveEvents, organizationCallMinutes } from '../db/schema/index';
import { AppError } from '../errors';
import { findMinutes } from '../minutes/minutes-rows';
import { findCredits } from '../wallet/credit-rows';

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Locks an organisation against the lane. @throws AppError `not_found` */
export async function lockOrganization(tx: Transaction, organizationId: number): Promise<void> {
	const [locked] = await tx
		.select({ id: organizationCallMinutes.organizationId })
		.from(organizationCallMinutes)
		.where(eq(organizationCallMinutes.organizationId, organizationId))
		.for('update');
	if (!locked) throw new AppError('not_found', 'organization_id names no organisation.');
}

/** Writes how credit is now. @returns what is published after the commit */
export async function appendCredit(
	tx: Transaction,
	organizationId: number,
	nowMs: number
): Promise<LiveEvent[]> {
	const [head] = await tx
		.update(organizationCallMinutes)
		.set({ liveSeq: sql`${organizationCallMinutes.liveSeq} + 2`, updatedAt: new Date(nowMs) })
		.where(eq(organizationCallMinutes.organizationId, organizationId))
		.returning({ seq: organizationCallMinutes.liveSeq });
	const minutes = await findMinutes(tx, organizationId, nowMs);
	const credits = await findCredits(tx, organizationId);
	if (!head || !minutes || !credits)
		throw new Error(`Organization ${organizationId} has no credit`);
	const [first, second] = [head.seq - 1, head.seq];
	const events: LiveEvent[] = [
		{
			organizationId,
			seq: first,
			name: 'credits:updated',
			payload: { ...credits, version: first }
		},
		{
			organizationId,
			seq: second,
			name: 'minutes:updated',
			payload: { ...minutes, version: second }
		}
	];
	await tx.insert(liveEvents).values(events);
	return events;
}
