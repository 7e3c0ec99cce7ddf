import { jsonReply, type Answer } from '../http';

export type StripeErrorType =
	'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

/** What an error tells beside its type and message; fields without a value are left out. */
export interface StripeErrorDetails {
	code?: string;
	decline_code?: string;
	advice_code?: string;
	param?: string;
	charge?: string;
	payment_intent?: unknown;
	payment_method?: unknown;
	setup_intent?: unknown;
}

/** An error in Stripe's envelope (PROVIDERS.md 4.5, 4.6). */
export class StripeError extends Error {
	constructor(
		readonly status: number,
		readonly type: StripeErrorType,
		message: string,
		readonly details: StripeErrorDetails = {}
	) {
		super(message);
	}
}

/** The body of an error: `{error: {type, message, code?, …}}`. */
export function errorReply({ status, type, message, details }: StripeError): Answer {
	const { code } = details;
	const documented =
		code === undefined
			? {}
			: { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` };
	return jsonReply(status, { error: { ...details, ...documented, message, type } });
}

export function invalid(message: string, details: StripeErrorDetails = {}): StripeError {
	return new StripeError(400, 'invalid_request_error', message, details);
}

export function noSuch(kind: string, id: string, param: string): StripeError {
	const details = { code: 'resource_missing', param };
	const status = param === 'id' ? 404 : 400;
	return new StripeError(status, 'invalid_request_error', `No such ${kind}: '${id}'`, details);
}

/** The error of a fault of the whole API. */
export function faultError(status: number): StripeError {
	if (status === 429) {
		const details = { code: 'rate_limit' };
		return new StripeError(
			429,
			'invalid_request_error',
			'Too many requests hit the API too quickly.',
			details
		);
	}
	if (status >= 500) return new StripeError(status, 'api_error', 'An unknown error occurred.');
	return new StripeError(status, 'invalid_request_error', 'The request was refused.');
}
