/** Which warning of credit a person has put away in this browser: who, and how bad it was. */
export const PUT_AWAY_COOKIE = 'talktime_put_away';

const YEAR_SECONDS = 31_536_000;

/** @returns the level that was put away; 0 for none, or when it was somebody else */
export function readPutAway(value: string | null, userId: string): number {
	const [owner, level] = value?.split('.') ?? [];
	return owner === userId && level !== undefined && /^\d{1,3}$/.test(level) ? Number(level) : 0;
}

/** The cookie as the browser sets it. */
export function putAwayCookie(userId: string, level: number): string {
	return `${PUT_AWAY_COOKIE}=${userId}.${level}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
