import type Stripe from 'stripe';
import { invalid } from './errors';
import { idOf, newId, randomLetters, unixNow } from './ids';
import { checkLeastAmount, confirmSetup } from './intents';
import { newPaymentIntent, newSetupIntent } from './objects';
import type { Params } from './params';
import { confirmIntent, settleIntent } from './payments';
import { later, type StripeRoom } from './room';
import { customerDetails, newSession } from './session-object';
import type { KeptMethod } from './store';

type Session = Stripe.Checkout.Session;

const OPEN_SECONDS = 86_400;
const SHORTEST_OPEN_SECONDS = 1_800;
const CREATE_PARAMS = [
	'adaptive_pricing',
	'allow_promotion_codes',
	'allowed_payment_method_types',
	'automatic_tax',
	'billing_address_collection',
	'branding_settings',
	'cancel_url',
	'client_reference_id',
	'currency',
	'custom_text',
	'customer',
	'customer_creation',
	'customer_email',
	'customer_update',
	'excluded_payment_method_types',
	'expires_at',
	'invoice_creation',
	'line_items',
	'locale',
	'metadata',
	'mode',
	'origin_context',
	'payment_intent_data',
	'payment_method_collection',
	'payment_method_options',
	'phone_number_collection',
	'saved_payment_method_options',
	'setup_intent_data',
	'submit_type',
	'success_url',
	'ui_mode'
];

interface LineItem {
	name: string;
	unitAmount: number;
	quantity: number;
	currency: string;
}

/** What a session keeps for itself until the payer comes. */
interface SessionPlan {
	lineItems: LineItem[];
	setupFutureUsage: string | null;
	description: string | null;
	receiptEmail: string | null;
	intentMetadata: Record<string, string>;
}

const plans = new WeakMap<Session, SessionPlan>();

function planOf(session: Session): SessionPlan {
	const plan = plans.get(session);
	if (plan === undefined) throw new Error(`Checkout Session ${session.id} has no plan.`);
	return plan;
}

function readLineItems(params: Params): LineItem[] {
	return params.children('line_items').map((item, index) => {
		const param = `line_items[${index}]`;
		if (item.has('price')) {
			throw invalid(`No such price: '${item.text('price')}'`, { code: 'resource_missing', param });
		}
		const price = item.child('price_data');
		const product = price.child('product_data');
		return {
			name: product.requireText('name'),
			unitAmount: price.requireAmount('unit_amount'),
			quantity: item.amount('quantity') ?? 1,
			currency: price.requireText('currency').toLowerCase()
		};
	});
}

function readExpiry(params: Params): number {
	const now = unixNow();
	const given = params.integer('expires_at');
	if (given === null) return now + OPEN_SECONDS;
	if (given < now + SHORTEST_OPEN_SECONDS - 60 || given > now + OPEN_SECONDS + 60) {
		throw invalid('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.', {
			param: 'expires_at'
		});
	}
	return given;
}

function requireUrl(params: Params, name: string): string {
	const url = params.requireText(name);
	if (URL.canParse(url) && /^https?:/.test(url)) return url;
	throw invalid('Not a valid URL', { code: 'url_invalid', param: name });
}

/** POST /v1/checkout/sessions: modes payment and setup, the hosted page only. */
export function createSession(room: StripeRoom, params: Params): Session {
	params.allowOnly(...CREATE_PARAMS);
	const mode = params.oneOf('mode', ['payment', 'setup']) ?? 'payment';
	const customer = params.text('customer');
	const email = params.text('customer_email');
	const kept = customer === null ? null : room.store.getCustomer(customer, 'customer');
	const lineItems = mode === 'payment' ? readLineItems(params) : [];
	const currency = lineItems[0]?.currency ?? params.text('currency');
	if (mode === 'payment' && lineItems.length === 0) {
		throw invalid('`line_items` is required in `payment` mode.', { param: 'line_items' });
	}
	const amount = lineItems.reduce((sum, one) => sum + one.unitAmount * one.quantity, 0);
	if (mode === 'payment') checkLeastAmount(amount, currency ?? '');
	const id = `cs_test_a1${randomLetters(56)}`;
	const session = newSession({
		id,
		mode,
		amount: mode === 'payment' ? amount : null,
		currency,
		cancelUrl: params.has('cancel_url') ? requireUrl(params, 'cancel_url') : null,
		successUrl: requireUrl(params, 'success_url'),
		url: `${room.context.baseUrl()}/c/pay/${id}`,
		expiresAt: readExpiry(params)
	});
	session.client_reference_id = params.text('client_reference_id');
	session.customer = customer;
	session.customer_email = email;
	session.metadata = params.metadata();
	const shownEmail = kept?.email ?? email;
	if (shownEmail !== null)
		session.customer_details = customerDetails(shownEmail, kept?.name ?? null);
	const intent = params.child('payment_intent_data');
	const setup = params.child('setup_intent_data');
	plans.set(session, {
		lineItems,
		setupFutureUsage: intent.oneOf('setup_future_usage', ['off_session', 'on_session']),
		description: intent.text('description') ?? setup.text('description'),
		receiptEmail: intent.text('receipt_email'),
		intentMetadata: mode === 'payment' ? intent.metadata() : setup.metadata()
	});
	if (mode === 'setup') session.setup_intent = makeSetupIntent(room, session).id;
	room.store.sessions.add(id, session);
	later(room, session.expires_at - unixNow(), () => {
		if (session.status === 'open') expireSession(room, session);
	});
	return session;
}

