/**
 * Asks providers to place a call that is held and committed, one after the other: the next one only where
 * the one before refused, because a refusal proves that nothing was placed. After anything unclear nobody
 * is asked again (PROVIDERS.md section 0, point 6).
 */
import type { Call } from '$lib/domain/call/call';
import { mayAnotherSucceed } from '$lib/domain/providers/refusals';
import type { Context } from '../context';
import { AppError, type AppErrorCode } from '../errors';
import type { CreateCallRequest, ProviderAdapter } from '../providers/types';
import type { Carriers } from './choose-providers';
import { findCallerId } from './find-caller-id';
import { endGivenUp } from './end-given-up';
import { whyNotDialled } from './why-not-dialled';

/** @throws AppError when every provider refused; the call has failed then and its hold is back */
export async function submitCall(
	ctx: Context,
	call: Call,
	[adapter, ...others]: Carriers,
	wishes: Pick<CreateCallRequest, 'agentPhone' | 'isRecorded' | 'detectsMachine'>
): Promise<void> {
	const { lane, log } = ctx.services;
	const outcome = await adapter.createCall({
		callId: call.id,
		from: call.from,
		to: call.to,
		timeLimitSeconds: call.timeLimitSeconds,
		askWhyNot: () => whyNotDialled(ctx, call),
		...wishes
	});
	switch (outcome.kind) {
		case 'accepted': {
			const { providerCallId } = outcome;
			const { kind } = await lane.submit({
				kind: 'bind_provider_call',
				callId: call.id,
				provider: call.provider,
				providerCallId
			});
			if (kind === 'bound_late') void endGivenUp(ctx.services, { ...call, providerCallId });
			return;
		}
		case 'refused': {
			const { endReason, message } = outcome;
			const moved = mayAnotherSucceed(endReason)
				? await moveCall(ctx, call, adapter, others)
				: null;
			if (moved) {
				const to = moved.carriers[0].name;
				log.warn(
					{ call: call.id, provider: adapter.name, reason: endReason, to },
					'create: falls over'
				);
				return submitCall(ctx, moved.call, moved.carriers, wishes);
			}
			await lane.submit({ kind: 'close_submit', callId: call.id, outcome: 'refused', endReason });
			throw new AppError(CODES[endReason] ?? 'provider_failed', message);
		}
		case 'unknown':
			// Perhaps it rings. Not redialled and not billed: the hold stays until the sweeper knows.
			log.warn({ call: call.id, reason: outcome.message }, 'create call: no clear answer');
			await lane.submit({
				kind: 'close_submit',
				callId: call.id,
				outcome: 'unknown',
				endReason: 'unknown'
			});
			return;
	}
}

/** What the reasons that are our own are called; whatever else was the provider's. */
const CODES: Record<string, AppErrorCode> = {
	provider_unavailable: 'provider_unavailable',
	organization_inactive: 'organization_inactive',
	calling_paused: 'calling_paused'
};

/**
 * The call under its new provider: the first whose own length of a call, if it has one, can be held.
 * @returns null when there is none, or the call was heard of or its organisation was stopped meanwhile
 */
async function moveCall(
	ctx: Context,
	call: Call,
	from: ProviderAdapter,
	[to, ...others]: ProviderAdapter[]
): Promise<{ call: Call; carriers: Carriers } | null> {
	const { organizationId, country } = call;
	if (!to || (await whyNotDialled(ctx, call))) return null;
	const result = await ctx.services.lane.submit({
		kind: 'change_provider',
		callId: call.id,
		from: { provider: from.name },
		to: {
			provider: to.name,
			from: await findCallerId(ctx, to, { organizationId, country, e164: call.to }),
			canBeCut: to.capabilities.canHangUp,
			fixedSeconds: to.capabilities.fixedCallSeconds
		}
	});
	if (result.kind === 'not_covered') return moveCall(ctx, call, from, others);
	return result.kind === 'changed' ? { call: result.call, carriers: [to, ...others] } : null;
}
