const formatters = new Map<string, Intl.DateTimeFormat>();

function format(day: string, options: Intl.DateTimeFormatOptions): string {
	const key = JSON.stringify(options);
	const formatter =
		formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });
	formatters.set(key, formatter);
	return formatter.format(Date.parse(`${day}T00:00:00Z`));
}

/** A calendar day `2026-11-21` as `21 Nov` */
export function formatDay(day: string): string {
	return format(day, { day: 'numeric', month: 'short' });
}

/** `Sat 21 Nov 2026` */
export function formatWholeDay(day: string): string {
	return format(day, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).replace(
		',',
		''
	);
}

/** `15–21 Nov 2026`, `28 Oct – 3 Nov 2026`, `28 Dec 2025 – 3 Jan 2026` */
export function formatDays(start: string, end: string): string {
	const year = { day: 'numeric', month: 'short', year: 'numeric' } as const;
	if (start === end) return format(start, year);
	if (start.slice(0, 7) === end.slice(0, 7)) {
		return `${format(start, { day: 'numeric' })}–${format(end, year)}`;
	}
	const first = start.slice(0, 4) === end.slice(0, 4) ? formatDay(start) : format(start, year);
	return `${first} – ${format(end, year)}`;
}

/** The month of a day, `November 2026` */
export function formatMonth(day: string): string {
	return format(day, { month: 'long', year: 'numeric' });
}

/** Of weekday 0, `Sunday` */
export function weekdayName(weekday: number, width: 'long' | 'short' = 'long'): string {
	// 4 January 2026 was a Sunday.
	return format(`2026-01-${String(4 + weekday).padStart(2, '0')}`, { weekday: width });
}
