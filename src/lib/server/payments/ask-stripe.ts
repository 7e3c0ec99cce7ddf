import type { Context } from '../context';
import { AppError } from '../errors';
import type { StripeGateway } from './stripe/gateway';

/** @throws AppError `unavailable` where nothing can be paid */
export function requireStripe(ctx: Context): StripeGateway {
	const { stripe, config } = ctx.services;
	if (stripe) return stripe;
	throw new AppError(
		'unavailable',
		`Payments are not set up here. Ask ${config.salesEmail} to add funds for you.`
	);
}

/**
 * Asks Stripe for a person who waits.
 * @param sentence what did not happen, when Stripe refuses or does not answer
 */
export async function askStripe<Answer>(
	ctx: Context,
	sentence: string,
	ask: (stripe: StripeGateway) => Promise<Answer>
): Promise<Answer> {
	const stripe = requireStripe(ctx);
	try {
		return await ask(stripe);
	} catch (error) {
		ctx.services.log.warn({ err: error, provider: 'stripe' }, 'Stripe: a request failed');
		throw new AppError('provider_failed', `${sentence} Try again in a moment.`);
	}
}
