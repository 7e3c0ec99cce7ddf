import type Stripe from 'stripe';
import { htmlReply, seeOther, type Answer, type SandboxRequest } from '../http';
import { findCardByNumber, findCardByToken, type TestCard } from './cards';
import { completeSession, findSessionOf, listLineItems, paySession } from './checkout';
import { StripeError } from './errors';
import { idOf } from './ids';
import { failSetup, finishSetup } from './intents';
import { addBankMethod, addCardMethod } from './methods';
import { laterExpiry, type CardExpiry } from './objects';
import { authenticationPage, formatAmount, noticePage, payPage } from './page';
import { authenticateIntent } from './payments';
import type { StripeRoom } from './room';
import type { KeptMethod } from './store';

type Session = Stripe.Checkout.Session;

const NOT_AUTHENTICATED =
	'We are unable to authenticate your payment method. Please choose a different payment method and try again.';

/** Where a finished session sends the payer; Stripe puts the id where the placeholder stands. */
function successUrl(session: Session): string {
	return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}

function showPayPage(room: StripeRoom, session: Session, error: string | null): Answer {
	const lines = listLineItems(session).map(
		({ description, quantity }) => `${quantity} × ${description}`
	);
	return htmlReply(
		error === null ? 200 : 402,
		payPage({ merchantName: room.merchantName, session, lines, error })
	);
}

function readExpiry(text: string): CardExpiry {
	const [, month = '', year = ''] = /^\s*(\d{1,2})\s*\/?\s*(\d{2}|\d{4})\s*$/.exec(text) ?? [];
	const expiry = { month: Number(month), year: (Number(year) % 100) + 2_000 };
	const now = new Date();
	const isPast =
		expiry.year < now.getUTCFullYear() ||
		(expiry.year === now.getUTCFullYear() && expiry.month < now.getUTCMonth() + 1);
	if (expiry.month < 1 || expiry.month > 12 || isPast) {
		throw new StripeError(
			402,
			'card_error',
			"Your card's expiration date is incomplete or in the past.",
			{
				code: 'invalid_expiry_year'
			}
		);
	}
	return expiry;
}

function readCard(form: URLSearchParams): { card: TestCard; expiry: CardExpiry } {
	const card = findCardByNumber(form.get('number') ?? '');
	if (card === null) {
		const message = 'Your card number is invalid: in test mode only test cards pay.';
		throw new StripeError(402, 'card_error', message, { code: 'incorrect_number' });
	}
	const expiry = readExpiry(form.get('expiry') ?? '');
	if (!/^\d{3,4}$/.test((form.get('cvc') ?? '').trim())) {
		const code = 'invalid_cvc';
		throw new StripeError(402, 'card_error', "Your card's security code is incomplete.", { code });
	}
	return { card, expiry };
}

function readMethod(room: StripeRoom, form: URLSearchParams): KeptMethod {
	const declined = findCardByToken('pm_card_visa_chargeDeclined');
	if (form.get('action') === 'fail' && declined !== null) {
		return addCardMethod(room, declined, laterExpiry());
	}
	if (form.get('method') === 'bank') return addBankMethod(room);
	const { card, expiry } = readCard(form);
	return addCardMethod(room, card, expiry);
}

function postPayPage(room: StripeRoom, session: Session, form: URLSearchParams): Answer {
	if (form.get('action') === 'cancel' && session.cancel_url !== null) {
		return seeOther(session.cancel_url);
	}
	try {
		paySession(room, session, readMethod(room, form));
	} catch (error) {
		if (error instanceof StripeError) return showPayPage(room, session, error.message);
		throw error;
	}
	if (session.status !== 'open') return seeOther(successUrl(session));
	const intentId = idOf(session.payment_intent) ?? idOf(session.setup_intent) ?? '';
	return seeOther(`${room.context.baseUrl()}/c/authenticate/${intentId}`);
}

