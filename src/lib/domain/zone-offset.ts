/**
 * How far the clocks of a zone are ahead of UTC, fast: each year of a zone is read from Intl once, as the
 * few moments at which its clocks change, and looked up from then on.
 */

/** From this moment on, until the next one, the zone's clocks are so far ahead of UTC. */
interface Span {
	fromMs: number;
	offsetMs: number;
}

const WEEK_MS = 7 * 86_400_000;
const years = new Map<string, Map<number, Span[]>>();
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * @param atMs milliseconds since 1970 UTC
 * @param timeZone IANA zone
 * @returns milliseconds, negative behind UTC
 * @throws RangeError when the zone is unknown
 */
export function zoneOffsetMs(atMs: number, timeZone: string): number {
	const spans = spansOf(new Date(atMs).getUTCFullYear(), timeZone);
	for (let index = spans.length - 1; index > 0; index--) {
		const span = spans[index];
		if (span && atMs >= span.fromMs) return span.offsetMs;
	}
	return spans[0]?.offsetMs ?? 0;
}

/** The moments after `afterMs` and up to `untilMs` at which the zone's clocks change, in order. */
export function clockChanges(timeZone: string, afterMs: number, untilMs: number): number[] {
	const changes: number[] = [];
	const lastYear = new Date(untilMs).getUTCFullYear();
	for (let year = new Date(afterMs).getUTCFullYear(); year <= lastYear; year++) {
		for (const { fromMs } of spansOf(year, timeZone).slice(1)) {
			if (fromMs > afterMs && fromMs <= untilMs) changes.push(fromMs);
		}
	}
	return changes;
}

function spansOf(year: number, timeZone: string): Span[] {
	let ofZone = years.get(timeZone);
	if (!ofZone) years.set(timeZone, (ofZone = new Map()));
	let spans = ofZone.get(year);
	if (!spans) ofZone.set(year, (spans = readYear(year, timeZone)));
	return spans;
}

/** No zone changes its clocks twice in a week, so looking once a week sees every change. */
function readYear(year: number, timeZone: string): Span[] {
	const startMs = Date.UTC(year, 0, 1);
	const endMs = Date.UTC(year + 1, 0, 1);
	const spans: Span[] = [{ fromMs: startMs, offsetMs: readOffsetMs(startMs, timeZone) }];
	let offset = spans[0]?.offsetMs ?? 0;
	for (let weekMs = startMs; weekMs < endMs; weekMs += WEEK_MS) {
		const untilMs = Math.min(weekMs + WEEK_MS, endMs);
		const offsetMs = readOffsetMs(untilMs, timeZone);
		if (offsetMs === offset) continue;
		offset = offsetMs;
		const fromMs = findChange(weekMs, untilMs, offsetMs, timeZone);
		if (fromMs < endMs) spans.push({ fromMs, offsetMs });
	}
	return spans;
}

/** The first whole second after the first moment at which the new offset holds. */
function findChange(beforeMs: number, fromMs: number, offsetMs: number, timeZone: string): number {
	let [before, from] = [beforeMs, fromMs];
	while (from - before > 1_000) {
		const middle = before + Math.floor((from - before) / 2_000) * 1_000;
		if (readOffsetMs(middle, timeZone) === offsetMs) from = middle;
		else before = middle;
	}
	return from;
}

function readOffsetMs(atMs: number, timeZone: string): number {
	const parts = formatterOf(timeZone).formatToParts(atMs);
	const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
	return (
		Date.UTC(
			part('year'),
			part('month') - 1,
			part('day'),
			part('hour'),
			part('minute'),
			part('second')
		) - atMs
	);
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
	const known = formatters.get(timeZone);
	if (known) return known;
	const formatter = new Intl.DateTimeFormat('en-US', {
		timeZone,
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
		hourCycle: 'h23'
	});
	formatters.set(timeZone, formatter);
	return formatter;
}
