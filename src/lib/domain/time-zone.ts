const formatters = new Map<string, Intl.DateTimeFormat>();

function dayFormatter(timeZone: string): Intl.DateTimeFormat {
	const known = formatters.get(timeZone);
	if (known) return known;
	const formatter = new Intl.DateTimeFormat('en-CA', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit'
	});
	formatters.set(timeZone, formatter);
	return formatter;
}

/**
 * The local calendar day of a moment, `2026-11-21`.
 * @param atMs milliseconds since 1970 UTC
 * @param timeZone IANA zone
 */
export function localDay(atMs: number, timeZone: string): string {
	return dayFormatter(timeZone).format(atMs);
}

/** Whether the text names an IANA time zone this machine knows. */
export function isTimeZone(text: string): boolean {
	try {
		dayFormatter(text);
		return true;
	} catch {
		return false;
	}
}

/** Zones lie between 12 hours behind and 14 hours ahead of UTC. */
const ZONE_HOURS_MAX = 15;
const HOUR_MS = 3_600_000;

/**
 * The first moment of a local calendar day. Where clocks skip midnight, the day begins later than 0:00;
 * where a zone skipped the whole day, it is the first moment after it.
 * @param day `2026-11-21`
 * @returns milliseconds since 1970 UTC
 */
export function startOfLocalDay(day: string, timeZone: string): number {
	const utcMidnight = Date.parse(`${day}T00:00:00Z`);
	let before = utcMidnight - ZONE_HOURS_MAX * HOUR_MS;
	let from = utcMidnight + ZONE_HOURS_MAX * HOUR_MS;
	while (from - before > 1) {
		const middle = before + Math.floor((from - before) / 2);
		if (localDay(middle, timeZone) < day) before = middle;
		else from = middle;
	}
	return from;
}
