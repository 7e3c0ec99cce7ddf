const IDENTITY = /^user_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The name a person's browser has at a provider: letters, digits and `_` only (PROVIDERS.md 1.8). */
export function identityOf(userId: string): string {
	return `user_${userId.replaceAll('-', '')}`;
}

/** The user an identity names; null when we never gave out such a one. */
export function userIdOf(identity: string): string | null {
	const parts = IDENTITY.exec(identity);
	return parts ? parts.slice(1).join('-') : null;
}
