import { isTerminal } from '../call/status';
import { coveredSeconds } from '../credit/types';
import type { ChangeProvider } from './commands';
import type { Decision } from './place';
import type { LaneState } from './state';

/**
 * Moves a call to another provider after the first one refused it and so proved that nothing was placed.
 * The call keeps its row and its hold. Where the new provider cannot be hung up, what is held is all the
 * call may last. A call that anything was heard of since stays where it is.
 */
export function changeProvider(
	state: LaneState,
	command: ChangeProvider,
	nowMs: number
): Decision<'change_provider'> {
	const call = state.calls.get(command.callId);
	if (!call) return { result: { kind: 'unknown_call' }, changes: {} };
	const wentOn =
		isTerminal(call.status) ||
		call.providerCallId !== null ||
		call.submitState !== 'submitting' ||
		call.provider !== command.from.provider;
	const hold = state.openHolds.get(call.id);
	if (wentOn || !hold) return { result: { kind: 'call_went_on' }, changes: {} };
	const { provider, from, canBeCut } = command.to;
	const timeLimitSeconds = canBeCut
		? call.timeLimitSeconds
		: Math.min(call.timeLimitSeconds, coveredSeconds(hold));
	const changed = { ...call, provider, from, timeLimitSeconds };
	return {
		result: { kind: 'changed', call: changed },
		changes: {
			calls: [changed],
			rows: {
				statusEvents: [
					{
						organizationId: call.organizationId,
						callId: call.id,
						deliveryId: null,
						source: 'placed',
						status: 'initiated',
						rawStatus: `refused by ${command.from.provider}, trying ${provider}`,
						effect: 'none',
						occurredAtMs: nowMs,
						receivedAtMs: nowMs
					}
				]
			}
		}
	};
}
