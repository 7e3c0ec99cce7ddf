const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Each region abbreviates its own zones only (`IST`, `EST`, `AEST`) and says `GMT+5:30` of the others. */
const ZONE_LOCALES = ['en-US', 'en-GB', 'en-IN', 'en-AU', 'en-ZA'];

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(
	timezone: string,
	options: Intl.DateTimeFormatOptions,
	locale = 'en-GB'
): Intl.DateTimeFormat {
	const key = `${timezone}|${locale}|${JSON.stringify(options)}`;
	const known = formatters.get(key);
	if (known) return known;
	const made = new Intl.DateTimeFormat(locale, { timeZone: timezone, ...options });
	formatters.set(key, made);
	return made;
}

/** `IST`, `EST`, or `GMT+4` where no abbreviation is in use. */
export function zoneName(timezone: string, atMs: number): string {
	const names = ZONE_LOCALES.map(
		(locale) =>
			formatter(timezone, { timeZoneName: 'short' }, locale)
				.formatToParts(atMs)
				.find((part) => part.type === 'timeZoneName')?.value ?? ''
	);
	return names.find((name) => !/^(GMT|UTC)[+−-]/.test(name)) ?? names[0] ?? timezone;
}

/** `2026-11-21T14:40:07.000Z`, as the server takes it. */
export function isoOf(atMs: number): string {
	return new Date(atMs).toISOString();
}

/** `14:40` */
export function formatTime(at: string | number, timezone: string): string {
	return formatter(timezone, { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/** `21 Nov, 14:40` */
export function formatDayTime(at: string | number, timezone: string): string {
	return formatter(timezone, {
		day: 'numeric',
		month: 'short',
		hour: '2-digit',
		minute: '2-digit'
	}).format(new Date(at));
}

/** `14:40:07` */
export function formatTimeWithSeconds(at: string | number, timezone: string): string {
	return formatter(timezone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
		new Date(at)
	);
}

/** `21 Nov 2026, 14:40:07 IST` */
export function formatExact(at: string | number, timezone: string): string {
	const date = formatter(timezone, {
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit'
	}).format(new Date(at));
	return `${date} ${zoneName(timezone, new Date(at).getTime())}`;
}

/** `14:40`, and on another day than now `22 Nov, 14:40`. */
export function formatMoment(at: string, nowMs: number, timezone: string): string {
	const day = (atMs: number) =>
		formatter(timezone, { day: 'numeric', month: 'short' }).format(atMs);
	const atMs = Date.parse(at);
	const time = formatTime(at, timezone);
	return day(atMs) === day(nowMs) ? time : `${day(atMs)}, ${time}`;
}

/** `just now`, `4 min ago`, `3 h ago`, `yesterday`, `5 days ago`, `21 Nov`, `21 Nov 2025` */
export function formatRelative(at: string, nowMs: number, timezone: string): string {
	const ageMs = nowMs - Date.parse(at);
	if (ageMs < MINUTE_MS) return 'just now';
	if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)} min ago`;
	if (ageMs < DAY_MS) return `${Math.floor(ageMs / HOUR_MS)} h ago`;
	if (ageMs < 2 * DAY_MS) return 'yesterday';
	if (ageMs < 7 * DAY_MS) return `${Math.floor(ageMs / DAY_MS)} days ago`;
	const isThisYear =
		formatter(timezone, { year: 'numeric' }).format(nowMs) ===
		formatter(timezone, { year: 'numeric' }).format(new Date(at));
	return formatter(timezone, {
		day: 'numeric',
		month: 'short',
		...(isThisYear ? {} : { year: 'numeric' })
	}).format(new Date(at));
}

export interface LocalTime {
	/** `14:40` there. */
	time: string;
	/** Short name of the zone there, `IST` or `GMT+4`. */
	zone: string;
}

/** The clock where a lead lives, or null when the zone is not one this browser knows. */
export function localTimeAt(timezone: string, nowMs: number): LocalTime | null {
	try {
		const parts = formatter(timezone, {
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23'
		}).formatToParts(nowMs);
		const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
		return {
			time: `${part('hour')}:${part('minute')}`,
			zone: zoneName(timezone, nowMs)
		};
	} catch {
		return null;
	}
}
