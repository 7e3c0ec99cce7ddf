import {
	alreadyCalling,
	budgetExhausted,
	minutesExhausted,
	organizationInactive,
	overdraftUnconfirmed,
	type Block
} from '../credit/blocks';
import { holdPlan, planFunding, type FundingPlan } from '../credit/funding';
import { creditBlock } from '../credit/availability';
import { countCall } from '../fraud/guard';
import type { Call } from '../call/call';
import type { Hold } from '../credit/types';
import { localDay } from '../time-zone';
import { changeBudgets, tightestBudget, type BudgetRoom } from './call-budgets';
import { isHalted } from './campaigns';
import { countPlaced } from './count';
import { ownEvent } from './facts';
import { guardPlaced } from './guard';
import type { PlaceCall, Results } from './commands';
import { fenceSeconds, sliceMinutes, TIME_LIMIT_SECONDS_MAX } from './slices';
import { organizationKey, type Changes, type LaneState, type Organization } from './state';

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

	if (isHalted(state, command)) return { result: { kind: 'halted' }, changes: {} };

	const room = tightestBudget(state, {
		organizationId: organization.id,
		userId: command.user?.id ?? null,
		campaignId: command.campaignId,
		localDay: localDay(nowMs, organization.timezone)
	});
	const plan = planFirstSlice(organization, command, room, nowMs);
	if (!organization.isActive)
		return refuse(command, organizationInactive(organization.name), nowMs);
	const promisedMicros = BigInt(plan.coveredMinutes) * command.rate.perMinuteMicros;
	const guarded = guardPlaced(organization, command, promisedMicros, nowMs);
	if (guarded.block) return refuse(command, guarded.block, nowMs, guarded.changes);
	const block = findBlock(state, organization, command, room, plan, nowMs);
	if (block) return refuse(command, block, nowMs);

	const credit = holdPlan(organization.credit, plan);
	const held = heldBy(plan, command.isOverdraftAgreed);
	const budgetMinutes = room?.leftMinutes ?? Infinity;
	const timeLimitSeconds = command.canBeCut
		? fenceSeconds(credit, command.rate, held, budgetMinutes - plan.coveredMinutes, nowMs)
		: ownLimitSeconds(command, plan);
	const call = newCall(organization, command, timeLimitSeconds, nowMs);
	const hold = newHold(command, call, held, nowMs);
	return {
		result: { kind: 'placed', call, repeated: false },
		changes: {
			organizations: [
				{
					...organization,
					credit,
					guard: countCall(organization.guard, promisedMicros, nowMs),
					liveCalls: organization.liveCalls + 1
				}
			],
			newCalls: [call],
			holds: [hold],
			days: [countPlaced(state, call)],
			budgetUses: changeBudgets(state, call, {
				heldMinutes: plan.coveredMinutes,
				usedMinutes: 0
			}),
			rows: {
				statusEvents: [
					ownEvent(call, nowMs, {
						source: 'placed',
						rawStatus: `held ${plan.coveredMinutes} min`,
						effect: 'advanced'
					})
				]
			}
		}
	};
}

/**
 * Minutes without which the call does not start: what a provider with a limit of its own may let it last,
 * else what the caller insists on. Null: any are enough.
 */
function neededMinutes({ fixedSeconds, estimateMinutes }: PlaceCall): number | null {
	return fixedSeconds ? Math.ceil(fixedSeconds / 60) : estimateMinutes;
}

/** Where a call cannot be cut later, the network ends it when what is held is used up, or before. */
function ownLimitSeconds({ fixedSeconds }: PlaceCall, { coveredMinutes }: FundingPlan): number {
	return fixedSeconds ?? Math.min(coveredMinutes * 60, TIME_LIMIT_SECONDS_MAX);
}

/** What is set aside before dialling: what the caller insists on, else a slice, or less when less is left. */
function planFirstSlice(
	organization: Organization,
	command: PlaceCall,
	room: BudgetRoom | null,
	nowMs: number
): FundingPlan {
	const { credit } = organization;
	const slice = command.canBeCut
		? sliceMinutes(organization, command.rate, nowMs)
		: organization.estimateMinutes;
	const left = Math.max(0, room?.leftMinutes ?? Infinity);
	const minutes = neededMinutes(command) ?? Math.min(slice, left);
	return planFunding(credit, command.rate, minutes, nowMs, {
		isOverdraftAgreed: command.isOverdraftAgreed
	});
}

