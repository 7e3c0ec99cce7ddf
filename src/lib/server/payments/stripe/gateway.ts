/**
 * Stripe behind our interface: it speaks Stripe's wire on one side and ours on the other, and knows no
 * database. Every request that changes something carries an idempotency key made of our own ids.
 */
import Stripe from 'stripe';
import type { MoneyBackFact, Payment } from '$lib/domain/payments/payment';
import type { StripeConfig } from '../../config';
import { openStripe } from './client';
import { readChargeError } from './failure';
import {
	centsOf,
	disputedMicros,
	EVENT_TYPES,
	isDisputeOpen,
	microsOf,
	readIntent,
	readSession,
	type EventMeaning,
	type Failed
} from './read';
import { readSignedBody } from './verify';
import { Charge, Dispute, Event, PaymentIntent, PaymentMethod, Session } from './wire';

export interface SavedCard {
	paymentMethodId: string;
	brand: string;
	last4: string;
	expMonth: number;
	expYear: number;
}

export type ChargeOutcome =
	| { kind: 'told'; meaning: EventMeaning }
	| ({ kind: 'failed'; paymentIntentId: string | null } & Failed);

export interface StripeGateway {
	isLive: boolean;
	/** The signed event; null when the signature or the moment is wrong. @throws ZodError for no event */
	readSignedEvent(rawBody: Buffer, header: string | null, nowMs: number): Event | null;
	createCustomer(order: {
		organizationId: number;
		name: string;
		email: string;
		attemptId: string;
	}): Promise<string>;
	openCheckout(payment: Payment): Promise<{ sessionId: string; url: string | null }>;
	readCheckout(sessionId: string): Promise<EventMeaning>;
	/** Charges the saved card, off-session. Never throws for what Stripe answers or does not. */
	charge(payment: Payment): Promise<ChargeOutcome>;
	/** What became of a charge: by its intent, or by listing; null when there is none. */
	findCharge(payment: Payment): Promise<EventMeaning | null>;
	cancelCharge(paymentIntentId: string): Promise<void>;
	readMoneyBack(paymentIntentId: string): Promise<MoneyBackFact>;
	refund(order: {
		paymentIntentId: string;
		amountMicros: bigint;
		requestId: string;
		paymentId: string;
	}): Promise<void>;
	/** The newest card a customer saved; null when there is none. */
	findCard(customerId: string): Promise<SavedCard | null>;
	removeCard(paymentMethodId: string): Promise<void>;
	/** Events since a moment that no webhook of ours took, oldest first. */
	listMissedEvents(sinceMs: number): Promise<Event[]>;
}

/** @param origin where people come back to after paying */
export function createStripeGateway(
	config: StripeConfig,
	options: { origin: string; timeoutMs: number; beforeRequest: () => void }
): StripeGateway {
	const stripe = openStripe(config, options.timeoutMs, options.beforeRequest);
	return {
		isLive: /^[rs]k_live_/.test(config.secretKey),
		readSignedEvent(rawBody, header, nowMs) {
			const body = readSignedBody(config.webhookSecrets, rawBody, header, nowMs);
			return body === null ? null : Event.parse(body);
		},
		createCustomer: async ({ organizationId, name, email, attemptId }) => {
			const customer = await stripe.customers.create(
				{ name, email, metadata: { organization_id: String(organizationId) } },
				{ idempotencyKey: `customer:${organizationId}:${attemptId}` }
			);
			return customer.id;
		},
		openCheckout: (payment) => openCheckout(stripe, options.origin, payment),
		readCheckout: async (sessionId) =>
			readSession(Session.parse(await stripe.checkout.sessions.retrieve(sessionId))),
		charge: (payment) => charge(stripe, payment),
		findCharge: (payment) => findCharge(stripe, payment),
		cancelCharge: async (paymentIntentId) => {
			await stripe.paymentIntents.cancel(
				paymentIntentId,
				{},
				{ idempotencyKey: `cancel:${paymentIntentId}` }
			);
		},
		readMoneyBack: (paymentIntentId) => readMoneyBack(stripe, paymentIntentId),
		refund: async ({ paymentIntentId, amountMicros, requestId, paymentId }) => {
			await stripe.refunds.create(
				{
					payment_intent: paymentIntentId,
					amount: centsOf(amountMicros),
					reason: 'requested_by_customer',
					metadata: { payment_id: paymentId }
				},
				{ idempotencyKey: `refund:${requestId}` }
			);
		},
		findCard: (customerId) => findCard(stripe, customerId),
		removeCard: async (paymentMethodId) => {
			await stripe.paymentMethods.detach(
				paymentMethodId,
				{},
				{ idempotencyKey: `detach:${paymentMethodId}` }
			);
		},
		listMissedEvents: (sinceMs) => listMissedEvents(stripe, sinceMs)
	};
}

