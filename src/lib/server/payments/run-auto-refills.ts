/**
 * Auto-refill's hands: does what the machine says is due, one organisation after the other's lock. The
 * charge is ordered in one commit, made, and booked in another; a crash between them is found by asking
 * Stripe again under the same key.
 */
import { asc, eq, lte } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { ChargeFailure } from '$lib/domain/payments/auto-refill';
import type { Payment } from '$lib/domain/payments/payment';
import type { Context } from '../context';
import { autoRefills, stripeCustomers } from '../db/schema/index';
import { applyMeaning } from './apply-meaning';
import { findPaymentById, toPayment } from './payment-rows';
import type { ChargeOutcome, StripeGateway } from './stripe/gateway';

const AT_ONCE = 20;
/** Stripe keeps a key for a day at least; near that a replay could be a second charge. */
const REPLAY_MS_MAX = 23 * 3_600_000;
/** A charge that the list does not have after this long, and that a replay cannot make, is not there. */
const LISTED_AFTER_MS = 600_000;

export async function runAutoRefills({ ctx }: { ctx: Context }): Promise<{ looked: number }> {
	const { stripe, database, log } = ctx.services;
	if (!stripe) return { looked: 0 };
	const due = await database.db
		.select({ organizationId: autoRefills.organizationId, customer: stripeCustomers })
		.from(autoRefills)
		.leftJoin(stripeCustomers, eq(stripeCustomers.organizationId, autoRefills.organizationId))
		.where(lte(autoRefills.lookAt, new Date(ctx.nowMs)))
		.orderBy(asc(autoRefills.lookAt))
		.limit(AT_ONCE);
	await Promise.all(
		due.map(async ({ organizationId, customer }) => {
			try {
				await runOne(ctx, stripe, organizationId, customer);
			} catch (error) {
				log.warn({ err: error, organization: organizationId }, 'auto-refill: trying again');
			}
		})
	);
	return { looked: due.length };
}

async function runOne(
	ctx: Context,
	stripe: StripeGateway,
	organizationId: number,
	customer: typeof stripeCustomers.$inferSelect | null
): Promise<void> {
	const { customerId, paymentMethodId } = customer ?? {};
	const step = await ctx.services.lane.submit({
		kind: 'step_refill',
		organizationId,
		paymentId: uuid(),
		isLive: stripe.isLive,
		card: customerId && paymentMethodId ? { customerId, paymentMethodId } : null
	});
	if (step.kind === 'charge') {
		await apply(ctx, stripe, step.payment, await stripe.charge(step.payment));
	} else if (step.kind === 'resolve') {
		const payment = await findPaymentById(ctx.services.database.db, step.paymentId, organizationId);
		if (payment) await resolve(ctx, stripe, toPayment(payment));
	}
}

/** Nobody knows what became of the charge: by the list, then by the same request under the same key. */
async function resolve(ctx: Context, stripe: StripeGateway, payment: Payment): Promise<void> {
	const found = await stripe.findCharge(payment);
	if (found) return apply(ctx, stripe, payment, { kind: 'told', meaning: found });
	const ageMs = ctx.nowMs - payment.createdAtMs;
	if (ageMs >= REPLAY_MS_MAX) return fail(ctx, payment, NOT_MADE);
	const replayed = await stripe.charge(payment);
	const isStillUnknown = replayed.kind === 'failed' && replayed.failure.kind === 'unknown';
	if (!isStillUnknown || ageMs < LISTED_AFTER_MS) return apply(ctx, stripe, payment, replayed);
	// The replay itself may have made it at this moment: the list has the last word.
	const last = await stripe.findCharge(payment);
	if (last) return apply(ctx, stripe, payment, { kind: 'told', meaning: last });
	if (isFinal(replayed.failure)) return fail(ctx, payment, NOT_MADE);
	return apply(ctx, stripe, payment, replayed);
}

/** Stripe answered, and under this key will answer the same for ever; silence is no answer. */
function isFinal({ code }: ChargeFailure): boolean {
	return code === 'StripeAPIError';
}

const NOT_MADE = {
	failure: { kind: 'outage' as const, code: 'not_made' },
	message: 'Stripe could not make the charge; nothing was taken.',
	paymentIntentId: null
};

async function apply(
	ctx: Context,
	stripe: StripeGateway,
	payment: Payment,
	outcome: ChargeOutcome
): Promise<void> {
	if (outcome.kind === 'told') {
		await applyMeaning(ctx, outcome.meaning);
		return;
	}
	await fail(ctx, payment, outcome);
	const { failure, paymentIntentId } = outcome;
	ctx.services.log.warn(
		{ payment: payment.id, organization: payment.organizationId, ...failure },
		'auto-refill: a charge did not come through'
	);
	// Nothing incomplete is left behind that somebody could still pay.
	if (paymentIntentId !== null && failure.kind !== 'unknown') {
		await stripe.cancelCharge(paymentIntentId).catch((error: unknown) => {
			ctx.services.log.info({ err: error, payment: payment.id }, 'auto-refill: not cancelled');
		});
	}
}

async function fail(
	ctx: Context,
	{ id: paymentId, organizationId }: Payment,
	failed: { failure: ChargeFailure; message: string; paymentIntentId: string | null }
): Promise<void> {
	const { failure, message, paymentIntentId } = failed;
	await ctx.services.lane.submit({
		kind: 'fail_charge',
		organizationId,
		paymentId,
		paymentIntentId,
		failure,
		message
	});
}
