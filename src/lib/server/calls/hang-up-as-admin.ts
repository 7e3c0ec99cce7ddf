import { isTerminal } from '$lib/domain/call/status';
import type { HangUpAsAdminInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { getOwnCall } from './get-own-call';
import { hangUpCall } from './hang-up-call';

/**
 * Ends anybody's live call, for a reason. That it was asked for is written down before the provider is
 * asked: whatever it answers, the order and its reason are known.
 */
export async function hangUpAsAdmin({
	ctx,
	input: { callId, reason }
}: {
	ctx: Context;
	input: HangUpAsAdminInput;
}): Promise<{ requested: true }> {
	const person = requirePerson(ctx, 'calls.hang_up_any');
	const { call } = await getOwnCall(ctx, person, callId);
	if (isTerminal(call.status)) {
		throw new AppError('conflict', 'Nothing was hung up: the call has ended already.');
	}
	await ctx.services.database.db.transaction((tx) =>
		writeAudit(tx, ctx, {
			organizationId: call.organizationId,
			action: 'call.hang_up',
			before: { status: call.status },
			after: { callId, reason }
		})
	);
	return hangUpCall({ ctx, input: { callId } });
}