function answerPayPage(room: StripeRoom, request: SandboxRequest, sessionId: string): Answer {
	const session = room.store.sessions.find(sessionId);
	if (session === null) {
		return htmlReply(404, noticePage('Not found', 'This payment page does not exist.', null));
	}
	if (session.status === 'complete') {
		const link = { url: successUrl(session), label: 'Go on' };
		return htmlReply(200, noticePage('All done', 'This checkout session is complete.', link));
	}
	if (session.status === 'expired') {
		const link = session.cancel_url === null ? null : { url: session.cancel_url, label: 'Go back' };
		return htmlReply(200, noticePage('Expired', 'This checkout session has timed out.', link));
	}
	if (request.method === 'GET') return showPayPage(room, session, null);
	return postPayPage(room, session, new URLSearchParams(request.rawBody.toString('utf8')));
}

/** Answers for a payment. Throws 402 when the bank declines after all. */
function authenticatePayment(
	room: StripeRoom,
	intent: Stripe.PaymentIntent,
	isComplete: boolean
): string {
	const session = findSessionOf(room, intent.id);
	const returnUrl = intent.next_action?.redirect_to_url?.return_url ?? null;
	try {
		authenticateIntent(room, intent, isComplete);
		if (session !== null) completeSession(room, session);
	} catch (error) {
		if (session !== null || !(error instanceof StripeError)) throw error;
	}
	if (session !== null) return successUrl(session);
	const url = new URL(returnUrl ?? `${room.context.baseUrl()}/c/done`);
	url.searchParams.set('payment_intent', intent.id);
	url.searchParams.set('payment_intent_client_secret', intent.client_secret ?? '');
	url.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed');
	return url.href;
}

function authenticateSetup(
	room: StripeRoom,
	setup: Stripe.SetupIntent,
	isComplete: boolean
): string {
	const session = findSessionOf(room, setup.id);
	if (isComplete) {
		finishSetup(room, setup, room.store.methods.get(idOf(setup.payment_method) ?? ''));
		if (session !== null) completeSession(room, session);
	} else {
		failSetup(room, setup, 'setup_intent_authentication_failure', NOT_AUTHENTICATED);
		if (session !== null) throw new StripeError(402, 'card_error', NOT_AUTHENTICATED);
	}
	return session === null ? `${room.context.baseUrl()}/c/done` : successUrl(session);
}

function answerAuthentication(room: StripeRoom, request: SandboxRequest, intentId: string): Answer {
	const intent = room.store.paymentIntents.find(intentId);
	const setup = room.store.setupIntents.find(intentId);
	const isAwaited = (intent ?? setup)?.status === 'requires_action';
	if (!isAwaited) {
		return htmlReply(404, noticePage('Nothing to do', 'No authentication is awaited here.', null));
	}
	if (request.method === 'GET') {
		const amount = intent === null ? null : formatAmount(intent.amount, intent.currency);
		return htmlReply(200, authenticationPage(room.merchantName, amount));
	}
	const form = new URLSearchParams(request.rawBody.toString('utf8'));
	const isComplete = form.get('action') === 'complete';
	try {
		if (intent !== null) return seeOther(authenticatePayment(room, intent, isComplete));
		if (setup !== null) return seeOther(authenticateSetup(room, setup, isComplete));
	} catch (error) {
		const session = findSessionOf(room, intentId);
		if (error instanceof StripeError && session !== null)
			return showPayPage(room, session, error.message);
		throw error;
	}
	return htmlReply(404, noticePage('Not found', 'This page does not exist.', null));
}

/** Answers the pages a payer sees, under /c/. */
export function answerStripePage(room: StripeRoom, request: SandboxRequest): Answer {
	const [, page, id = ''] = /^\/c\/(pay|authenticate)\/(\w+)$/.exec(request.url.pathname) ?? [];
	if (page === 'pay') return answerPayPage(room, request, id);
	if (page === 'authenticate') return answerAuthentication(room, request, id);
	if (request.url.pathname === '/c/done') {
		return htmlReply(200, noticePage('Done', 'You can close this page.', null));
	}
	return htmlReply(404, noticePage('Not found', 'This page does not exist.', null));
}
