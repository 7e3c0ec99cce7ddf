import { spendableMicros } from '../credit/funding';
import type { Debt } from '../credit/types';
import type { MoveMoney } from './commands';
import { audited, oldestFirst } from './facts';
import type { Decision } from './place';
import type { AppendedRows, LaneState } from './state';

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
	const { debts, transactions, balanceMicros } = payDollarDebts(
		open,
		command,
		{ balanceMicros: moved, heldMicros: credit.heldMicros },
		nowMs
	);
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

/**
 * One debit for each debt that is paid, named after the payment and the debt, so that it books once.
 * Dollars that live calls hold are promised to them and pay no debt.
 */
function payDollarDebts(
	open: Debt[],
	command: MoveMoney,
	wallet: { balanceMicros: bigint; heldMicros: bigint },
	nowMs: number
): { debts: Debt[]; transactions: AppendedRows['transactions']; balanceMicros: bigint } {
	const debts: Debt[] = [];
	const transactions: AppendedRows['transactions'] = [];
	let balance = wallet.balanceMicros;
	for (const debt of oldestFirst(open)) {
		const free = balance - wallet.heldMicros;
		const paid = debt.remainingMicros < free ? debt.remainingMicros : free;
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
