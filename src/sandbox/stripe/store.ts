import type Stripe from 'stripe';
import type { TestCard } from './cards';
import { noSuch } from './errors';

const MOST_OBJECTS = 5_000;

interface StripeObject {
	id: string;
	object: string;
}

/** A PaymentMethod with what only the bank knows of it. */
export interface KeptMethod {
	object: Stripe.PaymentMethod;
	card: TestCard | null;
	/** Whether it was authenticated for later charges without its owner. */
	isSetUpOffSession: boolean;
}

/** The last 5,000 objects of one kind, in the order they were created. */
export class Shelf<Kept> {
	readonly #objects = new Map<string, Kept>();

	/** `kind` is the word of Stripe's messages: `No such customer`. */
	constructor(private readonly kind: string) {}

	add(id: string, object: Kept): void {
		const oldest = this.#objects.keys().next().value;
		if (this.#objects.size >= MOST_OBJECTS && oldest !== undefined) this.#objects.delete(oldest);
		this.#objects.set(id, object);
	}

	find(id: string): Kept | null {
		return this.#objects.get(id) ?? null;
	}

	/** Throws Stripe's resource_missing; `param` names where the id came from. */
	get(id: string, param = 'id'): Kept {
		const found = this.#objects.get(id);
		if (found === undefined) throw noSuch(this.kind, id, param);
		return found;
	}

	newestFirst(): Kept[] {
		return [...this.#objects.values()].reverse();
	}

	clear(): void {
		this.#objects.clear();
	}
}

/** Every object of the account, as it goes over the wire. */
export class StripeStore {
	readonly customers = new Shelf<Stripe.Customer>('customer');
	readonly deletedCustomers = new Set<string>();
	readonly methods = new Shelf<KeptMethod>('PaymentMethod');
	readonly paymentIntents = new Shelf<Stripe.PaymentIntent>('payment_intent');
	readonly setupIntents = new Shelf<Stripe.SetupIntent>('setupintent');
	readonly charges = new Shelf<Stripe.Charge>('charge');
	readonly refunds = new Shelf<Stripe.Refund>('refund');
	readonly disputes = new Shelf<Stripe.Dispute>('dispute');
	readonly sessions = new Shelf<Stripe.Checkout.Session>('checkout.session');
	readonly balanceTransactions = new Shelf<Stripe.BalanceTransaction>('balance transaction');

	/** Any object that another one can name, for `expand`. */
	find(id: string): StripeObject | null {
		const prefix = id.slice(0, id.indexOf('_'));
		switch (prefix) {
			case 'cus':
				return this.customers.find(id);
			case 'pm':
				return this.methods.find(id)?.object ?? null;
			case 'pi':
				return this.paymentIntents.find(id);
			case 'seti':
				return this.setupIntents.find(id);
			case 'ch':
				return this.charges.find(id);
			case 're':
				return this.refunds.find(id);
			case 'du':
				return this.disputes.find(id);
			case 'txn':
				return this.balanceTransactions.find(id);
			default:
				return null;
		}
	}

	/** A customer that still exists. Throws resource_missing. */
	getCustomer(id: string, param: string): Stripe.Customer {
		if (this.deletedCustomers.has(id)) throw noSuch('customer', id, param);
		return this.customers.get(id, param);
	}

	clear(): void {
		for (const shelf of [
			this.customers,
			this.methods,
			this.paymentIntents,
			this.setupIntents,
			this.charges,
			this.refunds,
			this.disputes,
			this.sessions,
			this.balanceTransactions
		]) {
			shelf.clear();
		}
		this.deletedCustomers.clear();
	}
}
