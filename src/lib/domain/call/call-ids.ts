/**
 * The smallest id a call placed at a moment can have: call ids are UUIDs of version 7, whose first 48
 * bits are the millisecond (RFC 9562, section 5.7). A period of time is so a range of the primary key.
 * @param atMs milliseconds since 1970 UTC
 */
export function firstCallIdAt(atMs: number): string {
	const digits = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
	return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-7000-8000-000000000000`;
}

/**
 * When the maker of a call id says that it was made.
 * @param callId a UUID of version 7
 * @returns milliseconds since 1970 UTC
 */
export function momentOfCallId(callId: string): number {
	return parseInt(callId.replaceAll('-', '').slice(0, 12), 16);
}

/** Half of the slack that periods of calls leave on their narrower side (`momentsAround`). */
const MADE_APART_MS_MAX = 12 * 3_600_000;

/**
 * Whether an id that a client made may name a call placed now: one made at another time would stand in the
 * history where nobody looks for it.
 * @param nowMs milliseconds since 1970 UTC
 */
export function isCallIdOfNow(callId: string, nowMs: number): boolean {
	return Math.abs(momentOfCallId(callId) - nowMs) <= MADE_APART_MS_MAX;
}
