/** Auto-refill under the organisation's lock: what is due, what failed, and what a person changed. */
import {
	changeRefillSettings,
	failRefill,
	resumeRefill,
	stepRefill,
	type AutoRefill,
	type ChargeFailure
} from '../payments/auto-refill';
import type { PaymentState } from '../payments/payment';
import { monthlyCapMail, refillFailureMail, type MailText } from '../payments/payment-mails';
import { localDay } from '../time-zone';
import type { ChangeRefill, FailCharge, StepRefill } from './commands';
import { audited } from './facts';
import type { Credit } from '../credit/types';
import { changed, findPayment, newPayment } from './payments';
import type { Decision } from './place';
import type { AppendedRows, LaneState, Organization } from './state';

export function stepAutoRefill(
	state: LaneState,
	command: StepRefill,
	nowMs: number
): Decision<'step_refill'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const { card, paymentId } = command;
	const month = localDay(nowMs, organization.timezone).slice(0, 7);
	const before = organization.autoRefill;
	const offer = { paymentId, hasCard: card !== null, month };
	const step = stepRefill(before, withMinutesOwed(state, organization), offer, nowMs);
	const organizations =
		step.refill === before ? [] : [{ ...organization, autoRefill: step.refill }];
	switch (step.kind) {
		case 'rest': {
			const isCapped = step.refill.pauseReason === 'monthly_cap' && before.state !== 'paused';
			const mails = isCapped
				? [
						mailOf(
							organization,
							`cap:${month}`,
							monthlyCapMail(organization.name, step.refill),
							nowMs
						)
					]
				: [];
			return { result: { kind: 'rest' }, changes: { organizations, rows: { mails } } };
		}
		case 'resolve':
			return { result: { kind: 'resolve', paymentId: step.paymentId }, changes: { organizations } };
		case 'charge': {
			if (card === null) throw new Error('A charge without a card was decided.');
			const order = { ...command, ...card, kind: 'auto_refill' as const, createdBy: null };
			const payment = newPayment({ ...order, amountMicros: step.amountMicros }, nowMs);
			return {
				result: { kind: 'charge', payment },
				changes: { organizations, payments: [payment] }
			};
		}
	}
}

/** Keeps why a charge did not come through, and mails the managers the first time. */
export function failCharge(
	state: LaneState,
	command: FailCharge,
	nowMs: number
): Decision<'fail_charge'> {
	const found = findPayment(state, command);
	if (!found) return { result: { kind: 'unknown_payment' }, changes: {} };
	const { payment, organization } = found;
	const before = organization.autoRefill;
	if (['succeeded', 'mismatch', 'failed'].includes(payment.state)) {
		return { result: { kind: 'failed', refill: before }, changes: {} };
	}
	const { failure } = command;
	const after = failRefill(before, payment.id, failure, nowMs);
	const failed = changed(payment, {
		state: stateAfter(failure),
		paymentIntentId: command.paymentIntentId ?? payment.paymentIntentId,
		failureCode: failure.kind === 'declined' ? (failure.declineCode ?? failure.code) : failure.code,
		failureMessage: command.message
	});
	const { name } = organization;
	const text = refillFailureMail(name, before, after, failure, payment.amountMicros);
	return {
		result: { kind: 'failed', refill: after },
		changes: {
			organizations: after === before ? [] : [{ ...organization, autoRefill: after }],
			payments: [failed],
			rows: { mails: text ? [mailOf(organization, `decline:${payment.id}`, text, nowMs)] : [] }
		}
	};
}

function stateAfter(failure: ChargeFailure): PaymentState {
	return failure.kind === 'unknown' ? 'unknown' : 'failed';
}

function mailOf(
	organization: Organization,
	key: string,
	text: MailText,
	nowMs: number
): AppendedRows['mails'][number] {
	const { id } = organization;
	return {
		...text,
		organizationId: id,
		to: 'managers',
		key: `refill:${id}:${key}`,
		createdAtMs: nowMs
	};
}

export function changeRefill(
	state: LaneState,
	command: ChangeRefill,
	nowMs: number
): Decision<'change_refill'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const { change } = command;
	const before = organization.autoRefill;
	const after =
		change.kind === 'resume' ? resumeRefill(before) : changeRefillSettings(before, change);
	if (isSame(before, after)) return { result: { kind: 'changed', refill: before }, changes: {} };
	return {
		result: { kind: 'changed', refill: after },
		changes: {
			organizations: [{ ...organization, autoRefill: after }],
			rows: {
				audit: [
					audited(organization.id, command.actor, `auto_refill.${change.kind}`, nowMs, {
						before: told(before),
						after: told(after)
					})
				]
			}
		}
	};
}

function isSame(first: AutoRefill, second: AutoRefill): boolean {
	return JSON.stringify(told(first)) === JSON.stringify(told(second));
}

/** What a person can change, as the audit log shows it. */
function told(refill: AutoRefill) {
	return {
		isEnabled: refill.isEnabled,
		amountMicros: String(refill.amountMicros),
		thresholdMicros: String(refill.thresholdMicros),
		monthlyCapMicros: refill.monthlyCapMicros === null ? null : String(refill.monthlyCapMicros),
		state: refill.state
	};
}

/** What is to be charged has to pay the minutes that calls owe as well, which the next dollars pay first. */
function withMinutesOwed(state: LaneState, { id, credit }: Organization): Credit {
	const owedMicros = (state.openDebts.get(id) ?? []).reduce(
		(sum, debt) => sum + BigInt(debt.remainingMinutes) * debt.perMinuteMicros,
		0n
	);
	return { ...credit, debtMicros: credit.debtMicros + owedMicros };
}
