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

/** Whether the error says that the database was away, not that the work was wrong. */
export function isConnectionTrouble(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const code = 'code' in cause ? String(cause.code) : '';
		if (CONNECTION_CODES.has(code) || code.startsWith('08')) return true;
	}
	return false;
}

/** Whether a row was refused because its key under this unique index is taken. */
export function isTaken(error: unknown, index: string): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const isUnique = 'code' in cause && cause.code === '23505';
		if (isUnique && 'constraint_name' in cause && cause.constraint_name === index) return true;
	}
	return false;
}
