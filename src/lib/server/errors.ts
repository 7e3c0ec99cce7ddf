/** The family of refusals people see. Anything else that is thrown is a fault and loses its message. */
export type AppErrorCode =
	| 'unauthorized'
	| 'forbidden'
	| 'sudo_required'
	| 'not_found'
	| 'conflict'
	| 'invalid'
	| 'minutes_exhausted'
	| 'insufficient_balance'
	| 'budget_exhausted'
	| 'overdraft_unconfirmed'
	| 'organization_inactive'
	| 'already_calling'
	| 'number_not_allowed'
	| 'country_not_allowed'
	| 'price_too_high'
	| 'calling_too_fast'
	| 'calling_paused'
	| 'too_many_requests'
	| 'too_large'
	| 'provider_failed'
	| 'provider_unavailable'
	| 'unavailable';

export class AppError extends Error {
	override name = 'AppError';

	/**
	 * @param message one sentence a person can act on
	 * @param fields for `invalid`: the sentence for each field
	 */
	constructor(
		readonly code: AppErrorCode,
		message: string,
		readonly fields: Record<string, string> = {}
	) {
		super(message);
	}
}

const HTTP_STATUS: Record<AppErrorCode, number> = {
	unauthorized: 401,
	forbidden: 403,
	sudo_required: 403,
	not_found: 404,
	conflict: 409,
	already_calling: 409,
	invalid: 422,
	minutes_exhausted: 402,
	insufficient_balance: 402,
	budget_exhausted: 402,
	overdraft_unconfirmed: 402,
	organization_inactive: 403,
	number_not_allowed: 422,
	country_not_allowed: 422,
	price_too_high: 422,
	calling_too_fast: 429,
	calling_paused: 403,
	too_many_requests: 429,
	too_large: 413,
	provider_failed: 502,
	provider_unavailable: 503,
	unavailable: 503
};

/** The HTTP status of a refusal (DESIGN.md section 6). */
export function httpStatusOf(code: AppErrorCode): number {
	return HTTP_STATUS[code];
}
