/** New objects in the shape of API version 2026-10-28.endive; the SDK's types keep them whole. */
import type Stripe from 'stripe';
import { createHash } from 'node:crypto';
import type { TestCard } from './cards';
import { newId, randomLetters, unixNow } from './ids';

export const API_VERSION = '2026-10-28.endive';

const NO_ADDRESS = {
	city: null,
	country: null,
	line1: null,
	line2: null,
	postal_code: null,
	state: null
};
const CHECKS = { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' };

export interface CardExpiry {
	month: number;
	year: number;
}

export function laterExpiry(): CardExpiry {
	return { month: 12, year: new Date().getUTCFullYear() + 4 };
}

export function newCustomer(): Stripe.Customer {
	return {
		id: `cus_${randomLetters(14)}`,
		object: 'customer',
		address: null,
		balance: 0,
		created: unixNow(),
		currency: null,
		customer_account: null,
		default_source: null,
		delinquent: false,
		description: null,
		discount: null,
		email: null,
		invoice_prefix: randomLetters(8).toUpperCase(),
		invoice_settings: {
			custom_fields: null,
			default_payment_method: null,
			footer: null,
			rendering_options: null
		},
		livemode: false,
		metadata: {},
		name: null,
		next_invoice_sequence: 1,
		phone: null,
		preferred_locales: [],
		shipping: null,
		tax_exempt: 'none',
		test_clock: null
	};
}

function billingDetails(): Stripe.PaymentMethod['billing_details'] {
	return { address: { ...NO_ADDRESS }, email: null, name: null, phone: null, tax_id: null };
}

function fingerprintOf(card: TestCard): string {
	return createHash('sha256').update(card.number).digest('base64url').slice(0, 16);
}

export function newCardMethod(card: TestCard, expiry: CardExpiry): Stripe.PaymentMethod {
	return {
		id: newId('pm'),
		object: 'payment_method',
		allow_redisplay: 'unspecified',
		billing_details: billingDetails(),
		card: {
			brand: card.brand,
			checks: { ...CHECKS },
			country: card.country,
			display_brand: card.brand,
			exp_month: expiry.month,
			exp_year: expiry.year,
			fingerprint: fingerprintOf(card),
			funding: 'credit',
			generated_from: null,
			last4: card.number.slice(-4),
			networks: { available: [card.brand], preferred: null },
			regulated_status: 'unregulated',
			three_d_secure_usage: { supported: true },
			wallet: null
		},
		created: unixNow(),
		customer: null,
		customer_account: null,
		livemode: false,
		metadata: {},
		type: 'card'
	};
}

/** A bank debit: its money arrives days later. */
export function newBankMethod(): Stripe.PaymentMethod {
	return {
		id: newId('pm'),
		object: 'payment_method',
		allow_redisplay: 'unspecified',
		billing_details: billingDetails(),
		created: unixNow(),
		customer: null,
		customer_account: null,
		livemode: false,
		metadata: {},
		type: 'us_bank_account',
		us_bank_account: {
			account_holder_type: 'individual',
			account_type: 'checking',
			bank_name: 'STRIPE TEST BANK',
			financial_connections_account: null,
			fingerprint: 'FFDMA0xfhBjWSZLu',
			last4: '6789',
			networks: { preferred: 'ach', supported: ['ach'] },
			routing_number: '110000000',
			status_details: null
		}
	};
}

export interface IntentOrder {
	amount: number;
	currency: string;
	customer: string | null;
	description: string | null;
	metadata: Record<string, string>;
	receiptEmail: string | null;
	setupFutureUsage: string | null;
	confirmationMethod: string;
}

export function newPaymentIntent(order: IntentOrder): Stripe.PaymentIntent {
	const id = newId('pi');
	return {
		id,
		object: 'payment_intent',
		allowed_payment_method_types: null,
		amount: order.amount,
		amount_capturable: 0,
		amount_details: { tip: {} },
		amount_received: 0,
		application: null,
		application_fee_amount: null,
		automatic_payment_methods: { allow_redirects: 'always', enabled: true },
		canceled_at: null,
		cancellation_reason: null,
		capture_method: 'automatic_async',
		client_secret: `${id}_secret_${randomLetters(25)}`,
		confirmation_method: order.confirmationMethod,
		created: unixNow(),
		currency: order.currency,
		customer: order.customer,
		customer_account: null,
		description: order.description,
		excluded_payment_method_types: null,
		last_payment_error: null,
		latest_charge: null,
		livemode: false,
		managed_payments: null,
		metadata: order.metadata,
		next_action: null,
		on_behalf_of: null,
		payment_method: null,
		payment_method_configuration_details: null,
		payment_method_options: {
			card: {
				installments: null,
				mandate_options: null,
				network: null,
				request_three_d_secure: 'automatic'
			}
		},
		payment_method_types: ['card'],
		payment_record: null,
		processing: null,
		receipt_email: order.receiptEmail,
		review: null,
		setup_future_usage: order.setupFutureUsage,
		shipping: null,
		source: null,
		statement_descriptor: null,
		statement_descriptor_suffix: null,
		status: 'requires_payment_method',
		transfer_data: null,
		transfer_group: null
	};
}

export function newSetupIntent(customer: string | null, usage: string): Stripe.SetupIntent {
	const id = newId('seti');
	return {
		id,
		object: 'setup_intent',
		allowed_payment_method_types: null,
		application: null,
		automatic_payment_methods: { allow_redirects: 'always', enabled: true },
		cancellation_reason: null,
		client_secret: `${id}_secret_${randomLetters(25)}`,
		created: unixNow(),
		customer,
		customer_account: null,
		description: null,
		excluded_payment_method_types: null,
		flow_directions: null,
		last_setup_error: null,
		latest_attempt: null,
		livemode: false,
		managed_payments: null,
		mandate: null,
		metadata: {},
		next_action: null,
		on_behalf_of: null,
		payment_method: null,
		payment_method_configuration_details: null,
		payment_method_options: {
			card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' }
		},
		payment_method_types: ['card'],
		single_use_mandate: null,
		status: 'requires_payment_method',
		usage
	};
}

function chargeMethodDetails(method: Stripe.PaymentMethod): Stripe.Charge.PaymentMethodDetails {
	const { card } = method;
	if (card === undefined) return { type: method.type };
	return {
		card: {
			amount_authorized: null,
			authorization_code: null,
			brand: card.brand,
			checks: { ...CHECKS },
			country: card.country,
			electronic_commerce_indicator: null,
			exp_month: card.exp_month,
			exp_year: card.exp_year,
			fingerprint: card.fingerprint,
			funding: card.funding,
			installments: null,
			last4: card.last4,
			mandate: null,
			network: card.brand,
			network_transaction_id: String(unixNow()),
			regulated_status: 'unregulated',
			three_d_secure: null,
			transaction_link_id: null,
			wallet: null
		},
		type: 'card'
	};
}

/** A charge that has neither succeeded nor failed yet. */
export function newCharge(
	intent: Stripe.PaymentIntent,
	method: Stripe.PaymentMethod
): Stripe.Charge {
	const id = newId('ch');
	return {
		id,
		object: 'charge',
		amount: intent.amount,
		amount_captured: 0,
		amount_refunded: 0,
		application: null,
		application_fee: null,
		application_fee_amount: null,
		balance_transaction: null,
		billing_details: { ...method.billing_details },
		calculated_statement_descriptor: 'TALKTIME',
		captured: false,
		created: unixNow(),
		currency: intent.currency,
		customer: intent.customer,
		description: intent.description,
		disputed: false,
		failure_balance_transaction: null,
		failure_code: null,
		failure_message: null,
		fraud_details: {},
		livemode: false,
		metadata: { ...intent.metadata },
		on_behalf_of: null,
		outcome: null,
		paid: false,
		payment_intent: intent.id,
		payment_method: method.id,
		payment_method_details: chargeMethodDetails(method),
		receipt_email: intent.receipt_email,
		receipt_number: null,
		receipt_url: null,
		refunded: false,
		review: null,
		shipping: null,
		source: null,
		source_transfer: null,
		statement_descriptor: null,
		statement_descriptor_suffix: null,
		status: 'pending',
		transfer_data: null,
		transfer_group: null
	};
}

/** One movement of the account's balance; `amount` in minor units, negative when money leaves. */
export function newBalanceTransaction(
	type: Stripe.BalanceTransaction.Type,
	source: string,
	amount: number,
	currency: string
): Stripe.BalanceTransaction {
	const fee = type === 'charge' ? Math.round(amount * 0.029) + 30 : 0;
	const created = unixNow();
	return {
		id: newId('txn'),
		object: 'balance_transaction',
		amount,
		available_on: created + 2 * 86_400,
		balance_type: 'payments',
		created,
		currency,
		description: null,
		exchange_rate: null,
		fee,
		fee_details:
			fee === 0
				? []
				: [
						{
							amount: fee,
							application: null,
							currency,
							description: 'Stripe processing fees',
							type: 'stripe_fee'
						}
					],
		net: amount - fee,
		reporting_category: type === 'adjustment' ? 'dispute' : type,
		source,
		status: 'pending',
		type
	};
}
