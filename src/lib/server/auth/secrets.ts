import { hash, randomBytes } from 'node:crypto';

/** SHA-256 as hex: what is stored of session ids and tokens, which are random enough to need no salt. */
export function sha256(secret: string): string {
	return hash('sha256', secret);
}

/** What a mailed link carries: 256 random bits. */
export function newLinkToken(): string {
	return randomBytes(32).toString('base64url');
}

/** A new API token: 256 random bits, with a prefix that leak scanners can know. */
export function newApiToken(): string {
	return `tt_${randomBytes(32).toString('base64url')}`;
}
