/** What an API token may do of what its person may. */
export const TOKEN_SCOPES = ['read', 'calls', 'minutes', 'wallet', 'contacts'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

const SCOPES_BY_PATH: [prefix: string, scope: TokenScope][] = [
	['/api/calls', 'calls'],
	['/call-minutes/check-availability', 'read'],
	['/call-minutes/', 'minutes'],
	['/api/balance/', 'wallet'],
	['/api/user/contacts', 'contacts']
];

/**
 * The scope a request of a program needs. Reading needs `read`, wherever it reads.
 * @returns null where only a token without limits may go
 */
export function scopeOf(method: string, path: string): TokenScope | null {
	const isRest = path.startsWith('/api/') || path.startsWith('/call-minutes/');
	if (!isRest) return null;
	if (method === 'GET' || method === 'HEAD') return 'read';
	return SCOPES_BY_PATH.find(([prefix]) => path.startsWith(prefix))?.[1] ?? null;
}

/** @param scopes of the token; null: without limits */
export function mayUse(
	scopes: readonly TokenScope[] | null,
	method: string,
	path: string
): boolean {
	if (scopes === null) return true;
	const needed = scopeOf(method, path);
	return needed !== null && scopes.includes(needed);
}
