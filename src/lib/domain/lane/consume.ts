import type { Call } from '../call/call';
import { PROVIDERS } from '../call/event';
import {
	consumeParts,
	mergeParts,
	planMinutes,
	spendableMinutes,
	sumOfParts
} from '../credit/funding';
import type { Consume } from './commands';
import type { Decision } from './place';
import { organizationKey, providerCallKey, type LaneState } from './state';

/**
 * Books minutes an integration used. What no allocation was there for is answered, not owed. A call that
 * was placed from here is charged when it ends: told under our id or the provider's, it is a repeat.
 */
export function consume(state: LaneState, command: Consume, nowMs: number): Decision<'consume'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const { externalCallId, organizationId } = command;
	const known = state.consumptions.get(organizationKey(organizationId, externalCallId));
	if (known) {
		return {
			result: {
				kind: 'consumed',
				repeated: true,
				minutes: known.minutes,
				shortMinutes: known.shortMinutes,
				remainingMinutes: spendableMinutes(organization.credit, nowMs)
			},
			changes: {}
		};
	}
	const own = findOwnCall(state, command);
	if (own) {
		return {
			result: {
				kind: 'consumed',
				repeated: true,
				minutes: own.billedMinutes ?? 0,
				shortMinutes: 0,
				remainingMinutes: spendableMinutes(organization.credit, nowMs)
			},
			changes: {}
		};
	}
	const parts = mergeParts(planMinutes(organization.credit, command.minutes, nowMs));
	const credit = consumeParts(organization.credit, parts);
	const minutes = sumOfParts(parts);
	const shortMinutes = command.minutes - minutes;
	const { callStartMs, callEndMs } = command;
	return {
		result: {
			kind: 'consumed',
			repeated: false,
			minutes,
			shortMinutes,
			remainingMinutes: spendableMinutes(credit, nowMs)
		},
		changes: {
			organizations: [{ ...organization, credit }],
			consumptions: [{ organizationId, externalCallId, minutes, shortMinutes }],
			rows: {
				usage: parts.map((part) => ({
					organizationId,
					callId: externalCallId,
					allocationId: part.allocationId,
					minutesConsumed: part.minutes,
					isExternal: true,
					settlesDebt: false,
					callStartMs,
					callEndMs
				}))
			}
		}
	};
}

/** The call of the organisation that an integration names as if it were its own. */
function findOwnCall(state: LaneState, { organizationId, externalCallId }: Consume): Call | null {
	const ids = PROVIDERS.map((provider) =>
		state.callIdByProviderCall.get(providerCallKey(provider, externalCallId))
	);
	for (const id of [externalCallId.toLowerCase(), ...ids]) {
		const call = state.calls.get(id ?? '');
		if (call?.organizationId === organizationId) return call;
	}
	return (
		[...state.calls.values()].find(
			(call) => call.parentCallId === externalCallId && call.organizationId === organizationId
		) ?? null
	);
}
