import { jsonReply, type Answer } from '../http';
import { toXml } from './xml';

const MESSAGES: Record<number, string> = {
	400: 'Bad Request',
	401: 'Authentication failed',
	402: 'Insufficient balance in your account',
	403: 'Forbidden',
	404: 'Not Found',
	429: 'Too Many Requests',
	500: 'Internal Server Error'
};

/** An error in Exotel's envelope (PROVIDERS.md 2.6). */
export class ExotelError extends Error {
	constructor(
		readonly status: number,
		message?: string
	) {
		super(message ?? MESSAGES[status] ?? 'Error');
	}
}

/** An answer as JSON when the path ends in `.json`, else as XML. */
export function reply(status: number, value: Record<string, unknown>, isJson: boolean): Answer {
	if (isJson) return jsonReply(status, value);
	const body = `<?xml version="1.0" encoding="UTF-8"?>\n${toXml('TwilioResponse', value)}`;
	return { kind: 'answer', status, contentType: 'application/xml', body };
}

export function errorReply({ status, message }: ExotelError, isJson: boolean): Answer {
	return reply(status, { RestException: { Status: status, Message: message } }, isJson);
}
