import { oldestFirst, owedAfter, payWithMinutes } from '../credit/debts';
import { consumeParts } from '../credit/funding';
import type { Credit, Debt, Lot } from '../credit/types';
import type { Allocate, WithdrawAllocation } from './commands';
import { audited, historyOf, userOf } from './facts';
import type { Decision } from './place';
import type { AppendedRows, LaneState } from './state';

/** Grants minutes as a new lot. Open debt of calls is paid from it first, oldest call first. */
export function allocate(state: LaneState, command: Allocate, nowMs: number): Decision<'allocate'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const owner = state.allocationOwners.get(command.allocationId);
	if (owner !== undefined && owner !== organization.id) {
		return { result: { kind: 'id_taken' }, changes: {} };
	}
	if (owner !== undefined) {
		return { result: { kind: 'allocated', repeated: true, paidDebtMinutes: 0 }, changes: {} };
	}
	const lot: Lot = {
		id: command.allocationId,
		remainingMinutes: command.minutes,
		heldMinutes: 0,
		priority: command.priority,
		expiresAtMs: command.expiresAtMs,
		createdAtMs: nowMs
	};
	const open = state.openDebts.get(organization.id) ?? [];
	const { debts, usage, paidMinutes } = payDebts(open, organization.credit, lot);
	const granted: Credit = {
		...organization.credit,
		totalMinutes: organization.credit.totalMinutes + command.minutes,
		...owedAfter(organization.credit, open, debts),
		lots: [...organization.credit.lots, lot]
	};
	const credit = consumeParts(granted, [{ allocationId: lot.id, minutes: paidMinutes }]);
	const { reason, minutes, expiresAtMs } = command;
	return {
		result: { kind: 'allocated', repeated: false, paidDebtMinutes: paidMinutes },
		changes: {
			organizations: [{ ...organization, credit }],
			debts,
			newAllocations: [
				{
					lot,
					organizationId: organization.id,
					minutes,
					reason,
					allocatedBy: userOf(command.actor)
				}
			],
			rows: {
				usage,
				history: [
					historyOf(command.actor, nowMs, {
						organizationId: organization.id,
						allocationId: lot.id,
						kind: 'allocate',
						minutes,
						reason,
						expiresAtMs
					})
				],
				audit: [
					audited(organization.id, command.actor, 'minutes.allocate', nowMs, {
						before: { totalMinutes: organization.credit.totalMinutes },
						after: { totalMinutes: credit.totalMinutes, minutes }
					})
				]
			}
		}
	};
}

function payDebts(
	open: Debt[],
	{ mode }: Credit,
	lot: Lot
): { debts: Debt[]; usage: AppendedRows['usage']; paidMinutes: number } {
	const debts: Debt[] = [];
	const usage: AppendedRows['usage'] = [];
	let left = lot.remainingMinutes;
	for (const debt of oldestFirst(open)) {
		const paid = payWithMinutes(debt, left, mode);
		if (paid.minutes === 0 || debt.callId === null) continue;
		left -= paid.minutes;
		debts.push(paid.debt);
		usage.push({
			organizationId: debt.organizationId,
			callId: debt.callId,
			allocationId: lot.id,
			minutesConsumed: paid.minutes,
			isExternal: false,
			settlesDebt: true,
			callStartMs: debt.callStartMs,
			callEndMs: debt.callEndMs
		});
	}
	return { debts, usage, paidMinutes: lot.remainingMinutes - left };
}

/** Takes back what a grant has left and no live call holds. What is held stays until its call ends. */
export function withdrawAllocation(
	state: LaneState,
	command: WithdrawAllocation,
	nowMs: number
): Decision<'withdraw_allocation'> {
	const organization = state.organizations.get(command.organizationId);
	const lot = organization?.credit.lots.find(({ id }) => id === command.allocationId);
	if (!organization || !lot) return { result: { kind: 'unknown_allocation' }, changes: {} };
	const minutes = lot.remainingMinutes - lot.heldMinutes;
	if (minutes === 0) return { result: { kind: 'withdrawn', minutes: 0 }, changes: {} };
	const { credit } = organization;
	const lots = credit.lots.map((other) =>
		// What is held stays with its call; from now on nothing of the lot can be promised again.
		other.id === lot.id
			? {
					...lot,
					remainingMinutes: lot.heldMinutes,
					expiresAtMs: Math.min(lot.expiresAtMs ?? nowMs, nowMs)
				}
			: other
	);
	const totalMinutes = credit.totalMinutes - minutes;
	return {
		result: { kind: 'withdrawn', minutes },
		changes: {
			organizations: [{ ...organization, credit: { ...credit, totalMinutes, lots } }],
			rows: {
				history: [
					historyOf(command.actor, nowMs, {
						organizationId: organization.id,
						allocationId: lot.id,
						kind: command.cause,
						minutes,
						reason: command.reason,
						expiresAtMs: lot.expiresAtMs
					})
				],
				audit: [
					audited(organization.id, command.actor, `minutes.${command.cause}`, nowMs, {
						before: { totalMinutes: credit.totalMinutes },
						after: { totalMinutes, minutes }
					})
				]
			}
		}
	};
}
