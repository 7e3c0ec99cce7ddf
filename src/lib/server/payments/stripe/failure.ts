import Stripe from 'stripe';
import { readPaymentError, type Failed } from './read';

/**
 * What an error of a charge means (PROVIDERS.md 4.5). A refusal of the card or of the request is known not
 * to have charged; everything else is unknown, and is asked again under the same key.
 */
export function readChargeError(error: unknown): Failed & { paymentIntentId: string | null } {
	const message = error instanceof Error ? error.message : String(error);
	if (error instanceof Stripe.errors.StripeCardError) {
		const { code, decline_code, advice_code } = error;
		const failed = readPaymentError({ code, decline_code, advice_code, message });
		return { ...failed, paymentIntentId: error.payment_intent?.id ?? null };
	}
	if (error instanceof Stripe.errors.StripeInvalidRequestError && isRefusal(error)) {
		const code = error.code ?? 'invalid_request';
		return { failure: { kind: 'card_refused', code }, message, paymentIntentId: null };
	}
	return { failure: { kind: 'unknown', code: codeOf(error) }, message, paymentIntentId: null };
}

/** 409 is no refusal: the same request is still under way. */
function isRefusal(error: Stripe.errors.StripeInvalidRequestError): boolean {
	return error.statusCode === 400 || error.statusCode === 404;
}

function codeOf(error: unknown): string {
	if (error instanceof Stripe.errors.StripeError) return error.code ?? error.type;
	return 'no_answer';
}
