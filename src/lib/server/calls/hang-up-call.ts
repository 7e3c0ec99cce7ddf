import type { CallIdInput } from '$lib/inputs';
import { isTerminal } from '$lib/domain/call/status';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { CannotHangUp } from '../providers/types';
import { getOwnCall } from './get-own-call';

/**
 * Asks the provider to end a live call. The call ends when the provider says so: its final callback
 * carries the seconds that are charged.
 */
export async function hangUpCall({
	ctx,
	input
}: {
	ctx: Context;
	input: CallIdInput;
}): Promise<{ requested: true }> {
	const person = requirePerson(ctx, 'calls.hang_up');
	const { call } = await getOwnCall(ctx, person, input.callId);
	if (isTerminal(call.status)) return { requested: true };
	if (call.device === 'browser' && call.parentCallId === null) {
		const closed = await ctx.services.lane.submit({
			kind: 'close_submit',
			callId: call.id,
			outcome: 'cancelled',
			endReason: 'cancelled'
		});
		// Otherwise the browser connected at this very moment: now there is a leg to end.
		return closed.kind === 'closed' ? { requested: true } : hangUpCall({ ctx, input });
	}
	const adapter = ctx.services.providers[call.provider];
	// Before the lead's leg is known, a browser call is ended where it began.
	const leg = call.providerCallId ?? call.parentCallId;
	if (!adapter || leg === null) {
		throw new AppError(
			'conflict',
			'The call cannot be hung up yet: the provider has not confirmed it. Try again in a moment.'
		);
	}
	try {
		await adapter.hangUp(leg);
	} catch (error) {
		if (error instanceof CannotHangUp) throw new AppError('conflict', error.message);
		ctx.services.log.warn({ err: error, call: call.id }, 'hang up failed');
		throw new AppError(
			'provider_failed',
			'The call was not hung up: the provider did not answer. Try again.'
		);
	}
	return { requested: true };
}
