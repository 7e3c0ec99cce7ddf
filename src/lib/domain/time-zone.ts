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
