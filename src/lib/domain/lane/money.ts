import { oldestFirst, owedAfter, payWithDollars } from '../credit/debts';
import { spendableMicros } from '../credit/funding';
import type { Credit, Debt } from '../credit/types';
import type { MoveMoney } from './commands';
import { audited } from './facts';
import type { Decision } from './place';
import type { AppendedRows, LaneState, Organization } from './state';

type Transaction = AppendedRows['transactions'][number];

/** What a movement of money changes: the wallet, the debts it pays or leaves, and its entries. */
export interface Moved {
	organization: Organization;
	debts: Debt[];
	transactions: Transaction[];
}

export interface Movement {
	transactionId: string;
	amountMicros: bigint;
	description: string;
	metadata: Record<string, string>;
	stripePaymentIntentId?: string;
}

/** Puts money in, open debt paid first, or takes spendable money out. */
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
	const { type } = command;
	const moved =
		type === 'debit'
			? takeOut(organization, command, nowMs)
			: payIn(state, organization, command, nowMs, type);
	return {
		result: { kind: 'moved', repeated: false },
		changes: {
			organizations: [moved.organization],
			debts: moved.debts,
			rows: {
				transactions: moved.transactions,
				audit: [
					audited(organization.id, command.actor, `wallet.${type}`, nowMs, {
						before: { balanceMicros: String(credit.balanceMicros) },
						after: {
							balanceMicros: String(moved.organization.credit.balanceMicros),
							reason: command.description
						}
					})
				]
			}
		}
	};
}

/** Money comes in; open debt is paid from it first, oldest first. */
export function payIn(
	state: LaneState,
	organization: Organization,
	movement: Movement,
	nowMs: number,
	type: 'credit' | 'refund' = 'credit'
): Moved {
	const { credit } = organization;
	const first = entryOf(organization, type, movement, nowMs);
	const open = state.openDebts.get(organization.id) ?? [];
	const { debts, transactions, balanceMicros } = payDebts(
		open,
		movement.transactionId,
		{ ...credit, balanceMicros: first.balanceAfterMicros },
		nowMs
	);
	const owed = owedAfter(credit, open, debts);
	return {
		organization: { ...organization, credit: { ...credit, balanceMicros, ...owed } },
		debts,
		transactions: [first, ...transactions]
	};
}

/** Takes out what is known to be spendable. */
function takeOut(organization: Organization, movement: Movement, nowMs: number): Moved {
	const entry = entryOf(organization, 'debit', movement, nowMs);
	const credit = { ...organization.credit, balanceMicros: entry.balanceAfterMicros };
	return { organization: { ...organization, credit }, debts: [], transactions: [entry] };
}

/**
 * Takes back money that a payment brought: what no call holds leaves the wallet, and what was spent
 * already is debt. Hiding it would be free money (LESSONS.md 2.8).
 * @param movement its transaction id is also the id of the debt
 */
export function clawBack(
	organization: Organization,
	movement: Movement & { paymentId: string },
	nowMs: number
): Moved {
	const { amountMicros, paymentId, transactionId } = movement;
	const free = spendableMicros(organization.credit);
	const taken = amountMicros < free ? amountMicros : free;
	const short = amountMicros - taken;
	const moved =
		taken > 0n
			? takeOut(organization, { ...movement, amountMicros: taken }, nowMs)
			: { organization, debts: [], transactions: [] };
	if (short === 0n) return moved;
	const { credit } = moved.organization;
	const debt: Debt = {
		id: transactionId,
		organizationId: organization.id,
		callId: null,
		paymentId,
		minutes: 0,
		remainingMinutes: 0,
		amountMicros: short,
		remainingMicros: short,
		worthMinutes: 0,
		perMinuteMicros: 0n,
		convertedMinutes: 0,
		convertedMicros: 0n,
		callStartMs: nowMs,
		callEndMs: nowMs,
		createdAtMs: nowMs
	};
	return {
		...moved,
		organization: {
			...moved.organization,
			credit: { ...credit, debtMicros: credit.debtMicros + short }
		},
		debts: [debt]
	};
}

function entryOf(
	{ id, credit }: Organization,
	type: Transaction['type'],
	movement: Movement,
	nowMs: number
): Transaction {
	const before = credit.balanceMicros;
	const { amountMicros, description, metadata, stripePaymentIntentId } = movement;
	return {
		id: movement.transactionId,
		organizationId: id,
		amountMicros,
		type,
		description,
		balanceBeforeMicros: before,
		balanceAfterMicros: type === 'debit' ? before - amountMicros : before + amountMicros,
		callId: null,
		metadata,
		...(stripePaymentIntentId !== undefined && { stripePaymentIntentId }),
		createdAtMs: nowMs
	};
}

/**
 * One debit for each debt that is paid, named after the payment and the debt, so that it books once.
 * What live calls hold pays no debt.
 */
function payDebts(
	open: Debt[],
	paidBy: string,
	{ balanceMicros, heldMicros, mode }: Credit,
	nowMs: number
): { debts: Debt[]; transactions: Transaction[]; balanceMicros: bigint } {
	const debts: Debt[] = [];
	const transactions: Transaction[] = [];
	let balance = balanceMicros;
	for (const debt of oldestFirst(open)) {
		const free = balance - heldMicros;
		if (free <= 0n) break;
		const { debt: rest, micros: paid } = payWithDollars(debt, free, mode);
		if (paid === 0n) continue;
		debts.push(rest);
		transactions.push({
			id: null,
			organizationId: debt.organizationId,
			amountMicros: paid,
			type: 'debit',
			description: debt.callId
				? 'Debt of an earlier call paid'
				: 'Debt of a payment that went back paid',
			balanceBeforeMicros: balance,
			balanceAfterMicros: balance - paid,
			callId: debt.callId,
			metadata: { kind: 'debt', paid_by: paidBy, ...(!debt.callId && { debt_id: debt.id }) },
			createdAtMs: nowMs
		});
		balance -= paid;
	}
	return { debts, transactions, balanceMicros: balance };
}
