import { settleTalk, type Settlement } from '../credit/settlement';
import { billedMinutes } from '../call/billing';
import type { Call } from '../call/call';
import { minutesFor } from '../credit/rating';
import { coveredMinutes, type Debt } from '../credit/types';
import { changeBudgets } from './call-budgets';
import { countEnded } from './count';
import type { AppendedRows, Changes, LaneState } from './state';

/**
 * Closes the books of a call that has just ended: pays its talk from the hold, then from what is
 * spendable, gives the rest of the hold back, and keeps what nobody could pay as debt.
 * Called once per call, because a terminal status is reached once.
 * @param call the call as ended, with its seconds of talk
 */
export function settleCall(state: LaneState, call: Call, nowMs: number): Changes {
	const organization = state.organizations.get(call.organizationId);
	if (!organization) throw new Error(`Organization ${call.organizationId} was not read`);
	const hold = state.openHolds.get(call.id) ?? null;
	const talkSeconds = call.talkSeconds ?? 0;
	const settlement = settleTalk(organization.credit, hold, call.rate, talkSeconds, nowMs);
	const settled: Call = {
		...call,
		walletSeconds: settlement.walletSeconds,
		costMicros: settlement.walletCostMicros
	};
	return {
		organizations: [
			{ ...organization, credit: settlement.credit, liveCalls: organization.liveCalls - 1 }
		],
		calls: [settled],
		holds: hold
			? [
					{
						...hold,
						state: talkSeconds > 0 ? 'settled' : 'released',
						meterAtMs: null,
						closedAtMs: nowMs
					}
				]
			: [],
		debts: debtOf(call, settlement, nowMs),
		days: [countEnded(state, call)],
		budgetUses: changeBudgets(state, call, {
			heldMinutes: hold ? -coveredMinutes(hold) : 0,
			usedMinutes: call.billedMinutes ?? 0
		}),
		rows: {
			usage: usageOf(call, settlement, nowMs),
			transactions: debitOf(call, settlement, organization.credit.balanceMicros, nowMs)
		}
	};
}

/** Reckoned back from the end: when it was answered may only be heard of later, and an entry stays as it is. */
function talkOf(call: Call, nowMs: number): { callStartMs: number; callEndMs: number } {
	const callEndMs = call.endedAtMs ?? nowMs;
	return { callStartMs: callEndMs - (call.talkSeconds ?? 0) * 1000, callEndMs };
}

function usageOf(call: Call, { paid }: Settlement, nowMs: number): AppendedRows['usage'] {
	return paid.map((part) => ({
		organizationId: call.organizationId,
		callId: call.id,
		allocationId: part.allocationId,
		minutesConsumed: part.minutes,
		isExternal: false,
		settlesDebt: false,
		...talkOf(call, nowMs)
	}));
}

/** The wallet's part of the call: one debit, named after the call. */
function debitOf(
	call: Call,
	settlement: Settlement,
	balanceBeforeMicros: bigint,
	nowMs: number
): AppendedRows['transactions'] {
	if (settlement.walletPaidMicros === 0n) return [];
	return [
		{
			id: call.id,
			organizationId: call.organizationId,
			amountMicros: settlement.walletPaidMicros,
			type: 'debit',
			description: `Call to ${call.to}`,
			balanceBeforeMicros,
			balanceAfterMicros: balanceBeforeMicros - settlement.walletPaidMicros,
			callId: call.id,
			metadata: { kind: 'call' },
			createdAtMs: nowMs
		}
	];
}

function debtOf(call: Call, settlement: Settlement, nowMs: number): Debt[] {
	const { shortMinutes, shortMicros } = settlement;
	if (shortMinutes === 0 && shortMicros === 0n) return [];
	return [
		{
			id: call.id,
			organizationId: call.organizationId,
			callId: call.id,
			paymentId: null,
			minutes: shortMinutes,
			remainingMinutes: shortMinutes,
			amountMicros: shortMicros,
			remainingMicros: shortMicros,
			worthMinutes: worthOf(call, settlement),
			perMinuteMicros: call.rate.perMinuteMicros,
			convertedMinutes: 0,
			convertedMicros: 0n,
			...talkOf(call, nowMs),
			createdAtMs: nowMs
		}
	];
}

/** Minutes of talk that dollars are owed for: those beyond the whole ones that the wallet could pay. */
function worthOf(call: Call, settlement: Settlement): number {
	if (settlement.shortMicros === 0n) return 0;
	const minutes = billedMinutes(settlement.walletSeconds);
	return minutes - minutesFor(call.rate, settlement.walletPaidMicros, minutes);
}
