import type Stripe from 'stripe';
import type { DisputeKind } from './cards';
import { invalid } from './errors';
import { idOf, newId, unixNow } from './ids';
import { later, moveBalance, type StripeRoom } from './room';

const EVIDENCE_DUE_SECONDS = 9 * 86_400;
const DECIDED_AFTER_SECONDS = 5;
const DISPUTE_FEE = 1_500;

const NO_EVIDENCE = {
	access_activity_log: null,
	billing_address: null,
	cancellation_policy: null,
	cancellation_policy_disclosure: null,
	cancellation_rebuttal: null,
	customer_communication: null,
	customer_email_address: null,
	customer_name: null,
	customer_purchase_ip: null,
	customer_signature: null,
	duplicate_charge_documentation: null,
	duplicate_charge_explanation: null,
	duplicate_charge_id: null,
	product_description: null,
	receipt: null,
	refund_policy: null,
	refund_policy_disclosure: null,
	refund_refusal_explanation: null,
	service_date: null,
	service_documentation: null,
	shipping_address: null,
	shipping_carrier: null,
	shipping_date: null,
	shipping_documentation: null,
	shipping_tracking_number: null,
	uncategorized_file: null,
	uncategorized_text: null
};

export interface DisputeOpening {
	kind: DisputeKind;
	/** Minor units; null: all that was not refunded. */
	amount: number | null;
}

function isInquiry({ status }: Stripe.Dispute): boolean {
	return status.startsWith('warning_');
}

/** The bank asks for the money of a charge; an inquiry only asks a question. */
export function openDispute(
	room: StripeRoom,
	charge: Stripe.Charge,
	opening: DisputeOpening
): Stripe.Dispute {
	if (!charge.paid) throw invalid('Only a charge that was paid can be disputed.');
	const { kind } = opening;
	const dispute: Stripe.Dispute = {
		id: newId('du'),
		object: 'dispute',
		amount: opening.amount ?? charge.amount - charge.amount_refunded,
		balance_transactions: [],
		charge: charge.id,
		created: unixNow(),
		currency: charge.currency,
		enhanced_eligibility_types: [],
		evidence: { ...NO_EVIDENCE, enhanced_evidence: {} },
		evidence_details: {
			due_by: unixNow() + EVIDENCE_DUE_SECONDS,
			enhanced_eligibility: {},
			has_evidence: false,
			past_due: false,
			submission_count: 0,
			submission_method: 'not_submitted'
		},
		intended_submission_method: null,
		is_charge_refundable: kind === 'inquiry',
		livemode: false,
		metadata: {},
		payment_intent: charge.payment_intent,
		reason: kind === 'inquiry' ? 'general' : kind,
		status: kind === 'inquiry' ? 'warning_needs_response' : 'needs_response'
	};
	room.store.disputes.add(dispute.id, dispute);
	charge.disputed = true;
	room.events.record('charge.dispute.created', dispute);
	if (kind !== 'inquiry') {
		moveDisputed(room, dispute, -dispute.amount, DISPUTE_FEE);
		room.events.record('charge.dispute.funds_withdrawn', dispute);
	}
	return dispute;
}

function moveDisputed(
	room: StripeRoom,
	dispute: Stripe.Dispute,
	amount: number,
	fee: number
): void {
	const moved = moveBalance(room, 'adjustment', dispute.id, amount, dispute.currency);
	moved.fee = fee;
	moved.net = amount - fee;
	dispute.balance_transactions = [...dispute.balance_transactions, structuredClone(moved)];
}

function checkIsOpen(dispute: Stripe.Dispute): void {
	if (!['won', 'lost', 'warning_closed'].includes(dispute.status)) return;
	throw invalid('This dispute is already closed');
}

/** Decides a dispute. Won gives the money back; an inquiry is closed either way. Throws when closed. */
export function decideDispute(
	room: StripeRoom,
	dispute: Stripe.Dispute,
	isWon: boolean
): Stripe.Dispute {
	checkIsOpen(dispute);
	const previous = { status: dispute.status };
	const wasInquiry = isInquiry(dispute);
	dispute.status = wasInquiry ? 'warning_closed' : isWon ? 'won' : 'lost';
	dispute.is_charge_refundable = wasInquiry;
	if (isWon && !wasInquiry) {
		moveDisputed(room, dispute, dispute.amount, 0);
		room.events.record('charge.dispute.funds_reinstated', dispute, previous);
	}
	room.events.record('charge.dispute.closed', dispute, previous);
	return dispute;
}

/** Evidence as a merchant gives it; `winning_evidence` and `losing_evidence` decide the dispute. */
export function submitEvidence(
	room: StripeRoom,
	dispute: Stripe.Dispute,
	text: string | null,
	isSubmitted: boolean
): Stripe.Dispute {
	checkIsOpen(dispute);
	if (text !== null) {
		dispute.evidence.uncategorized_text = text;
		dispute.evidence_details.has_evidence = true;
	}
	if (!isSubmitted) return dispute;
	const previous = { status: dispute.status };
	dispute.evidence_details.submission_count += 1;
	dispute.evidence_details.submission_method = 'manual';
	dispute.status = isInquiry(dispute) ? 'warning_under_review' : 'under_review';
	room.events.record('charge.dispute.updated', dispute, previous);
	if (text === 'winning_evidence' || text === 'losing_evidence') {
		later(room, DECIDED_AFTER_SECONDS, () => {
			const isUnderReview = dispute.status.endsWith('under_review');
			if (isUnderReview) decideDispute(room, dispute, text === 'winning_evidence');
		});
	}
	return dispute;
}

/** True while the bank holds, or has kept, the money of a charge. */
export function isHeldByBank({ store }: StripeRoom, charge: Stripe.Charge): boolean {
	return store.disputes
		.newestFirst()
		.some(
			(one) =>
				idOf(one.charge) === charge.id &&
				['needs_response', 'under_review', 'lost'].includes(one.status)
		);
}
