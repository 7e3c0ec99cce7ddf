/** What happens outside the API: the bank, the payer and the dashboard, under /_sandbox/stripe. */
import type Stripe from 'stripe';
import {
	integerBetween,
	oneOf,
	readFields,
	shortText,
	trueOrFalse,
	ControlInputError
} from '../control-input';
import { jsonReply, type Answer, type SandboxRequest } from '../http';
import type { SandboxPaymentView } from '../provider';
import { findCardByNumber, findCardByToken, type TestCard } from './cards';
import { expireSession, paySession, settleSession } from './checkout';
import { decideDispute, openDispute } from './disputes';
import { StripeError } from './errors';
import { idOf } from './ids';
import { addBankMethod, addCardMethod } from './methods';
import { laterExpiry } from './objects';
import { formatAmount } from './page';
import { failRefund, refundCharge } from './refunds';
import type { StripeRoom } from './room';

const LARGEST_AMOUNT = 99_999_999;

interface PaymentName {
	charge?: string;
	payment_intent?: string;
	amount?: number;
}

const PAYMENT_READERS = {
	charge: shortText,
	payment_intent: shortText,
	amount: integerBetween(1, LARGEST_AMOUNT)
};

function chargeOf({ store }: StripeRoom, { charge, payment_intent }: PaymentName): Stripe.Charge {
	if (charge !== undefined) return store.charges.get(charge, 'charge');
	if (payment_intent === undefined)
		throw new ControlInputError('charge or payment_intent is missing.');
	const intent = store.paymentIntents.get(payment_intent, 'payment_intent');
	return store.charges.get(idOf(intent.latest_charge) ?? '', 'payment_intent');
}

function dispute(room: StripeRoom, rawBody: Buffer): object {
	const kinds = ['fraudulent', 'product_not_received', 'inquiry'] as const;
	const input = readFields<PaymentName & { kind: (typeof kinds)[number] }>(rawBody, {
		...PAYMENT_READERS,
		kind: oneOf(kinds)
	});
	const { kind = 'fraudulent', amount = null } = input;
	return openDispute(room, chargeOf(room, input), { kind, amount });
}

function refund(room: StripeRoom, rawBody: Buffer): object {
	const input = readFields<PaymentName>(rawBody, PAYMENT_READERS);
	const { amount = null } = input;
	return refundCharge(room, chargeOf(room, input), { amount, reason: null, metadata: {} });
}

function readPayer(rawBody: Buffer): TestCard | 'bank' {
	const { card = 'pm_card_visa', bank } = readFields<{ card: string; bank: boolean }>(rawBody, {
		card: shortText,
		bank: trueOrFalse
	});
	if (bank === true) return 'bank';
	const found = findCardByToken(card) ?? findCardByNumber(card);
	if (found === null)
		throw new ControlInputError('card must be a test card: its number or pm_card_… name.');
	return found;
}

/** Somebody pays on the page; a decline is 402 with its message, as the page would show it. */
function pay(room: StripeRoom, sessionId: string, rawBody: Buffer): object {
	const payer = readPayer(rawBody);
	const method = payer === 'bank' ? addBankMethod(room) : addCardMethod(room, payer, laterExpiry());
	return paySession(room, room.store.sessions.get(sessionId), method);
}

function settle(room: StripeRoom, intentId: string, rawBody: Buffer): object {
	const { succeeds = true } = readFields<{ succeeds: boolean }>(rawBody, { succeeds: trueOrFalse });
	const intent = room.store.paymentIntents.get(intentId);
	settleSession(room, intent, succeeds);
	return intent;
}

function resend(room: StripeRoom, eventId: string): object | null {
	const kept = room.events.find(eventId);
	if (kept === null) return null;
	room.events.resend(kept);
	return kept.event;
}

