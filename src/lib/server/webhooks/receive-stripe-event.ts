/**
 * One event of Stripe: verify over the raw bytes, keep, apply through the lane, answer. 2xx once it is
 * kept, even when applying failed: then we own what follows. Stripe is asked nothing here.
 */
import { ZodError } from 'zod';
import type { Context } from '../context';
import { applyEvent, keepEvent, type KeptEvent } from '../payments/inbox';
import type { Event } from '../payments/stripe/wire';

export interface StripeAnswer {
	status: 200 | 400 | 403 | 503;
	body: string;
}

/** @param rawBody as received: the signature is over its bytes */
export async function receiveStripeEvent(
	ctx: Context,
	request: { rawBody: Buffer; signature: string | null }
): Promise<StripeAnswer> {
	const { stripe, log } = ctx.services;
	if (!stripe) return { status: 403, body: 'Stripe is not configured.' };
	let event: Event | null;
	try {
		event = stripe.readSignedEvent(request.rawBody, request.signature, ctx.nowMs);
	} catch (error) {
		if (!(error instanceof ZodError)) throw error;
		log.warn({ provider: 'stripe' }, 'webhook refused: signed, but no event');
		return { status: 400, body: 'This is no event.' };
	}
	if (event === null) {
		log.warn({ provider: 'stripe' }, 'webhook refused: the signature is missing, wrong or too old');
		return { status: 403, body: 'The signature is missing, wrong or too old.' };
	}
	let kept: KeptEvent;
	try {
		kept = await keepEvent(ctx, event);
	} catch (error) {
		log.error({ err: error, provider: 'stripe', event: event.id }, 'an event was not kept');
		return { status: 503, body: 'Not stored. Try again.' };
	}
	if (kept.isDone) return { status: 200, body: 'duplicate' };
	try {
		return { status: 200, body: (await applyEvent(ctx, kept)).state };
	} catch (error) {
		log.warn({ err: error, provider: 'stripe', event: event.id }, 'kept; the worker applies it');
		return { status: 200, body: 'waiting' };
	}
}
