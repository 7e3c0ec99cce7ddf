import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random letters and digits, as Stripe's ids are made of; not seeded, so a restart repeats none. */
export function randomLetters(count: number): string {
	return [...randomBytes(count)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** An id such as `pi_3Q…`: the prefix and 24 letters. */
export function newId(prefix: string): string {
	return `${prefix}_${randomLetters(24)}`;
}

/** The id of a field that may hold an id or the object itself. */
export function idOf(value: string | { id: string } | null | undefined): string | null {
	if (value === null || value === undefined) return null;
	return typeof value === 'string' ? value : value.id;
}

export function unixNow(): number {
	return Math.floor(Date.now() / 1_000);
}
