/** Every endpoint the sandbox has: method, path and what it does. `:id` matches one segment. */
import type Stripe from 'stripe';
import { createSession, expireSession, listLineItems } from './checkout';
import { createCustomer, deleteCustomer, updateCustomer } from './customers';
import { decideDispute, submitEvidence } from './disputes';
import { invalid } from './errors';
import { listEvents } from './event-list';
import { idOf } from './ids';
import {
	confirmIntentByApi,
	confirmSetup,
	createIntent,
	createSetupIntent,
	updateIntent
} from './intents';
import { toListPage } from './lists';
import {
	attachMethod,
	createMethod,
	detachMethod,
	getMethodOf,
	listMethods,
	resolveMethod
} from './methods';
import type { Params } from './params';
import { cancelIntent } from './payments';
import { refundCharge } from './refunds';
import type { StripeRoom } from './room';

export interface StripeCall {
	room: StripeRoom;
	params: Params;
	/** The segments that matched `:id`, in order. */
	ids: string[];
}

type Endpoint = (call: StripeCall) => object;

const id = ({ ids }: StripeCall): string => ids[0] ?? '';

/** Keeps the objects whose field names the id a filter asks for; no filter keeps all. */
function filtered<Listed extends object>(
	objects: Listed[],
	params: Params,
	...fields: (keyof Listed & string)[]
): Listed[] {
	return objects.filter((one) =>
		fields.every((field) => {
			const wanted = params.text(field);
			const value = one[field];
			const name = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
			return wanted === null || name === wanted;
		})
	);
}

/** The charge a refund is for. Throws when the request names none. */
function chargeToRefund({ room, params }: StripeCall): Stripe.Charge {
	const chargeId = params.text('charge');
	if (chargeId !== null) return room.store.charges.get(chargeId, 'charge');
	const intentId = params.text('payment_intent');
	if (intentId === null) {
		throw invalid(
			'One of the following params should be provided for this request: payment_intent or charge.'
		);
	}
	const intent = room.store.paymentIntents.get(intentId, 'payment_intent');
	const charge = room.store.charges.find(idOf(intent.latest_charge) ?? '');
	if (intent.status === 'succeeded' && charge !== null) return charge;
	throw invalid(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, {
		param: 'payment_intent'
	});
}

const CUSTOMERS: [string, Endpoint][] = [
	['POST /v1/customers', ({ room, params }) => createCustomer(room, params)],
	[
		'GET /v1/customers',
		({ room, params }) => {
			const alive = room.store.customers
				.newestFirst()
				.filter((one) => !room.store.deletedCustomers.has(one.id));
			return toListPage('/v1/customers', filtered(alive, params, 'email'), params);
		}
	],
	[
		'GET /v1/customers/:id',
		(call) =>
			call.room.store.deletedCustomers.has(id(call))
				? { id: id(call), object: 'customer', deleted: true }
				: call.room.store.customers.get(id(call))
	],
	[
		'POST /v1/customers/:id',
		(call) => updateCustomer(call.room, call.room.store.getCustomer(id(call), 'id'), call.params)
	],
	[
		'DELETE /v1/customers/:id',
		(call) => deleteCustomer(call.room, call.room.store.getCustomer(id(call), 'id'))
	],
	[
		'GET /v1/customers/:id/payment_methods',
		(call) => {
			const customer = call.room.store.getCustomer(id(call), 'id').id;
			const methods = listMethods(call.room, customer, call.params.text('type'));
			return toListPage(`/v1/customers/${customer}/payment_methods`, methods, call.params);
		}
	],
	[
		'GET /v1/customers/:id/payment_methods/:id',
		({ room, ids: [customer = '', method = ''] }) => getMethodOf(room, customer, method)
	]
];

