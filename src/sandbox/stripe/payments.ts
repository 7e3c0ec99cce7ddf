/**
 * The life of a PaymentIntent: requires_payment_method -> (requires_action) -> succeeded | processing
 * -> succeeded; a decline puts it back to requires_payment_method (PROVIDERS.md 4.5).
 */
import type Stripe from 'stripe';
import { adviceFor, declineFor, type Decline } from './cards';
import { openDispute } from './disputes';
import { invalid, StripeError } from './errors';
import { idOf, newId, unixNow } from './ids';
import { attachMethod } from './methods';
import { newCharge } from './objects';
import { later, moveBalance, type StripeRoom } from './room';
import type { KeptMethod } from './store';

const DISPUTED_AFTER_SECONDS = 5;

export interface Confirmation {
	method: KeptMethod;
	/** The payer is not there: nobody can authenticate. */
	isOffSession: boolean;
	/** A payment that would need authentication fails at once. */
	failsOnAction: boolean;
	returnUrl: string | null;
}

type Intent = Stripe.PaymentIntent;

function needsAuthentication(
	{ card, isSetUpOffSession }: KeptMethod,
	isOffSession: boolean
): boolean {
	switch (card?.authentication) {
		case 'always':
			return true;
		case 'unless-set-up':
			return !isSetUpOffSession;
		case 'on-session':
			return !isOffSession;
		default:
			return false;
	}
}

/** Pays with a method. Throws 402 on a decline, after the intent, its charge and events say so. */
export function confirmIntent(
	room: StripeRoom,
	intent: Intent,
	confirmation: Confirmation
): Intent {
	const { method, isOffSession, failsOnAction, returnUrl } = confirmation;
	checkCanConfirm(intent, method);
	intent.payment_method = method.object.id;
	intent.last_payment_error = null;
	if (method.card === null) {
		intent.payment_method_types = ['us_bank_account'];
		intent.status = 'processing';
		room.events.record('payment_intent.processing', intent);
		return intent;
	}
	const declined = room.context.faults.takeDecline();
	if (declined !== null) throw declineIntent(room, intent, method, declineFor(declined));
	if (!needsAuthentication(method, isOffSession)) return chargeIntent(room, intent, method);
	if (isOffSession || failsOnAction) {
		throw declineIntent(room, intent, method, declineFor('authentication_required'));
	}
	intent.status = 'requires_action';
	intent.next_action = nextAction(room, intent, returnUrl);
	room.events.record('payment_intent.requires_action', intent);
	return intent;
}

function checkCanConfirm(intent: Intent, { object }: KeptMethod): void {
	const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
	if (!open.includes(intent.status)) throw unexpectedState(intent, 'confirm');
	const owner = idOf(object.customer);
	if (owner !== null && owner !== idOf(intent.customer)) {
		throw invalid(
			`The provided PaymentMethod (${object.id}) belongs to another Customer: ${owner}`,
			{ param: 'payment_method' }
		);
	}
}

/** The error of an action that the state of an intent does not allow. */
export function unexpectedState(intent: Intent, action: string): StripeError {
	return invalid(
		`You cannot ${action} this PaymentIntent because it has a status of ${intent.status}.`,
		{ code: 'payment_intent_unexpected_state', payment_intent: structuredClone(intent) }
	);
}

function nextAction(
	room: StripeRoom,
	intent: Intent,
	returnUrl: string | null
): Stripe.PaymentIntent.NextAction {
	const url = `${room.context.baseUrl()}/c/authenticate/${intent.id}`;
	if (returnUrl !== null) {
		return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
	}
	const source = newId('payatt');
	const sdk = { type: 'three_d_secure_redirect', stripe_js: url, source };
	return { type: 'use_stripe_sdk', use_stripe_sdk: sdk };
}

/** The payer completed or failed authentication. Throws 402 when the charge is declined then. */
export function authenticateIntent(room: StripeRoom, intent: Intent, isComplete: boolean): Intent {
	if (intent.status !== 'requires_action') throw unexpectedState(intent, 'authenticate');
	const method = room.store.methods.get(idOf(intent.payment_method) ?? '');
	intent.next_action = null;
	if (isComplete) {
		method.isSetUpOffSession = intent.setup_future_usage === 'off_session';
		return chargeIntent(room, intent, method);
	}
	throw declineIntent(room, intent, method, {
		code: 'payment_intent_authentication_failure',
		declineCode: null,
		message:
			'We are unable to authenticate your payment method. Please choose a different payment method and try again.'
	});
}

function chargeIntent(room: StripeRoom, intent: Intent, method: KeptMethod): Intent {
	const { card } = method;
	// A card that only fails once it is kept pays nothing, but may be kept by a payment of its owner.
	if (card !== null && card.decline !== null)
		throw declineIntent(room, intent, method, card.decline);
	return succeedIntent(room, intent, method);
}

