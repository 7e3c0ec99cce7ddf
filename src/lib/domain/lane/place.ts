import {
	alreadyCalling,
	minutesExhausted,
	organizationInactive,
	overdraftUnconfirmed,
	type Block
} from '../credit/blocks';
import { holdPlan, planFunding, type FundingPlan } from '../credit/funding';
import { creditBlock } from '../credit/availability';
import type { Call } from '../call/call';
import type { Hold } from '../credit/types';
import { localDay } from '../time-zone';
import { countPlaced } from './count';
import type { PlaceCall, Results } from './commands';
import { sliceMinutes } from './slices';
import { organizationKey, type Changes, type LaneState, type Organization } from './state';

/** Longest call we ask a provider for: four hours, the default ceiling of Twilio and Exotel. */
export const TIME_LIMIT_SECONDS_MAX = 14_400;
/** Ringing takes at most a minute (Twilio's default Timeout, PROVIDERS.md 1.1) and some slack. */
export const RING_SECONDS_MAX = 70;
/** A call nobody heard of for this long is asked about. */
export const CHECK_AFTER_SECONDS = 45;

export interface Decision<Name extends keyof Results> {
	result: Results[Name];
	changes: Changes;
}

/**
 * Decides whether a call may start. Check and hold are one step: what this call is promised, no other
 * call of the batch or of a later one can have (RFC 8506: reserve before service).
 */
export function placeCall(
	state: LaneState,
	command: PlaceCall,
	nowMs: number
): Decision<'place_call'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };

	const repeated = findRepeated(state, command);
	if (repeated) {
		// The same hold id is the same request tried again after an unclear commit: not yet submitted.
		const isOwnRetry = state.openHolds.get(repeated.id)?.id === command.holdId;
		return { result: { kind: 'placed', call: repeated, repeated: !isOwnRetry }, changes: {} };
	}

	const plan = planFirstSlice(organization, command, nowMs);
	const block = findBlock(state, organization, command, plan, nowMs);
	if (block) return refuse(command, block, nowMs);

	const call = newCall(organization, command, plan, nowMs);
	const hold = newHold(command, call, plan, nowMs);
	return {
		result: { kind: 'placed', call, repeated: false },
		changes: {
			organizations: [
				{
					...organization,
					credit: holdPlan(organization.credit, plan),
					liveCalls: organization.liveCalls + 1
				}
			],
			newCalls: [call],
			holds: [hold],
			days: [countPlaced(state, call)],
			rows: {
				statusEvents: [
					{
						organizationId: organization.id,
						callId: call.id,
						deliveryId: null,
						source: 'placed',
						status: 'initiated',
						rawStatus: `held ${plan.coveredMinutes} min`,
						effect: 'advanced',
						occurredAtMs: nowMs,
						receivedAtMs: nowMs
					}
				]
			}
		}
	};
}

/** What is set aside before dialling: what the caller insists on, else a slice, or less when less is left. */
function planFirstSlice(
	organization: Organization,
	command: PlaceCall,
	nowMs: number
): FundingPlan {
	const { credit } = organization;
	const slice = command.canBeCut
		? sliceMinutes(organization, command.rate, nowMs)
		: organization.estimateMinutes;
	const minutes = command.estimateMinutes ?? slice;
	return planFunding(credit, command.rate, minutes, nowMs, {
		isOverdraftAgreed: command.isOverdraftAgreed
	});
}

function newHold(command: PlaceCall, call: Call, plan: FundingPlan, nowMs: number): Hold {
	return {
		id: command.holdId,
		organizationId: call.organizationId,
		callId: call.id,
		state: 'open',
		parts: plan.parts,
		walletMicros: plan.walletMicros,
		walletSeconds: plan.walletMinutes * 60,
		overdraftMinutes: plan.overdraftMinutes,
		overdraftMicros: plan.overdraftMicros,
		overdraftSeconds: plan.overdraftMinutes * 60,
		isOverdraftAgreed: command.isOverdraftAgreed,
		isDraining: false,
		expiresAtMs: nowMs + (RING_SECONDS_MAX + call.timeLimitSeconds) * 1000,
		checkAtMs: nowMs + CHECK_AFTER_SECONDS * 1000,
		meterAtMs: null,
		createdAtMs: nowMs,
		closedAtMs: null
	};
}

