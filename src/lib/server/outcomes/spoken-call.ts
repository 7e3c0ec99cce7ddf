import { and, eq } from 'drizzle-orm';
import type { Person } from '../context';
import { calls } from '../db/schema/calls';
import { AppError } from '../errors';
import type { Transaction } from '../live/append';

/** Of a call, what an outcome is about. */
export interface SpokenCall {
	id: string;
	organizationId: number;
	contactId: string | null;
	to: string;
	userId: string | null;
}

/**
 * A call the person may speak of: an agent of their own, or of one that nobody made.
 * @throws AppError `not_found`, `forbidden`
 */
export async function getSpokenCall(
	tx: Transaction,
	person: Person,
	organizationId: number,
	callId: string
): Promise<SpokenCall> {
	const [call] = await tx
		.select({
			id: calls.id,
			organizationId: calls.organizationId,
			contactId: calls.contactId,
			to: calls.to,
			userId: calls.userId
		})
		.from(calls)
		.where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId)));
	if (!call) throw new AppError('not_found', 'There is no such call.');
	if (person.role === 'agent' && call.userId !== null && call.userId !== person.userId) {
		throw new AppError('forbidden', 'Only who made the call, or a manager, may do this.');
	}
	return call;
}
