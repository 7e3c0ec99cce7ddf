import { TRPCClientError } from '@trpc/client';

/** What went wrong with a request, in the words people see. */
export interface Refusal {
	/** The server's code, or `unreachable` when no answer came. */
	code: string;
	message: string;
	/** False when nobody can say whether it happened: then a retry must repeat the same request id. */
	isDecided: boolean;
	/** For bad input: the sentence for each field. */
	fields: Record<string, string>;
}

const UNREACHABLE: Refusal = {
	code: 'unreachable',
	message: 'Talktime could not be reached. Check your connection, then try again.',
	isDecided: false,
	fields: {}
};

/** Reads what a tRPC call threw. An error without the server's data means that no answer arrived. */
export function readRefusal(thrown: unknown): Refusal {
	if (!(thrown instanceof TRPCClientError)) throw thrown;
	const answer: unknown = thrown.data;
	if (!isRecord(answer)) return UNREACHABLE;
	const code = typeof answer.code === 'string' ? answer.code : 'unknown';
	return {
		code,
		message: thrown.message,
		isDecided: code.toUpperCase() !== 'INTERNAL_SERVER_ERROR',
		fields: readFields(answer.fields)
	};
}

function readFields(fields: unknown): Record<string, string> {
	if (!isRecord(fields)) return {};
	return Object.fromEntries(
		Object.entries(fields).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string'
		)
	);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