function makeSetupIntent(room: StripeRoom, session: Session): Stripe.SetupIntent {
	const setup = newSetupIntent(idOf(session.customer), 'off_session');
	setup.metadata = planOf(session).intentMetadata;
	setup.description = planOf(session).description;
	room.store.setupIntents.add(setup.id, setup);
	room.events.record('setup_intent.created', setup);
	return setup;
}

/** The PaymentIntent of a session is made when somebody first tries to pay. */
function ensureIntent(room: StripeRoom, session: Session): Stripe.PaymentIntent {
	const existing = idOf(session.payment_intent);
	if (existing !== null) return room.store.paymentIntents.get(existing);
	const plan = planOf(session);
	const intent = newPaymentIntent({
		amount: session.amount_total ?? 0,
		currency: session.currency ?? 'usd',
		customer: idOf(session.customer),
		description: plan.description,
		metadata: plan.intentMetadata,
		receiptEmail: plan.receiptEmail,
		setupFutureUsage: plan.setupFutureUsage,
		confirmationMethod: 'automatic'
	});
	room.store.paymentIntents.add(intent.id, intent);
	session.payment_intent = intent.id;
	room.events.record('payment_intent.created', intent);
	return intent;
}

/** Pays, or keeps the card of, an open session. Throws 402 on a decline; the session stays open. */
export function paySession(room: StripeRoom, session: Session, method: KeptMethod): Session {
	if (session.status !== 'open') throw invalid(`This Checkout Session is ${session.status}.`);
	if (session.mode === 'setup') {
		const setup = room.store.setupIntents.get(idOf(session.setup_intent) ?? '');
		if (confirmSetup(room, setup, method).status === 'succeeded') completeSession(room, session);
		return session;
	}
	const intent = ensureIntent(room, session);
	confirmIntent(room, intent, {
		method,
		isOffSession: false,
		failsOnAction: false,
		returnUrl: session.url
	});
	if (intent.status !== 'requires_action') completeSession(room, session);
	return session;
}

/** Completes a session whose payment or set-up has gone through, or is on its way. */
export function completeSession(room: StripeRoom, session: Session): void {
	const intent = room.store.paymentIntents.find(idOf(session.payment_intent) ?? '');
	session.status = 'complete';
	session.url = null;
	session.payment_status =
		session.mode === 'setup'
			? 'no_payment_required'
			: intent?.status === 'succeeded'
				? 'paid'
				: 'unpaid';
	session.customer_details ??= customerDetails('payer@example.com', null);
	room.events.record('checkout.session.completed', session);
}

/** A bank debit of a session arrives or bounces. Throws unless it is processing. */
export function settleSession(
	room: StripeRoom,
	intent: Stripe.PaymentIntent,
	succeeds: boolean
): void {
	settleIntent(room, intent, succeeds);
	const session = findSessionOf(room, intent.id);
	if (session === null) return;
	if (succeeds) session.payment_status = 'paid';
	const word = succeeds ? 'succeeded' : 'failed';
	room.events.record(`checkout.session.async_payment_${word}`, session);
}

/** The session of a PaymentIntent or SetupIntent. */
export function findSessionOf({ store }: StripeRoom, intentId: string): Session | null {
	const isOf = (one: Session): boolean =>
		idOf(one.payment_intent) === intentId || idOf(one.setup_intent) === intentId;
	return store.sessions.newestFirst().find(isOf) ?? null;
}

export function expireSession(room: StripeRoom, session: Session): Session {
	if (session.status !== 'open') {
		throw invalid(
			`Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}`
		);
	}
	session.status = 'expired';
	session.url = null;
	room.events.record('checkout.session.expired', session);
	return session;
}

export function listLineItems(session: Session): Stripe.LineItem[] {
	return planOf(session).lineItems.map((one) => {
		const total = one.unitAmount * one.quantity;
		return {
			id: newId('li'),
			object: 'item',
			adjustable_quantity: null,
			amount_discount: 0,
			amount_subtotal: total,
			amount_tax: 0,
			amount_total: total,
			currency: one.currency,
			description: one.name,
			metadata: {},
			price: null,
			quantity: one.quantity
		};
	});
}
