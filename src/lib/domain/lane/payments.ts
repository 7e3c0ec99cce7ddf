/** Orders for money: opened, noted, credited once, and taken back as far as the money went back. */
import { pause, resumeRefill, settleRefill } from '../payments/auto-refill';
import { findMismatch, type Payment } from '../payments/payment';
import { mismatchMail } from '../payments/payment-mails';
import { localDay } from '../time-zone';
import type { BookMoneyBack, BookPayment, NotePayment, OpenPayment } from './commands';
import { audited } from './facts';
import { clawBack, payIn, type Moved } from './money';
import type { Decision } from './place';
import {
	withChanges,
	type AppendedRows,
	type Changes,
	type LaneState,
	type Organization
} from './state';

/** An order for Checkout; the same id again is the same order. */
export function openPayment(
	state: LaneState,
	command: OpenPayment,
	nowMs: number
): Decision<'open_payment'> {
	const { organizationId, paymentId } = command;
	if (!state.organizations.has(organizationId)) {
		return { result: { kind: 'unknown_organization' }, changes: {} };
	}
	const known = state.payments.get(paymentId);
	if (known) {
		const isSame =
			known.organizationId === organizationId && known.amountMicros === command.amountMicros;
		return isSame
			? { result: { kind: 'opened', payment: known, repeated: true }, changes: {} }
			: { result: { kind: 'id_taken' }, changes: {} };
	}
	const payment = newPayment(
		{ ...command, kind: 'checkout', paymentMethodId: null, createdBy: command.userId },
		nowMs
	);
	return {
		result: { kind: 'opened', payment, repeated: false },
		changes: { payments: [payment] }
	};
}

export function newPayment(
	order: Pick<
		Payment,
		| 'organizationId'
		| 'kind'
		| 'amountMicros'
		| 'isLive'
		| 'customerId'
		| 'paymentMethodId'
		| 'createdBy'
	> & { paymentId: string },
	nowMs: number
): Payment {
	return {
		id: order.paymentId,
		organizationId: order.organizationId,
		kind: order.kind,
		amountMicros: order.amountMicros,
		isLive: order.isLive,
		state: 'created',
		customerId: order.customerId,
		paymentMethodId: order.paymentMethodId,
		checkoutSessionId: null,
		checkoutUrl: null,
		paymentIntentId: null,
		failureCode: null,
		failureMessage: null,
		refundedMicros: 0n,
		disputedMicros: 0n,
		receiptUrl: null,
		createdBy: order.createdBy,
		createdAtMs: nowMs,
		succeededAtMs: null,
		refreshAtMs: null,
		version: 1
	};
}

/** Finds a payment with its organisation. One of another organisation is none. */
export function findPayment(
	state: LaneState,
	command: { paymentId: string; organizationId: number }
): { payment: Payment; organization: Organization } | null {
	const payment = state.payments.get(command.paymentId);
	const organization = state.organizations.get(command.organizationId);
	if (!payment || !organization || payment.organizationId !== organization.id) return null;
	return { payment, organization };
}

export function changed(payment: Payment, changes: Partial<Payment>): Payment {
	return { ...payment, ...changes, version: payment.version + 1 };
}

/** Keeps what is known; success is final, and a failure is not: the same intent may succeed later. */
export function notePayment(state: LaneState, command: NotePayment): Decision<'note_payment'> {
	const found = findPayment(state, command);
	if (!found) return { result: { kind: 'unknown_payment' }, changes: {} };
	const { payment } = found;
	const { note } = command;
	const isOpen = payment.state !== 'succeeded' && payment.state !== 'mismatch';
	const noted = changed(payment, {
		...(isOpen && note.state && { state: note.state }),
		...(note.checkout && {
			checkoutSessionId: note.checkout.sessionId,
			checkoutUrl: note.checkout.url
		}),
		...(isOpen && note.paymentIntentId && { paymentIntentId: note.paymentIntentId }),
		...(isOpen &&
			note.failure && {
				failureCode: note.failure.code,
				failureMessage: note.failure.message
			}),
		...(note.refreshAtMs !== undefined && { refreshAtMs: note.refreshAtMs })
	});
	return { result: { kind: 'noted' }, changes: { payments: [noted] } };
}