/** The money is there: charge, balance, saved method, events, and what the test card does later. */
function succeedIntent(room: StripeRoom, intent: Intent, method: KeptMethod): Intent {
	const customer = idOf(intent.customer);
	if (intent.setup_future_usage !== null && customer !== null) {
		attachMethod(room, method, customer);
		if (intent.setup_future_usage === 'off_session') method.isSetUpOffSession = true;
	}
	const charge = newCharge(intent, method.object);
	const moved = moveBalance(room, 'charge', charge.id, charge.amount, charge.currency);
	Object.assign(charge, {
		amount_captured: charge.amount,
		balance_transaction: moved.id,
		captured: true,
		paid: true,
		status: 'succeeded',
		receipt_url: `${room.context.baseUrl()}/c/receipts/${charge.id}`,
		outcome: chargeOutcome(method, null)
	});
	room.store.charges.add(charge.id, charge);
	Object.assign(intent, {
		status: 'succeeded',
		amount_received: intent.amount,
		latest_charge: charge.id,
		next_action: null,
		payment_method: method.object.id,
		last_payment_error: null
	});
	room.events.record('charge.succeeded', charge);
	room.events.record('payment_intent.succeeded', intent);
	disputeLater(room, charge, method);
	return intent;
}

function disputeLater(room: StripeRoom, charge: Stripe.Charge, { card }: KeptMethod): void {
	if (card === null) return;
	if (card.hasFraudWarning) {
		later(room, DISPUTED_AFTER_SECONDS, () =>
			room.events.record('radar.early_fraud_warning.created', {
				id: newId('issfr'),
				object: 'radar.early_fraud_warning',
				actionable: true,
				charge: charge.id,
				created: unixNow(),
				fraud_type: 'misc',
				livemode: false,
				payment_intent: charge.payment_intent
			})
		);
	}
	card.disputes.forEach((kind, index) => {
		const amount = Math.floor(charge.amount / card.disputes.length);
		later(
			room,
			DISPUTED_AFTER_SECONDS * (index + 1),
			() => void openDispute(room, charge, { kind, amount })
		);
	});
}

function chargeOutcome({ card }: KeptMethod, decline: Decline | null): Stripe.Charge.Outcome {
	const isBlocked = card?.riskLevel === 'highest';
	return {
		advice_code: decline === null ? null : adviceFor(decline),
		network_advice_code: null,
		network_decline_code: decline === null || isBlocked ? null : '01',
		network_status:
			decline === null
				? 'approved_by_network'
				: isBlocked
					? 'not_sent_to_network'
					: 'declined_by_network',
		reason: isBlocked ? 'highest_risk_level' : (decline?.declineCode ?? decline?.code ?? null),
		risk_level: card?.riskLevel ?? 'normal',
		risk_score: card?.riskLevel === 'normal' ? 20 : 75,
		seller_message:
			decline === null
				? 'Payment complete.'
				: 'The bank did not return any further details with this decline.',
		type: decline === null ? 'authorized' : isBlocked ? 'blocked' : 'issuer_declined'
	};
}

/** Keeps the decline on charge and intent, tells it, and gives the 402 to be thrown. */
function declineIntent(
	room: StripeRoom,
	intent: Intent,
	method: KeptMethod,
	decline: Decline
): StripeError {
	const charge = newCharge(intent, method.object);
	Object.assign(charge, {
		failure_code: decline.code,
		failure_message: decline.message,
		status: 'failed',
		outcome: chargeOutcome(method, decline)
	});
	room.store.charges.add(charge.id, charge);
	const details = {
		advice_code: adviceFor(decline),
		charge: charge.id,
		code: decline.code,
		...(decline.declineCode === null ? {} : { decline_code: decline.declineCode })
	};
	intent.status = 'requires_payment_method';
	intent.payment_method = null;
	intent.next_action = null;
	intent.latest_charge = charge.id;
	intent.last_payment_error = {
		...details,
		doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
		message: decline.message,
		payment_method: structuredClone(method.object),
		type: 'card_error'
	};
	room.events.record('charge.failed', charge);
	room.events.record('payment_intent.payment_failed', intent);
	return new StripeError(402, 'card_error', decline.message, {
		...details,
		payment_intent: structuredClone(intent),
		payment_method: structuredClone(method.object)
	});
}

/** A bank debit arrives or bounces. Throws unless the intent is processing. */
export function settleIntent(room: StripeRoom, intent: Intent, succeeds: boolean): void {
	if (intent.status !== 'processing') throw unexpectedState(intent, 'settle');
	const method = room.store.methods.get(idOf(intent.payment_method) ?? '');
	if (succeeds) {
		succeedIntent(room, intent, method);
		return;
	}
	declineIntent(room, intent, method, {
		code: 'payment_intent_payment_attempt_failed',
		declineCode: null,
		message: 'The payment failed.'
	});
}

export function cancelIntent(room: StripeRoom, intent: Intent, reason: string | null): Intent {
	if (['succeeded', 'canceled', 'processing'].includes(intent.status)) {
		throw unexpectedState(intent, 'cancel');
	}
	intent.status = 'canceled';
	intent.canceled_at = unixNow();
	intent.cancellation_reason = reason;
	intent.next_action = null;
	room.events.record('payment_intent.canceled', intent);
	return intent;
}
