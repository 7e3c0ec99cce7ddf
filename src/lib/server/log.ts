import pino, { type Logger } from 'pino';
import { createMask } from './mask';

export type Log = Logger;

/** Where the errors of Drizzle and postgres.js keep the values of a query: people's data among them. */
const VALUES = new Set(['params', 'parameters', 'args', 'detail', 'where']);

function toLoggedError(error: Error): object {
	return Object.fromEntries(
		Object.entries(pino.stdSerializers.err(error)).filter(([name]) => !VALUES.has(name))
	);
}

/**
 * Structured lines on standard output. Secrets are taken out by name wherever they appear, those of the
 * configuration by their value too, and phone numbers are masked.
 */
export function createLog(level: string, secrets: readonly string[] = []): Log {
	const mask = createMask(secrets);
	return pino(
		{
			level,
			base: undefined,
			serializers: { err: toLoggedError },
			timestamp: pino.stdTimeFunctions.isoTime,
			redact: {
				paths: [
					'password',
					'*.password',
					'token',
					'*.token',
					'authToken',
					'*.authToken',
					'authorization',
					'*.authorization',
					'cookie',
					'*.cookie'
				],
				censor: '[redacted]'
			}
		},
		{ write: (line) => void process.stdout.write(mask(line)) }
	);
}
