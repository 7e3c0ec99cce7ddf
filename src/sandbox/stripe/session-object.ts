import type Stripe from 'stripe';
import { unixNow } from './ids';

type Session = Stripe.Checkout.Session;

export function customerDetails(email: string, name: string | null): Session['customer_details'] {
	return {
		address: null,
		business_name: null,
		email,
		individual_name: null,
		name,
		phone: null,
		tax_exempt: 'none',
		tax_ids: null
	};
}

/** An open session; amounts in minor units. */
export function newSession(given: {
	id: string;
	mode: 'payment' | 'setup';
	amount: number | null;
	currency: string | null;
	cancelUrl: string | null;
	successUrl: string;
	url: string;
	expiresAt: number;
}): Session {
	const isPayment = given.mode === 'payment';
	return {
		id: given.id,
		object: 'checkout.session',
		adaptive_pricing: isPayment ? { enabled: false } : null,
		after_expiration: null,
		allow_promotion_codes: null,
		allowed_payment_method_types: null,
		amount_subtotal: given.amount,
		amount_total: given.amount,
		automatic_tax: { enabled: false, liability: null, provider: null, status: null },
		billing_address_collection: null,
		cancel_url: given.cancelUrl,
		client_reference_id: null,
		client_secret: null,
		collected_information: null,
		consent: null,
		consent_collection: null,
		created: unixNow(),
		currency: given.currency,
		currency_conversion: null,
		custom_fields: [],
		custom_text: {
			after_submit: null,
			shipping_address: null,
			submit: null,
			terms_of_service_acceptance: null
		},
		customer: null,
		customer_account: null,
		customer_creation: isPayment ? 'if_required' : null,
		customer_details: null,
		customer_email: null,
		discounts: isPayment ? [] : null,
		expires_at: given.expiresAt,
		integration_identifier: null,
		invoice: null,
		invoice_creation: null,
		livemode: false,
		locale: null,
		managed_payments: null,
		metadata: {},
		mode: given.mode,
		origin_context: null,
		payment_intent: null,
		payment_link: null,
		payment_method_collection: 'if_required',
		payment_method_configuration_details: null,
		payment_method_options: { card: { request_three_d_secure: 'automatic' } },
		payment_method_types: ['card'],
		payment_status: isPayment ? 'unpaid' : 'no_payment_required',
		permissions: null,
		recovered_from: null,
		saved_payment_method_options: null,
		setup_intent: null,
		shipping_address_collection: null,
		shipping_cost: null,
		shipping_options: [],
		status: 'open',
		submit_type: null,
		subscription: null,
		success_url: given.successUrl,
		total_details: isPayment ? { amount_discount: 0, amount_shipping: 0, amount_tax: 0 } : null,
		ui_mode: 'hosted_page',
		url: given.url,
		wallet_options: null
	};
}
