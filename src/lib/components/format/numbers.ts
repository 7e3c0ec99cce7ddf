import { formatMicros, parseMicros } from '$lib/domain/money';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,204` */
export function formatCount(count: number): string {
	return whole.format(count);
}

/** `1 call`, `3 calls`, `1,204 minutes` */
export function plural(count: number, one: string, many = `${one}s`): string {
	return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `1,204 min` */
export function formatMinutes(minutes: number): string {
	return `${formatCount(minutes)} min`;
}

const compact = new Intl.NumberFormat('en-US', {
	notation: 'compact',
	maximumFractionDigits: 1
});

/** `1,204 min`, and from a hundred thousand on `120.5K min`, for narrow places. */
export function formatMinutesShort(minutes: number): string {
	return `${minutes < 100_000 ? whole.format(minutes) : compact.format(minutes)} min`;
}

/** Share of a whole in percent, `84%`; a dash when there is no whole yet. */
export function formatShare(part: number, total: number): string {
	return total === 0 ? '–' : `${Math.round((part / total) * 100)}%`;
}

/** `45 s`, `2 m 05 s`, `1 h 04 m` */
export function formatDuration(seconds: number): string {
	const total = Math.max(0, Math.floor(seconds));
	const hours = Math.floor(total / 3600);
	const minutes = Math.floor((total % 3600) / 60);
	const rest = total % 60;
	if (hours > 0) return `${formatCount(hours)} h ${twoDigits(minutes)} m`;
	if (minutes > 0) return `${minutes} m ${twoDigits(rest)} s`;
	return `${rest} s`;
}

/** A running clock: `02:14`, `1:02:14` */
export function formatTimer(seconds: number): string {
	const total = Math.max(0, Math.floor(seconds));
	const hours = Math.floor(total / 3600);
	const minutes = twoDigits(Math.floor((total % 3600) / 60));
	const rest = twoDigits(total % 60);
	return hours > 0 ? `${hours}:${minutes}:${rest}` : `${minutes}:${rest}`;
}

/** A short way to go: `0:18`, `2:05` */
export function formatCountdown(seconds: number): string {
	const total = Math.max(0, Math.ceil(seconds));
	return `${Math.floor(total / 60)}:${twoDigits(total % 60)}`;
}

/** A decimal string as dollars: `$42.10`, `$1,204.00`, `−$5.00`; digits beyond cents only where there are any. */
export function formatMoney(dollars: string): string {
	const micros = parseMicros(dollars);
	const exact = formatMicros(micros < 0n ? -micros : micros, 6).replace(/0{1,4}$/, '');
	const [units = '0', decimals = '00'] = exact.split('.');
	return `${micros < 0n ? '−' : ''}$${formatCount(Number(units))}.${decimals}`;
}

function twoDigits(amount: number): string {
	return String(amount).padStart(2, '0');
}
