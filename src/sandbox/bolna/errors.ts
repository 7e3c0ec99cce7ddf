import { jsonReply, type Answer } from '../http';

/** An error in Bolna's envelope (payloads/bolna/error.shape.json). */
export class BolnaError extends Error {
	constructor(
		readonly status: number,
		message: string
	) {
		super(message);
	}
}

export function errorReply({ status, message }: BolnaError): Answer {
	return jsonReply(status, { error: 1_000 + (status % 1_000), message });
}

export function faultError(status: number): BolnaError {
	return new BolnaError(
		status,
		status >= 500 ? 'Internal server error' : 'The request was refused'
	);
}
