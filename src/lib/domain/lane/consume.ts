import {
	consumeParts,
	mergeParts,
	planMinutes,
	spendableMinutes,
	sumOfParts
} from '../credit/funding';
import type { Consume } from './commands';
import type { Decision } from './place';
import { organizationKey, type LaneState } from './state';

/** Books minutes an integration used. What no allocation was there for is answered, not owed. */
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
					settlesDebt: false,
					callStartMs,
					callEndMs
				}))
			}
		}
	};
}
