/** Times without a zone, as some providers write them: `2024-01-15 14:30:45`. */

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})/;
const DAY_MS = 86_400_000;

/**
 * The moment a clock on the wall of a zone shows this time; of two, when clocks are turned back, the
 * earlier one.
 * @returns milliseconds since 1970 UTC, or null when the text is no such time
 */
export function readLocalTime(text: string, timeZone: string): number | null {
	const asIfUtcMs = readParts(text);
	if (asIfUtcMs === null) return null;
	const offsets = [asIfUtcMs - DAY_MS, asIfUtcMs + DAY_MS].map((ms) => offsetMs(ms, timeZone));
	const fitting = offsets
		.map((offset) => asIfUtcMs - offset)
		.filter((ms) => offsetMs(ms, timeZone) === asIfUtcMs - ms);
	// Within the hour that is skipped when clocks are turned forward no moment fits: the offset before counts.
	return fitting.length > 0 ? Math.min(...fitting) : asIfUtcMs - (offsets[0] ?? 0);
}

/** The time a clock on the wall of a zone shows at a moment, `2024-01-15 14:30:45`. */
export function formatLocalTime(atMs: number, timeZone: string): string {
	return new Date(atMs + offsetMs(atMs, timeZone)).toISOString().slice(0, 19).replace('T', ' ');
}

function readParts(text: string): number | null {
	const match = LOCAL_TIME.exec(text);
	if (!match) return null;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
		.slice(1)
		.map(Number);
	const ms = Date.UTC(year, month - 1, day, hour, minute, second);
	// Date.UTC carries 31 February over into March: that is no time anybody meant.
	return new Date(ms).toISOString().slice(0, 19) === `${match[0].replace(' ', 'T')}` ? ms : null;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC at a moment. */
function offsetMs(atMs: number, timeZone: string): number {
	const wholeSecondMs = Math.floor(atMs / 1000) * 1000;
	const shown = formatterOf(timeZone).format(wholeSecondMs);
	return (readParts(shown) ?? wholeSecondMs) - wholeSecondMs;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
	const known = formatters.get(timeZone);
	if (known) return known;
	const formatter = new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		hourCycle: 'h23'
	});
	formatters.set(timeZone, formatter);
	return formatter;
}