/**
 * Credits a payment once, however often and by whomever it is told. What was paid must be what was
 * ordered; if not, nothing is credited and the order says so.
 */
export function bookPayment(
	state: LaneState,
	command: BookPayment,
	nowMs: number
): Decision<'book_payment'> {
	const found = findPayment(state, command);
	if (!found) return { result: { kind: 'unknown_payment' }, changes: {} };
	const { payment, organization } = found;
	const { fact } = command;
	const reason = findMismatch(payment, fact);
	if (reason !== null) {
		return refuseMismatch(
			organization,
			payment,
			{ reason, paymentIntentId: fact.paymentIntentId },
			nowMs
		);
	}
	if (payment.state === 'succeeded') {
		return { result: { kind: 'booked', repeated: true }, changes: {} };
	}
	const moved = payIn(
		state,
		organization,
		{
			transactionId: command.transactionId,
			amountMicros: payment.amountMicros,
			description: payment.kind === 'auto_refill' ? 'Auto-refill' : 'Funds added by card',
			metadata: { kind: 'topup', payment_id: payment.id },
			stripePaymentIntentId: fact.paymentIntentId
		},
		nowMs
	);
	return {
		result: { kind: 'booked', repeated: false },
		changes: {
			organizations: [
				{ ...moved.organization, autoRefill: afterPaid(organization, payment, nowMs) }
			],
			debts: moved.debts,
			payments: [
				changed(payment, {
					state: 'succeeded',
					paymentIntentId: fact.paymentIntentId,
					failureCode: null,
					failureMessage: null,
					succeededAtMs: nowMs,
					// The receipt is still to be fetched, and money may have gone back before we heard of it.
					refreshAtMs: nowMs
				})
			],
			rows: {
				transactions: moved.transactions,
				audit: [
					audited(organization.id, { kind: 'webhook' }, 'payment.succeeded', nowMs, {
						before: { balanceMicros: String(organization.credit.balanceMicros) },
						after: {
							balanceMicros: String(moved.organization.credit.balanceMicros),
							paymentId: payment.id
						}
					})
				]
			}
		}
	};
}

/** One that was credited stays as it was: its credit is right, what came after it is wrong. */
function refuseMismatch(
	organization: Organization,
	payment: Payment,
	{ reason, paymentIntentId }: { reason: string; paymentIntentId: string },
	nowMs: number
): Decision<'book_payment'> {
	const result = { kind: 'mismatch' as const, reason };
	const mail: AppendedRows['mails'][number] = {
		...mismatchMail(organization.name, reason),
		organizationId: organization.id,
		to: 'super_admins',
		key: `mismatch:${payment.id}:${paymentIntentId}`,
		createdAtMs: nowMs
	};
	const rows = { mails: [mail] };
	if (payment.state === 'succeeded') return { result, changes: { rows } };
	const { autoRefill } = organization;
	const isRefill = autoRefill.paymentId === payment.id;
	return {
		result,
		changes: {
			organizations: isRefill
				? [{ ...organization, autoRefill: pause(autoRefill, 'mismatch') }]
				: [],
			payments: [changed(payment, { state: 'mismatch', failureMessage: reason })],
			rows
		}
	};
}

/** Someone who paid in person has seen to the card; a refill that came through is over. */
function afterPaid({ autoRefill, timezone }: Organization, payment: Payment, nowMs: number) {
	if (payment.kind === 'checkout') {
		return { ...resumeRefill(autoRefill), lastRefillAtMs: nowMs };
	}
	const month = localDay(nowMs, timezone).slice(0, 7);
	const { id, amountMicros } = payment;
	return settleRefill(autoRefill, { paymentId: id, amountMicros, month }, nowMs);
}

/**
 * Books the difference between what Stripe says went back and what is booked. Both are totals, so that
 * events may come in any order and number. An answer that was asked for before the last change is stale.
 */
