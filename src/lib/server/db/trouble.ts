import postgres from 'postgres';

const CONNECTION_CODES = new Set([
	'ECONNREFUSED',
	'ECONNRESET',
	'EPIPE',
	'ETIMEDOUT',
	'ENOTFOUND',
	'CONNECT_TIMEOUT',
	'CONNECTION_CLOSED',
	'CONNECTION_DESTROYED',
	'CONNECTION_ENDED',
	// admin_shutdown, crash_shutdown, cannot_connect_now, deadlock and serialization: try again
	'57P01',
	'57P02',
	'57P03',
	'40P01',
	'40001'
]);

/**
 * Classes of PostgreSQL's errors that are about the server and not about what it was asked: connection,
 * resources (its disk is full, it has no memory or connection left), system (reading or writing failed).
 */
const CLASSES_OF_THE_SERVER = ['08', '53', '58'];
/** A limit that was set for statements: the work's own fault after all. */
const LIMIT_EXCEEDED = '53400';

/** Whether the error says that the database was away or could not do anything, not that the work was wrong. */
export function isConnectionTrouble(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const code = 'code' in cause ? String(cause.code) : '';
		const isOfServer =
			/^\w{5}$/.test(code) && CLASSES_OF_THE_SERVER.some((name) => code.startsWith(name));
		if (CONNECTION_CODES.has(code) || (isOfServer && code !== LIMIT_EXCEEDED)) return true;
	}
	return false;
}

/** Whether the server answered with an error and went on: the connection is as good as before. */
export function isRefusal(error: unknown): boolean {
	return error instanceof postgres.PostgresError && !['FATAL', 'PANIC'].includes(error.severity);
}

/** Whether a row was refused because its key under this unique index is taken. */
export function isTaken(error: unknown, index: string): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const isUnique = 'code' in cause && cause.code === '23505';
		if (isUnique && 'constraint_name' in cause && cause.constraint_name === index) return true;
	}
	return false;
}