const METHODS: [string, Endpoint][] = [
	['POST /v1/payment_methods', ({ room, params }) => createMethod(room, params)],
	[
		'GET /v1/payment_methods',
		({ room, params }) => {
			const methods = listMethods(room, params.requireText('customer'), params.text('type'));
			return toListPage('/v1/payment_methods', methods, params);
		}
	],
	['GET /v1/payment_methods/:id', (call) => resolveMethod(call.room, id(call), 'id').object],
	[
		'POST /v1/payment_methods/:id/attach',
		(call) => {
			const customer = call.room.store.getCustomer(call.params.requireText('customer'), 'customer');
			const method = resolveMethod(call.room, id(call), 'id');
			attachMethod(call.room, method, customer.id);
			return method.object;
		}
	],
	[
		'POST /v1/payment_methods/:id/detach',
		(call) => {
			const method = call.room.store.methods.get(id(call));
			detachMethod(call.room, method);
			return method.object;
		}
	]
];

const INTENTS: [string, Endpoint][] = [
	['POST /v1/payment_intents', ({ room, params }) => createIntent(room, params)],
	[
		'GET /v1/payment_intents',
		({ room, params }) => {
			const intents = filtered(room.store.paymentIntents.newestFirst(), params, 'customer');
			return toListPage('/v1/payment_intents', intents, params);
		}
	],
	['GET /v1/payment_intents/:id', (call) => call.room.store.paymentIntents.get(id(call))],
	[
		'POST /v1/payment_intents/:id',
		(call) => updateIntent(call.room, call.room.store.paymentIntents.get(id(call)), call.params)
	],
	[
		'POST /v1/payment_intents/:id/confirm',
		(call) =>
			confirmIntentByApi(call.room, call.room.store.paymentIntents.get(id(call)), call.params)
	],
	[
		'POST /v1/payment_intents/:id/cancel',
		(call) =>
			cancelIntent(
				call.room,
				call.room.store.paymentIntents.get(id(call)),
				call.params.text('cancellation_reason')
			)
	],
	['POST /v1/setup_intents', ({ room, params }) => createSetupIntent(room, params)],
	[
		'GET /v1/setup_intents',
		({ room, params }) => {
			const setups = filtered(room.store.setupIntents.newestFirst(), params, 'customer');
			return toListPage('/v1/setup_intents', setups, params);
		}
	],
	['GET /v1/setup_intents/:id', (call) => call.room.store.setupIntents.get(id(call))],
	[
		'POST /v1/setup_intents/:id/confirm',
		(call) => {
			const setup = call.room.store.setupIntents.get(id(call));
			const method = call.params.text('payment_method') ?? idOf(setup.payment_method) ?? '';
			return confirmSetup(call.room, setup, resolveMethod(call.room, method, 'payment_method'));
		}
	],
	[
		'POST /v1/setup_intents/:id/cancel',
		(call) => {
			const setup = call.room.store.setupIntents.get(id(call));
			setup.status = 'canceled';
			call.room.events.record('setup_intent.canceled', setup);
			return setup;
		}
	]
];

const CHECKOUT: [string, Endpoint][] = [
	['POST /v1/checkout/sessions', ({ room, params }) => createSession(room, params)],
	[
		'GET /v1/checkout/sessions',
		({ room, params }) => {
			const all = room.store.sessions.newestFirst();
			const sessions = filtered(all, params, 'customer', 'payment_intent', 'status');
			return toListPage('/v1/checkout/sessions', sessions, params);
		}
	],
	[
		'GET /v1/checkout/sessions/:id',
		(call) => {
			const session = call.room.store.sessions.get(id(call));
			if (!call.params.texts('expand').some((path) => path.startsWith('line_items')))
				return session;
			const url = `/v1/checkout/sessions/${session.id}/line_items`;
			const line_items = { object: 'list', data: listLineItems(session), has_more: false, url };
			return { ...session, line_items };
		}
	],
	[
		'GET /v1/checkout/sessions/:id/line_items',
		(call) => {
			const session = call.room.store.sessions.get(id(call));
			const url = `/v1/checkout/sessions/${session.id}/line_items`;
			return toListPage(url, listLineItems(session), call.params);
		}
	],
	[
		'POST /v1/checkout/sessions/:id/expire',
		(call) => expireSession(call.room, call.room.store.sessions.get(id(call)))
	]
];

