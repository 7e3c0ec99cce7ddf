import { jsonReply, type Answer } from '../http';

/** An error in Twilio's envelope (payloads/twilio/rest.errors.json; codes: PROVIDERS.md 1.9). */
export class TwilioError extends Error {
	constructor(
		readonly status: number,
		readonly code: number,
		message: string
	) {
		super(message);
	}
}

/** The REST answer of an error: `{code, message, more_info, status}`. */
export function errorReply({ status, code, message }: TwilioError): Answer {
	const more_info = `https://www.twilio.com/docs/errors/${code}`;
	return jsonReply(status, { code, message, more_info, status });
}

export function notFound(pathname: string): TwilioError {
	return new TwilioError(404, 20404, `The requested resource ${pathname} was not found`);
}

/** The error of a fault of the whole API: 429 is 20429, anything else 20 and the HTTP status. */
export function faultError(status: number): TwilioError {
	if (status === 401) return new TwilioError(401, 20003, 'Authenticate');
	if (status === 429) return new TwilioError(429, 20429, 'Too Many Requests');
	return new TwilioError(status, 20_000 + status, status >= 500 ? 'Server Error' : 'Refused');
}
