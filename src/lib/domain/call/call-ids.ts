/**
 * The smallest id a call placed at a moment can have: call ids are UUIDs of version 7, whose first 48
 * bits are the millisecond (RFC 9562, section 5.7). A period of time is so a range of the primary key.
 * @param atMs milliseconds since 1970 UTC
 */
export function firstCallIdAt(atMs: number): string {
	const digits = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
	return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-7000-8000-000000000000`;
}
