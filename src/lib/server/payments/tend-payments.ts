/**
 * What payments need done behind the scenes, each second: refills that are due, payments and cards that
 * Stripe is to be asked about, events that could not be applied. Every part is a short indexed look.
 */
import { asc, eq, lte } from 'drizzle-orm';
import type { Context } from '../context';
import { payments, stripeCustomers } from '../db/schema/index';
import { refreshCard } from './customers';
import { retryEvents } from './inbox';
import { refreshPayment } from './refresh-payment';
import { runAutoRefills } from './run-auto-refills';
import type { StripeGateway } from './stripe/gateway';

const AT_ONCE = 20;
const REFRESH_RETRY_MS = 30_000;

/** @returns how many things there were to do */
export async function tendPayments({ ctx }: { ctx: Context }): Promise<{ looked: number }> {
	const { stripe } = ctx.services;
	if (!stripe) return { looked: 0 };
	const retried = await retryEvents(ctx);
	const refreshed = await refreshPayments(ctx, stripe);
	// Before the refills: they charge the card that is saved now.
	const cards = await refreshCards(ctx, stripe);
	const refills = await runAutoRefills({ ctx });
	return { looked: retried + refreshed + cards + refills.looked };
}

async function refreshPayments(ctx: Context, stripe: StripeGateway): Promise<number> {
	const { database, lane, log } = ctx.services;
	const due = await database.db
		.select({ id: payments.id, organizationId: payments.organizationId })
		.from(payments)
		.where(lte(payments.refreshAt, new Date(ctx.nowMs)))
		.orderBy(asc(payments.refreshAt))
		.limit(AT_ONCE);
	for (const { id: paymentId, organizationId } of due) {
		try {
			if (await refreshPayment(ctx, stripe, paymentId, { kind: 'webhook' })) continue;
		} catch (error) {
			log.warn({ err: error, payment: paymentId }, 'reading a payment anew failed');
		}
		const refreshAtMs = ctx.nowMs + REFRESH_RETRY_MS;
		await lane.submit({ kind: 'note_payment', paymentId, organizationId, note: { refreshAtMs } });
	}
	return due.length;
}

async function refreshCards(ctx: Context, stripe: StripeGateway): Promise<number> {
	const { database, log } = ctx.services;
	const stale = await database.db
		.select()
		.from(stripeCustomers)
		.where(eq(stripeCustomers.isStale, true))
		.limit(AT_ONCE);
	for (const customer of stale) {
		try {
			await refreshCard(ctx, stripe, customer);
		} catch (error) {
			log.warn({ err: error, organization: customer.organizationId }, 'reading a card failed');
		}
	}
	return stale.length;
}