function findRepeated(state: LaneState, command: PlaceCall): Call | undefined {
	const byId = state.calls.get(command.callId);
	if (byId || command.idempotencyKey === null) return byId;
	const key = organizationKey(command.organizationId, command.idempotencyKey);
	return state.calls.get(state.callIdByIdempotencyKey.get(key) ?? '');
}

function findBlock(
	state: LaneState,
	organization: Organization,
	command: PlaceCall,
	plan: FundingPlan,
	nowMs: number
): Block | null {
	if (!organization.isActive) return organizationInactive(organization.name);
	if (state.liveCallIdByNumber.has(organizationKey(organization.id, command.to))) {
		return alreadyCalling(organization.name);
	}
	if (plan.coveredMinutes >= (command.estimateMinutes ?? 1)) return null;
	return findCreditBlock(organization, command, nowMs);
}

function findCreditBlock(organization: Organization, command: PlaceCall, nowMs: number): Block {
	const { credit, name } = organization;
	const withOverdraft = planFunding(credit, command.rate, command.estimateMinutes ?? 1, nowMs, {
		isOverdraftAgreed: true
	});
	const wouldDo = withOverdraft.coveredMinutes >= (command.estimateMinutes ?? 1);
	if (!command.isOverdraftAgreed && withOverdraft.overdraftMinutes > 0 && wouldDo) {
		const all = planFunding(credit, command.rate, 10_000, nowMs, { isOverdraftAgreed: true });
		return overdraftUnconfirmed(name, all.overdraftMinutes);
	}
	return (
		creditBlock(name, credit, command.rate, command.estimateMinutes ?? 1, nowMs) ??
		minutesExhausted(name, 0, credit.heldMinutes)
	);
}

function refuse(command: PlaceCall, block: Block, nowMs: number): Decision<'place_call'> {
	return {
		result: { kind: 'blocked', block },
		changes: {
			rows: {
				blocks: [
					{
						organizationId: command.organizationId,
						userId: command.user?.id ?? null,
						to: command.to,
						code: block.code,
						message: block.message,
						numbers: block.numbers,
						createdAtMs: nowMs
					}
				]
			}
		}
	};
}

/** The network's own fence: all that could be paid, or what is held where a call cannot be cut later. */
function timeLimit(
	organization: Organization,
	command: PlaceCall,
	plan: FundingPlan,
	nowMs: number
): number {
	const minutes = command.canBeCut
		? planFunding(organization.credit, command.rate, TIME_LIMIT_SECONDS_MAX / 60, nowMs, {
				isOverdraftAgreed: command.isOverdraftAgreed
			}).coveredMinutes
		: plan.coveredMinutes;
	return Math.min(Math.max(minutes, plan.coveredMinutes) * 60, TIME_LIMIT_SECONDS_MAX);
}

function newCall(
	organization: Organization,
	command: PlaceCall,
	plan: FundingPlan,
	nowMs: number
): Call {
	return {
		id: command.callId,
		organizationId: organization.id,
		userId: command.user?.id ?? null,
		userName: command.user?.name ?? null,
		contactId: command.contact?.id ?? null,
		contactName: command.contact?.name ?? null,
		provider: command.provider,
		providerCallId: null,
		device: command.device,
		parentCallId: null,
		submitState: 'submitting',
		idempotencyKey: command.idempotencyKey,
		from: command.from,
		to: command.to,
		country: command.country,
		localDay: localDay(nowMs, organization.timezone),
		status: 'initiated',
		endReason: null,
		initiatedAtMs: nowMs,
		ringingAtMs: null,
		answeredAtMs: null,
		answeredEstimated: false,
		endedAtMs: null,
		talkSeconds: null,
		billedMinutes: null,
		rate: command.rate,
		walletSeconds: null,
		costMicros: null,
		timeLimitSeconds: timeLimit(organization, command, plan, nowMs),
		providerCostMicros: null,
		providerCostCurrency: null,
		providerCostAtMs: null,
		costState: 'none',
		costCheckAtMs: null,
		costAttempts: 0,
		answeredBy: null,
		liveSeq: 0
	};
}
