import { consumeParts } from '../credit/funding';
import type { Credit, Debt, Lot } from '../credit/types';
import type { Allocate, WithdrawAllocation } from './commands';
import { audited, historyOf, oldestFirst, userOf } from './facts';
import type { Decision } from './place';
import type { AppendedRows, LaneState } from './state';

/** Grants minutes as a new lot. Open debt of minutes is paid from it first, oldest call first. */
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
	const { debts, usage, paidMinutes } = payMinutesDebts(
		state.openDebts.get(organization.id) ?? [],
		command.allocationId,
		command.minutes
	);
	const granted: Credit = {
		...organization.credit,
		totalMinutes: organization.credit.totalMinutes + command.minutes,
		debtMinutes: organization.credit.debtMinutes - paidMinutes,
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

function payMinutesDebts(
	open: Debt[],
	allocationId: string,
	minutes: number
): { debts: Debt[]; usage: AppendedRows['usage']; paidMinutes: number } {
	const debts: Debt[] = [];
	const usage: AppendedRows['usage'] = [];
	let left = minutes;
	for (const debt of oldestFirst(open)) {
		const paid = Math.min(left, debt.remainingMinutes);
		if (paid === 0 || debt.callId === null) continue;
		left -= paid;
		debts.push({ ...debt, remainingMinutes: debt.remainingMinutes - paid });
		usage.push({
			organizationId: debt.organizationId,
			callId: debt.callId,
			allocationId,
			minutesConsumed: paid,
			isExternal: false,
			settlesDebt: true,
			callStartMs: debt.callStartMs,
			callEndMs: debt.callEndMs
		});
	}
	return { debts, usage, paidMinutes: minutes - left };
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