/** By then the network has ended the call, whatever became of us. */
export function expiresAtMs(call: Pick<Call, 'initiatedAtMs' | 'timeLimitSeconds'>): number {
	return call.initiatedAtMs + (RING_SECONDS_MAX + call.timeLimitSeconds) * 1000;
}

type Held = Pick<
	Hold,
	| 'parts'
	| 'walletMicros'
	| 'walletSeconds'
	| 'overdraftMinutes'
	| 'overdraftMicros'
	| 'overdraftSeconds'
	| 'isOverdraftAgreed'
>;

function heldBy(plan: FundingPlan, isOverdraftAgreed: boolean): Held {
	return {
		parts: plan.parts,
		walletMicros: plan.walletMicros,
		walletSeconds: plan.walletMinutes * 60,
		overdraftMinutes: plan.overdraftMinutes,
		overdraftMicros: plan.overdraftMicros,
		overdraftSeconds: plan.overdraftSeconds,
		isOverdraftAgreed
	};
}

function newHold(command: PlaceCall, call: Call, held: Held, nowMs: number): Hold {
	return {
		id: command.holdId,
		organizationId: call.organizationId,
		callId: call.id,
		state: 'open',
		...held,
		isDraining: false,
		drainCause: null,
		expiresAtMs: expiresAtMs(call),
		heardAtMs: nowMs,
		deniedSinceMs: null,
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
	room: BudgetRoom | null,
	plan: FundingPlan,
	nowMs: number
): Block | null {
	if (state.liveCallIdByNumber.has(organizationKey(organization.id, command.to))) {
		return alreadyCalling(organization.name);
	}
	const needed = neededMinutes(command) ?? 1;
	if (room && room.leftMinutes < needed) return budgetExhausted(room.budget, room.use, needed);
	if (plan.coveredMinutes >= needed) return null;
	return findCreditBlock(organization, command, nowMs);
}

function findCreditBlock(organization: Organization, command: PlaceCall, nowMs: number): Block {
	const { credit, name } = organization;
	const needed = neededMinutes(command) ?? 1;
	const withOverdraft = planFunding(credit, command.rate, needed, nowMs, {
		isOverdraftAgreed: true
	});
	const wouldDo = withOverdraft.coveredMinutes >= needed;
	if (!command.isOverdraftAgreed && withOverdraft.overdraftSeconds > 0 && wouldDo) {
		const all = planFunding(credit, command.rate, 10_000, nowMs, { isOverdraftAgreed: true });
		return overdraftUnconfirmed(name, all.overdraftSeconds / 60, credit.mode);
	}
	return (
		creditBlock(name, credit, command.rate, needed, nowMs) ??
		minutesExhausted(
			name,
			{ remainingMinutes: 0, heldMinutes: credit.heldMinutes, neededMinutes: needed },
			credit.mode
		)
	);
}

function refuse(
	command: PlaceCall,
	block: Block,
	nowMs: number,
	changes: Changes = {}
): Decision<'place_call'> {
	return {
		result: { kind: 'blocked', block },
		changes: {
			...changes,
			rows: {
				...changes.rows,
				blocks: [
					{
						organizationId: command.organizationId,
						userId: command.user?.id ?? null,
						to: command.to,
						code: block.code,
						message: block.message,
						wayOut: block.wayOut,
						numbers: block.numbers,
						createdAtMs: nowMs
					}
				]
			}
		}
	};
}

function newCall(
	organization: Organization,
	command: PlaceCall,
	timeLimitSeconds: number,
	nowMs: number
): Call {
	return {
		id: command.callId,
		organizationId: organization.id,
		userId: command.user?.id ?? null,
		userName: command.user?.name ?? null,
		contactId: command.contact?.id ?? null,
		contactName: command.contact?.name ?? null,
		campaignId: command.campaignId,
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
		timeLimitSeconds,
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
