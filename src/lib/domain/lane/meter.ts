import { growHold, holdPlan, planFunding } from '../credit/funding';
import type { Call } from '../call/call';
import { isTerminal } from '../call/status';
import type { DrainCause, Hold } from '../credit/types';
import { countExtension } from '../fraud/guard';
import { changeBudgets, tightestBudget } from './call-budgets';
import type { MeterCall } from './commands';
import { tripped } from './guard';
import { expiresAtMs, type Decision } from './place';
import {
	coveredUntilMs,
	CUT_LEAD_MS,
	EXTEND_LEAD_SECONDS,
	fenceSeconds,
	meterAtMs,
	sliceMinutes
} from './slices';
import type { LaneState, Organization } from './state';

/** A hang-up nobody confirmed is repeated after this long. */
const CUT_AGAIN_MS = 3_000;

/**
 * Looks at a talking call near the end of its slice. While there is credit the hold grows by a slice.
 * When there is none, or no budget for it, the call drains: it is warned, looked at each second, saved by credit that arrives
 * in time, and cut when what it holds is used up.
 */
export function meterCall(
	state: LaneState,
	command: MeterCall,
	nowMs: number
): Decision<'meter_call'> {
	const call = state.calls.get(command.callId);
	const hold = state.openHolds.get(command.callId);
	if (!call) return { result: { kind: 'unknown_call' }, changes: {} };
	const organization = state.organizations.get(call.organizationId);
	if (!hold || !organization || isTerminal(call.status)) {
		return { result: { kind: 'not_due' }, changes: {} };
	}
	if (command.canBeCut === false) return leave(organization, hold, nowMs);
	if (mustBeCutNow(organization)) return cut(call, hold, 'switched_off', nowMs);
	const until = coveredUntilMs(call, hold);
	if (until === null) return { result: { kind: 'not_due' }, changes: {} };
	if (nowMs < until - EXTEND_LEAD_SECONDS * 1000) {
		const holds = [{ ...hold, meterAtMs: meterAtMs(call, hold, nowMs) }];
		return { result: { kind: 'not_due' }, changes: { holds } };
	}
	const extended = extend(state, organization, call, hold, nowMs);
	if (typeof extended !== 'string') return extended;
	return nowMs >= until - CUT_LEAD_MS
		? cut(call, hold, extended, nowMs)
		: drain(call, hold, extended, nowMs);
}

/** A look at a call that nobody can change is worth repeating only after it should have ended. */
const LEFT_ALONE_MS = 60_000;

/**
 * A call that was held whole before it was dialled is neither extended nor cut: it ends by itself when
 * what it holds is used up. Of an organisation that was switched off it drains, so that it is shown.
 */
function leave(organization: Organization, hold: Hold, nowMs: number): Decision<'meter_call'> {
	const isDraining = hold.isDraining || mustBeCutNow(organization);
	const drainCause = hold.drainCause ?? (isDraining ? 'switched_off' : null);
	const meterAtMs = Math.max(hold.expiresAtMs, nowMs + LEFT_ALONE_MS);
	return {
		result: { kind: 'not_due' },
		changes: { holds: [{ ...hold, isDraining, drainCause, meterAtMs }] }
	};
}

function mustBeCutNow(organization: Organization): boolean {
	return !organization.isActive && organization.deactivationPolicy === 'cut_now';
}

/** Adds a slice, or says what stands against it. */
function extend(
	state: LaneState,
	organization: Organization,
	call: Call,
	hold: Hold,
	nowMs: number
): Decision<'meter_call'> | DrainCause {
	if (!organization.isActive && organization.deactivationPolicy === 'drain') return 'switched_off';
	if (organization.guard.trippedAtMs !== null) return 'switched_off';
	const budgetMinutes = tightestBudget(state, call)?.leftMinutes ?? Infinity;
	if (budgetMinutes < 1) return 'budget';
	const others = { ...organization, liveCalls: organization.liveCalls - 1 };
	const minutes = Math.min(sliceMinutes(others, call.rate, nowMs), budgetMinutes);
	const plan = planFunding(organization.credit, call.rate, minutes, nowMs, {
		isOverdraftAgreed: hold.isOverdraftAgreed,
		held: hold
	});
	if (plan.coveredMinutes === 0) return 'credit';
	const extended: Hold = { ...growHold(hold, plan), isDraining: false, drainCause: null };
	const credit = holdPlan(organization.credit, plan);
	const timeLimitSeconds = Math.max(
		call.timeLimitSeconds,
		fenceSeconds(credit, call.rate, extended, budgetMinutes - plan.coveredMinutes, nowMs)
	);
	const promisedMicros = BigInt(plan.coveredMinutes) * call.rate.perMinuteMicros;
	const guard = countExtension(organization.guard, promisedMicros, nowMs);
	const hasTripped = guard.trippedAtMs !== null;
	const isRaised = timeLimitSeconds > call.timeLimitSeconds;
	const longer = { ...call, timeLimitSeconds };
	return {
		result: { kind: 'extended', raised: isRaised ? longer : null },
		changes: {
			organizations: [{ ...organization, credit, guard }],
			calls: [longer],
			holds: [
				{
					...extended,
					expiresAtMs: expiresAtMs(longer),
					meterAtMs: meterAtMs(call, extended, nowMs)
				}
			],
			budgetUses: changeBudgets(state, call, {
				heldMinutes: plan.coveredMinutes,
				usedMinutes: 0
			}),
			...(hasTripped && { rows: { audit: [tripped(organization.id, guard, nowMs)] } })
		}
	};
}

function drain(
	call: Call,
	hold: Hold,
	drainCause: DrainCause,
	nowMs: number
): Decision<'meter_call'> {
	const draining = { ...hold, isDraining: true, drainCause };
	return {
		result: { kind: 'draining' },
		changes: {
			calls: [call],
			holds: [{ ...draining, meterAtMs: meterAtMs(call, draining, nowMs) }]
		}
	};
}

/** The caller hangs up; the books close when the provider confirms. Asked again until it has. */
function cut(
	call: Call,
	hold: Hold,
	drainCause: DrainCause,
	nowMs: number
): Decision<'meter_call'> {
	const draining = { ...hold, isDraining: true, drainCause, meterAtMs: nowMs + CUT_AGAIN_MS };
	return {
		result: { kind: 'cut', call },
		changes: { calls: [call], holds: [draining] }
	};
}