async function openCheckout(stripe: Stripe, origin: string, payment: Payment) {
	const metadata = {
		payment_id: payment.id,
		organization_id: String(payment.organizationId)
	};
	const session = await stripe.checkout.sessions.create(
		{
			mode: 'payment',
			customer: payment.customerId,
			client_reference_id: payment.id,
			line_items: [
				{
					quantity: 1,
					price_data: {
						currency: 'usd',
						unit_amount: centsOf(payment.amountMicros),
						product_data: { name: 'Talktime wallet top-up' }
					}
				}
			],
			metadata,
			// The session's metadata is not copied to its intent, whose events may come first.
			payment_intent_data: { setup_future_usage: 'off_session', metadata },
			success_url: `${origin}/settings/billing/return?session_id={CHECKOUT_SESSION_ID}`,
			cancel_url: `${origin}/settings/billing?notice=cancelled`
		},
		{ idempotencyKey: `order:${payment.id}:checkout:v1` }
	);
	return { sessionId: session.id, url: session.url };
}

async function charge(stripe: Stripe, payment: Payment): Promise<ChargeOutcome> {
	try {
		const intent = await stripe.paymentIntents.create(
			{
				amount: centsOf(payment.amountMicros),
				currency: 'usd',
				customer: payment.customerId,
				payment_method: payment.paymentMethodId ?? undefined,
				off_session: true,
				confirm: true,
				error_on_requires_action: true,
				description: 'Talktime auto-refill',
				metadata: {
					payment_id: payment.id,
					organization_id: String(payment.organizationId)
				}
			},
			{ idempotencyKey: `topup:${payment.id}` }
		);
		return { kind: 'told', meaning: readIntent(PaymentIntent.parse(intent)) };
	} catch (error) {
		return { kind: 'failed', ...readChargeError(error) };
	}
}

/** Creates may be listed a moment later than our clock says they were made. */
const LIST_SLACK_SECONDS = 300;

async function findCharge(stripe: Stripe, payment: Payment): Promise<EventMeaning | null> {
	if (payment.paymentIntentId !== null) {
		const intent = await stripe.paymentIntents.retrieve(payment.paymentIntentId);
		return readIntent(PaymentIntent.parse(intent));
	}
	const gte = Math.floor(payment.createdAtMs / 1000) - LIST_SLACK_SECONDS;
	const params = { customer: payment.customerId, created: { gte }, limit: 100 };
	for await (const intent of stripe.paymentIntents.list(params)) {
		if (intent.metadata.payment_id === payment.id) {
			return readIntent(PaymentIntent.parse(intent));
		}
	}
	return null;
}

async function readMoneyBack(stripe: Stripe, paymentIntentId: string): Promise<MoneyBackFact> {
	const [intent, disputes] = await Promise.all([
		stripe.paymentIntents.retrieve(paymentIntentId, { expand: ['latest_charge'] }),
		stripe.disputes.list({ payment_intent: paymentIntentId, limit: 100 })
	]);
	const charged = Charge.parse(intent.latest_charge);
	const all = disputes.data.map((dispute) => Dispute.parse(dispute));
	return {
		refundedMicros: microsOf(charged.amount_refunded),
		disputedMicros: disputedMicros(all),
		receiptUrl: charged.receipt_url ?? null,
		isDisputeOpen: isDisputeOpen(all)
	};
}

async function findCard(stripe: Stripe, customerId: string): Promise<SavedCard | null> {
	const listed = await stripe.customers.listPaymentMethods(customerId, {
		type: 'card',
		limit: 100
	});
	const methods = listed.data.map((method) => PaymentMethod.parse(method));
	const [newest] = methods.sort((first, second) => second.created - first.created);
	if (!newest?.card) return null;
	const { brand, last4, exp_month: expMonth, exp_year: expYear } = newest.card;
	return { paymentMethodId: newest.id, brand, last4, expMonth, expYear };
}

const MISSED_EVENTS_MAX = 1_000;
/** Stripe lists up to twenty types at once. */
const TYPES_AT_ONCE = 20;

async function listMissedEvents(stripe: Stripe, sinceMs: number): Promise<Event[]> {
	const created = { gte: Math.floor(sinceMs / 1000) };
	const events: Event[] = [];
	for (let from = 0; from < EVENT_TYPES.length; from += TYPES_AT_ONCE) {
		const types = EVENT_TYPES.slice(from, from + TYPES_AT_ONCE);
		const page = stripe.events.list({ delivery_success: false, types, created, limit: 100 });
		const found = await page.autoPagingToArray({ limit: MISSED_EVENTS_MAX });
		events.push(...found.map((event) => Event.parse(event)));
	}
	return events.sort((first, second) => first.created - second.created);
}
