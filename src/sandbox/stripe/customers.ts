import type Stripe from 'stripe';
import { newCustomer } from './objects';
import type { Params } from './params';
import type { StripeRoom } from './room';

const KNOWN = [
	'address',
	'description',
	'email',
	'invoice_settings',
	'metadata',
	'name',
	'payment_method',
	'phone',
	'preferred_locales',
	'shipping',
	'tax_exempt'
];

function change(room: StripeRoom, customer: Stripe.Customer, params: Params): void {
	for (const field of ['description', 'email', 'name', 'phone'] as const) {
		if (params.has(field)) Object.assign(customer, { [field]: params.text(field) });
	}
	if (params.has('metadata')) customer.metadata = params.metadata(customer.metadata);
	const settings = params.child('invoice_settings');
	if (settings.has('default_payment_method')) {
		const id = settings.text('default_payment_method');
		const param = 'invoice_settings[default_payment_method]';
		if (id !== null) room.store.methods.get(id, param);
		customer.invoice_settings.default_payment_method = id;
	}
}

export function createCustomer(room: StripeRoom, params: Params): Stripe.Customer {
	params.allowOnly(...KNOWN);
	const customer = newCustomer();
	change(room, customer, params);
	room.store.customers.add(customer.id, customer);
	room.events.record('customer.created', customer);
	return customer;
}

export function updateCustomer(
	room: StripeRoom,
	customer: Stripe.Customer,
	params: Params
): Stripe.Customer {
	params.allowOnly(...KNOWN);
	const before = structuredClone(customer);
	change(room, customer, params);
	const previous = Object.fromEntries(
		Object.entries(before).filter(
			([field, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(customer, field))
		)
	);
	room.events.record('customer.updated', customer, previous);
	return customer;
}

/** Deletes a customer; its id answers `deleted: true` from then on. */
export function deleteCustomer(
	room: StripeRoom,
	customer: Stripe.Customer
): Stripe.DeletedCustomer {
	room.store.deletedCustomers.add(customer.id);
	for (const { object } of room.store.methods.newestFirst()) {
		if (object.customer === customer.id) object.customer = null;
	}
	room.events.record('customer.deleted', customer);
	return { id: customer.id, object: 'customer', deleted: true };
}
