import type Stripe from 'stripe';
import type { SandboxContext } from '../provider';
import type { EventLog } from './events';
import type { IdempotencyKeys } from './idempotency';
import { newBalanceTransaction } from './objects';
import type { StripeStore } from './store';

/** What every verb of this folder works with. */
export interface StripeRoom {
	context: SandboxContext;
	store: StripeStore;
	events: EventLog;
	keys: IdempotencyKeys;
	/** As the payment page shows it. */
	merchantName: string;
}

/** Keeps one movement of the account's balance and gives its id. */
export function moveBalance(
	{ store }: StripeRoom,
	type: Stripe.BalanceTransaction.Type,
	source: string,
	amount: number,
	currency: string
): Stripe.BalanceTransaction {
	const moved = newBalanceTransaction(type, source, amount, currency);
	store.balanceTransactions.add(moved.id, moved);
	return moved;
}

/** Runs a step after simulated seconds. */
export function later({ context }: StripeRoom, seconds: number, run: () => void): void {
	context.clock.schedule(context.clock.nowMs() + seconds * 1_000, run);
}