function route(room: StripeRoom, { method, rawBody }: SandboxRequest, path: string): object | null {
	if (`${method} ${path}` === 'GET /events') return { events: room.events.newestFirst() };
	if (method !== 'POST') return null;
	const [, kind = '', id = '', action = ''] = /^\/(\w+)(?:\/(\w+))?(?:\/(\w+))?$/.exec(path) ?? [];
	const { store } = room;
	switch (id === '' ? kind : `${kind}/:id/${action}`) {
		case 'disputes':
			return dispute(room, rawBody);
		case 'disputes/:id/win':
			return decideDispute(room, store.disputes.get(id), true);
		case 'disputes/:id/lose':
			return decideDispute(room, store.disputes.get(id), false);
		case 'refunds':
			return refund(room, rawBody);
		case 'refunds/:id/fail':
			failRefund(room, store.refunds.get(id));
			return store.refunds.get(id);
		case 'sessions/:id/pay':
			return pay(room, id, rawBody);
		case 'sessions/:id/expire':
			return expireSession(room, store.sessions.get(id));
		case 'payment_intents/:id/settle':
			return settle(room, id, rawBody);
		case 'events/:id/resend':
			return resend(room, id);
		default:
			return null;
	}
}

/** Answers under /_sandbox/stripe; null for a path it has not. Throws ControlInputError. */
export function answerStripeControl(
	room: StripeRoom,
	request: SandboxRequest,
	path: string
): Answer | null {
	try {
		const result = route(room, request, path);
		return result === null ? null : jsonReply(200, result);
	} catch (error) {
		if (!(error instanceof StripeError)) throw error;
		return jsonReply(error.status, { error: { message: error.message } });
	}
}

function viewIntent(room: StripeRoom, intent: Stripe.PaymentIntent): SandboxPaymentView {
	const charge = room.store.charges.find(idOf(intent.latest_charge) ?? '');
	const disputes = room.store.disputes
		.newestFirst()
		.filter((one) => idOf(one.payment_intent) === intent.id);
	const open = disputes.find((one) => /needs_response|under_review/.test(one.status));
	const refunded = charge?.amount_refunded ?? 0;
	const body = { payment_intent: intent.id };
	const isPaid = intent.status === 'succeeded';
	const facts = [
		intent.status,
		...(refunded > 0 ? [`${formatAmount(refunded, intent.currency)} refunded`] : []),
		...disputes.map((one) => `dispute ${one.status}`),
		...(intent.last_payment_error === null
			? []
			: [intent.last_payment_error.decline_code ?? intent.last_payment_error.code ?? ''])
	];
	return {
		id: intent.id,
		customer: idOf(intent.customer),
		amount: formatAmount(intent.amount, intent.currency),
		status: facts.join(', '),
		createdAt: new Date(intent.created * 1_000).toISOString(),
		actions: [
			...(isPaid && charge?.refunded === false && open === undefined
				? [
						{ label: 'Refund', path: '/refunds', body },
						{ label: 'Dispute', path: '/disputes', body }
					]
				: []),
			...(open === undefined
				? []
				: [
						{ label: 'Dispute won', path: `/disputes/${open.id}/win` },
						{ label: 'Dispute lost', path: `/disputes/${open.id}/lose` }
					]),
			...(intent.status === 'processing'
				? [
						{ label: 'Settle', path: `/payment_intents/${intent.id}/settle` },
						{
							label: 'Bounce',
							path: `/payment_intents/${intent.id}/settle`,
							body: { succeeds: false }
						}
					]
				: [])
		]
	};
}

function viewSession(session: Stripe.Checkout.Session): SandboxPaymentView {
	return {
		id: session.id,
		customer: idOf(session.customer),
		amount:
			session.mode === 'setup' ? 'card' : formatAmount(session.amount_total, session.currency),
		status: `checkout ${session.status}`,
		createdAt: new Date(session.created * 1_000).toISOString(),
		actions:
			session.status === 'open'
				? [
						{ label: 'Pay', path: `/sessions/${session.id}/pay` },
						{ label: 'Expire', path: `/sessions/${session.id}/expire` }
					]
				: []
	};
}

/** Payments and the sessions nobody has paid yet, newest first. */
export function listStripePayments(room: StripeRoom, limit: number): SandboxPaymentView[] {
	const unpaid = room.store.sessions.newestFirst().filter((one) => one.payment_intent === null);
	return [
		...room.store.paymentIntents
			.newestFirst()
			.slice(0, limit)
			.map((one) => viewIntent(room, one)),
		...unpaid.slice(0, limit).map(viewSession)
	]
		.sort((left, right) => right.createdAt.localeCompare(left.createdAt))
		.slice(0, limit);
}
