import {
	consumeParts,
	mergeParts,
	planMinutes,
	spendableMicros,
	spendableMinutes,
	sumOfParts
} from '../credit/funding';
import type { Credit, Debt, Lot } from '../credit/types';
import type {
	Actor,
	Allocate,
	Consume,
	MoveMoney,
	SetActive,
	WithdrawAllocation
} from './commands';
import type { Decision } from './place';
import { organizationKey, type AppendedRows, type Changes, type LaneState } from './state';

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
		if (paid === 0) continue;
		left -= paid;
		debts.push({ ...debt, remainingMinutes: debt.remainingMinutes - paid });
		usage.push({
			organizationId: debt.organizationId,
			callId: debt.callId,
			allocationId,
			minutesConsumed: paid,
			settlesDebt: true,
			callStartMs: debt.callStartMs,
			callEndMs: debt.callEndMs
		});
	}
	return { debts, usage, paidMinutes: minutes - left };
}

function oldestFirst(debts: Debt[]): Debt[] {
	return [...debts].sort((first, second) => first.createdAtMs - second.createdAtMs);
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

/** Puts money in, open debt of dollars paid first, or takes spendable money out. */
export function moveMoney(
	state: LaneState,
	command: MoveMoney,
	nowMs: number
): Decision<'move_money'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const owner = state.transactionOwners.get(command.transactionId);
	if (owner !== undefined && owner !== organization.id) {
		return { result: { kind: 'id_taken' }, changes: {} };
	}
	if (owner !== undefined) {
		return { result: { kind: 'moved', repeated: true }, changes: {} };
	}
	const { credit } = organization;
	const isOut = command.type === 'debit';
	if (isOut && spendableMicros(credit) < command.amountMicros) {
		return {
			result: { kind: 'not_enough', spendableMicros: spendableMicros(credit) },
			changes: {}
		};
	}
	const before = credit.balanceMicros;
	const moved = isOut ? before - command.amountMicros : before + command.amountMicros;
	const first: AppendedRows['transactions'][number] = {
		id: command.transactionId,
		organizationId: organization.id,
		amountMicros: command.amountMicros,
		type: command.type,
		description: command.description,
		balanceBeforeMicros: before,
		balanceAfterMicros: moved,
		callId: null,
		metadata: command.metadata,
		createdAtMs: nowMs
	};
	const open = isOut ? [] : (state.openDebts.get(organization.id) ?? []);
	const { debts, transactions, balanceMicros } = payDollarDebts(open, command, moved, nowMs);
	const paid = moved - balanceMicros;
	return {
		result: { kind: 'moved', repeated: false },
		changes: {
			organizations: [
				{
					...organization,
					credit: { ...credit, balanceMicros, debtMicros: credit.debtMicros - paid }
				}
			],
			debts,
			rows: {
				transactions: [first, ...transactions],
				audit: [
					audited(organization.id, command.actor, `wallet.${command.type}`, nowMs, {
						before: { balanceMicros: String(before) },
						after: { balanceMicros: String(balanceMicros), reason: command.description }
					})
				]
			}
		}
	};
}

/** One debit for each debt that is paid, named after the payment and the debt, so that it books once. */
function payDollarDebts(
	open: Debt[],
	command: MoveMoney,
	balanceMicros: bigint,
	nowMs: number
): { debts: Debt[]; transactions: AppendedRows['transactions']; balanceMicros: bigint } {
	const debts: Debt[] = [];
	const transactions: AppendedRows['transactions'] = [];
	let balance = balanceMicros;
	for (const debt of oldestFirst(open)) {
		const paid = debt.remainingMicros < balance ? debt.remainingMicros : balance;
		if (paid <= 0n) continue;
		debts.push({ ...debt, remainingMicros: debt.remainingMicros - paid });
		transactions.push({
			id: null,
			organizationId: debt.organizationId,
			amountMicros: paid,
			type: 'debit',
			description: 'Debt of an earlier call paid',
			balanceBeforeMicros: balance,
			balanceAfterMicros: balance - paid,
			callId: debt.callId,
			metadata: { kind: 'debt', paid_by: command.transactionId },
			createdAtMs: nowMs
		});
		balance -= paid;
	}
	return { debts, transactions, balanceMicros: balance };
}

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

/**
 * Switches calling on or off. Off refuses new calls from this moment. Live calls go on under
 * `block_new`, end with their slice under `drain`, and at once under `cut_now`: the meter sees to it.
 */
export function setActive(
	state: LaneState,
	command: SetActive,
	nowMs: number
): Decision<'set_active'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const deactivationPolicy = command.policy ?? organization.deactivationPolicy;
	const isSame =
		organization.isActive === command.isActive &&
		organization.deactivationPolicy === deactivationPolicy;
	if (isSame) return { result: { kind: 'unchanged' }, changes: {} };
	const changes: Changes = {
		organizations: [{ ...organization, isActive: command.isActive, deactivationPolicy }],
		rows: {
			audit: [
				audited(organization.id, command.actor, 'organization.set_active', nowMs, {
					before: {
						isActive: organization.isActive,
						policy: organization.deactivationPolicy
					},
					after: { isActive: command.isActive, policy: deactivationPolicy }
				})
			]
		}
	};
	return { result: { kind: 'switched' }, changes };
}

function userOf(actor: Actor): string | null {
	return actor.kind === 'user' ? actor.userId : null;
}

type HistoryRow = AppendedRows['history'][number];

function historyOf(
	actor: Actor,
	nowMs: number,
	fact: Omit<HistoryRow, 'allocatedBy' | 'allocatedAtMs'>
): HistoryRow {
	return { ...fact, allocatedBy: userOf(actor), allocatedAtMs: nowMs };
}

function audited(
	organizationId: number,
	actor: Actor,
	action: string,
	nowMs: number,
	change: { before: object; after: object }
): AppendedRows['audit'][number] {
	return {
		organizationId,
		actorKind: actor.kind,
		actorUserId: userOf(actor),
		action,
		...change,
		createdAtMs: nowMs
	};
}