const MONEY_BACK: [string, Endpoint][] = [
	[
		'POST /v1/refunds',
		(call) => {
			call.params.allowOnly('amount', 'charge', 'metadata', 'payment_intent', 'reason');
			return refundCharge(call.room, chargeToRefund(call), {
				amount: call.params.amount('amount'),
				reason: call.params.oneOf('reason', ['duplicate', 'fraudulent', 'requested_by_customer']),
				metadata: call.params.metadata()
			});
		}
	],
	[
		'GET /v1/refunds',
		({ room, params }) => {
			const refunds = filtered(
				room.store.refunds.newestFirst(),
				params,
				'charge',
				'payment_intent'
			);
			return toListPage('/v1/refunds', refunds, params);
		}
	],
	['GET /v1/refunds/:id', (call) => call.room.store.refunds.get(id(call))],
	[
		'GET /v1/disputes',
		({ room, params }) => {
			const all = room.store.disputes.newestFirst();
			return toListPage('/v1/disputes', filtered(all, params, 'charge', 'payment_intent'), params);
		}
	],
	['GET /v1/disputes/:id', (call) => call.room.store.disputes.get(id(call))],
	[
		'POST /v1/disputes/:id',
		(call) => {
			const text = call.params.child('evidence').text('uncategorized_text');
			const isSubmitted = call.params.text('submit') !== 'false';
			return submitEvidence(call.room, call.room.store.disputes.get(id(call)), text, isSubmitted);
		}
	],
	[
		'POST /v1/disputes/:id/close',
		(call) => decideDispute(call.room, call.room.store.disputes.get(id(call)), false)
	]
];

const READING: [string, Endpoint][] = [
	[
		'GET /v1/charges',
		({ room, params }) => {
			const charges = filtered(
				room.store.charges.newestFirst(),
				params,
				'customer',
				'payment_intent'
			);
			return toListPage('/v1/charges', charges, params);
		}
	],
	['GET /v1/charges/:id', (call) => call.room.store.charges.get(id(call))],
	[
		'GET /v1/balance_transactions',
		({ room, params }) => {
			const all = room.store.balanceTransactions.newestFirst();
			return toListPage(
				'/v1/balance_transactions',
				filtered(all, params, 'source', 'type'),
				params
			);
		}
	],
	['GET /v1/balance_transactions/:id', (call) => call.room.store.balanceTransactions.get(id(call))],
	['GET /v1/events', ({ room, params }) => listEvents(room, params)],
	[
		'GET /v1/events/:id',
		(call) => {
			const kept = call.room.events.find(id(call));
			if (kept !== null) return kept.event;
			throw invalid(`No such event: '${id(call)}'`, { code: 'resource_missing', param: 'id' });
		}
	],
	[
		'GET /v1/account',
		() => ({ id: 'acct_1SandboxTalktime', object: 'account', charges_enabled: true, country: 'US' })
	]
];

const ENDPOINTS = [
	...CUSTOMERS,
	...METHODS,
	...INTENTS,
	...CHECKOUT,
	...MONEY_BACK,
	...READING
].map(([route, endpoint]) => ({
	pattern: new RegExp(`^${route.replaceAll(':id', '([^/]+)')}$`),
	endpoint
}));

/** The endpoint of a request and the ids in its path; null when there is none. */
export function findEndpoint(
	method: string,
	pathname: string
): { endpoint: Endpoint; ids: string[] } | null {
	for (const { pattern, endpoint } of ENDPOINTS) {
		const match = pattern.exec(`${method} ${pathname}`);
		if (match !== null) return { endpoint, ids: match.slice(1).map(decodeURIComponent) };
	}
	return null;
}
