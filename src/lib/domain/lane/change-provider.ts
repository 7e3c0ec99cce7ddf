import { isTerminal } from '../call/status';
import type { Call } from '../call/call';
import { growHold, holdPlan, planFunding } from '../credit/funding';
import { coveredMinutes, coveredSeconds, type Hold } from '../credit/types';
import { countExtension } from '../fraud/guard';
import { changeBudgets, tightestBudget } from './call-budgets';
import type { ChangeProvider } from './commands';
import { ownEvent } from './facts';
import { tripped } from './guard';
import { CHECK_AFTER_SECONDS, expiresAtMs, type Decision } from './place';
import type { Changes, LaneState } from './state';

/**
 * Moves a call to another provider after the first one refused it and so proved that nothing was placed.
 * The call keeps its row and its hold. Where the new provider cannot be hung up, what is held is all the
 * call may last; where it has a length of its own, that much is held, or the call is not moved. A call
 * that anything was heard of since stays where it is.
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
	const open = state.openHolds.get(call.id);
	if (wentOn || !open) return { result: { kind: 'call_went_on' }, changes: {} };
	const { provider, from, canBeCut, fixedSeconds } = command.to;
	const covered = coverSeconds(state, call, open, fixedSeconds ?? 0, nowMs);
	if (!covered) return { result: { kind: 'not_covered' }, changes: {} };
	const { hold, changes } = covered;
	const cutLimitSeconds = canBeCut
		? call.timeLimitSeconds
		: Math.min(call.timeLimitSeconds, coveredSeconds(hold));
	const changed = { ...call, provider, from, timeLimitSeconds: fixedSeconds ?? cutLimitSeconds };
	return {
		result: { kind: 'changed', call: changed },
		changes: {
			...changes,
			calls: [changed],
			// The new provider is asked about it only once it can know it.
			holds: [
				{
					...hold,
					expiresAtMs: expiresAtMs({ ...changed, initiatedAtMs: nowMs }),
					heardAtMs: nowMs,
					deniedSinceMs: null,
					checkAtMs: nowMs + CHECK_AFTER_SECONDS * 1000
				}
			],
			rows: {
				...changes.rows,
				statusEvents: [
					ownEvent(call, nowMs, {
						source: 'placed',
						rawStatus: `refused by ${command.from.provider}, trying ${provider}`,
						effect: 'none'
					})
				]
			}
		}
	};
}

/**
 * Adds to a hold what so many seconds of talk still need.
 * @returns the hold, and what else changes; null when credit or a budget does not allow it
 */
function coverSeconds(
	state: LaneState,
	call: Call,
	hold: Hold,
	seconds: number,
	nowMs: number
): { hold: Hold; changes: Changes } | null {
	const organization = state.organizations.get(call.organizationId);
	const missingMinutes = Math.ceil(seconds / 60) - coveredMinutes(hold);
	if (!organization || missingMinutes <= 0) return { hold, changes: {} };
	if (organization.guard.trippedAtMs !== null) return null;
	const { credit } = organization;
	const plan = planFunding(credit, call.rate, missingMinutes, nowMs, {
		isOverdraftAgreed: hold.isOverdraftAgreed,
		held: hold
	});
	const leftMinutes = tightestBudget(state, call)?.leftMinutes ?? Infinity;
	if (plan.coveredMinutes < missingMinutes || leftMinutes < missingMinutes) return null;
	const promisedMicros = BigInt(missingMinutes) * call.rate.perMinuteMicros;
	const guard = countExtension(organization.guard, promisedMicros, nowMs);
	const audit = guard.trippedAtMs === null ? [] : [tripped(organization.id, guard, nowMs)];
	return {
		hold: growHold(hold, plan),
		changes: {
			organizations: [{ ...organization, credit: holdPlan(credit, plan), guard }],
			budgetUses: changeBudgets(state, call, { heldMinutes: missingMinutes, usedMinutes: 0 }),
			rows: { audit }
		}
	};
}