export function bookMoneyBack(
	state: LaneState,
	command: BookMoneyBack,
	nowMs: number
): Decision<'book_money_back'> {
	const found = findPayment(state, command);
	if (!found) return { result: { kind: 'unknown_payment' }, changes: {} };
	const { payment, organization } = found;
	if (payment.state !== 'succeeded') return { result: { kind: 'not_paid' }, changes: {} };
	if (payment.version !== command.askedAtVersion) return { result: { kind: 'stale' }, changes: {} };
	const { fact, newIds } = command;
	const refunded = atMost(fact.refundedMicros, payment.amountMicros);
	const disputed = atMost(fact.disputedMicros, payment.amountMicros - refunded);
	const steps = [
		{ deltaMicros: refunded - payment.refundedMicros, id: newIds.refund, ...REFUND },
		{ deltaMicros: disputed - payment.disputedMicros, id: newIds.dispute, ...DISPUTE }
	];
	// What comes back goes first, so that it can pay for what is taken.
	steps.sort((first, second) => Number(first.deltaMicros - second.deltaMicros));
	let current = organization;
	let changes: Changes = {};
	for (const step of steps.filter(({ deltaMicros }) => deltaMicros !== 0n)) {
		const moved = book(current, state, changes, payment, step, nowMs);
		current = moved.organization;
		changes = {
			debts: [...(changes.debts ?? []), ...moved.debts],
			rows: { transactions: [...(changes.rows?.transactions ?? []), ...moved.transactions] }
		};
	}
	const frozen = fact.isDisputeOpen && organization.freezesOnDispute && organization.isActive;
	const deltas = steps.map(({ deltaMicros }) => deltaMicros);
	return {
		result: {
			kind: 'booked',
			takenMicros: sum(deltas.filter((delta) => delta > 0n)),
			returnedMicros: -sum(deltas.filter((delta) => delta < 0n)),
			frozen
		},
		changes: {
			...changes,
			organizations: [frozen ? { ...current, isActive: false } : current],
			payments: [
				changed(payment, {
					refundedMicros: refunded,
					disputedMicros: disputed,
					receiptUrl: fact.receiptUrl ?? payment.receiptUrl,
					refreshAtMs: null
				})
			],
			rows: {
				...changes.rows,
				audit: auditOf(organization, current, command, frozen, nowMs)
			}
		}
	};
}

const REFUND = { kind: 'refund', back: 'refund_failed', taken: 'Payment refunded' };
const DISPUTE = { kind: 'dispute', back: 'dispute_won', taken: 'Payment disputed' };

function book(
	organization: Organization,
	state: LaneState,
	changes: Changes,
	payment: Payment,
	step: { deltaMicros: bigint; id: string; kind: string; back: string; taken: string },
	nowMs: number
): Moved {
	const { deltaMicros, id: transactionId } = step;
	if (deltaMicros > 0n) {
		const metadata = { kind: step.kind, payment_id: payment.id };
		const movement = {
			transactionId,
			amountMicros: deltaMicros,
			description: step.taken,
			metadata
		};
		return clawBack(organization, { ...movement, paymentId: payment.id }, nowMs);
	}
	const description =
		step.back === 'dispute_won' ? 'Disputed payment returned' : 'Refund came back from the bank';
	const metadata = { kind: step.back, payment_id: payment.id };
	const movement = { transactionId, amountMicros: -deltaMicros, description, metadata };
	return payIn(withChanges(state, changes), organization, movement, nowMs);
}

function auditOf(
	before: Organization,
	after: Organization,
	{ actor, paymentId, fact }: BookMoneyBack,
	frozen: boolean,
	nowMs: number
) {
	const balances = (organization: Organization) => ({
		balanceMicros: String(organization.credit.balanceMicros),
		debtMicros: String(organization.credit.debtMicros)
	});
	const totals = {
		refundedMicros: String(fact.refundedMicros),
		disputedMicros: String(fact.disputedMicros)
	};
	const hasMoved = before.credit !== after.credit;
	const change = { before: balances(before), after: { ...balances(after), ...totals, paymentId } };
	const freeze = {
		before: { isActive: true },
		after: { isActive: false, reason: 'dispute', paymentId }
	};
	return [
		...(hasMoved ? [audited(before.id, actor, 'payment.money_back', nowMs, change)] : []),
		...(frozen ? [audited(before.id, actor, 'organization.set_active', nowMs, freeze)] : [])
	];
}

function atMost(amountMicros: bigint, limitMicros: bigint): bigint {
	return amountMicros < limitMicros ? amountMicros : limitMicros;
}

function sum(amounts: bigint[]): bigint {
	return amounts.reduce((total, amount) => total + amount, 0n);
}
