import pino, { type Logger } from 'pino';

export type Log = Logger;

/** Structured lines on standard output. Secrets are taken out by name wherever they appear. */
export function createLog(level: string): Log {
	return pino({
		level,
		base: undefined,
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
	});
}
