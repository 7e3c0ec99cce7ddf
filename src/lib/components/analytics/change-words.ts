export interface Change {
	direction: 'up' | 'down' | 'same';
	/** `12%`, `343×`, `1.4 points`, `new`; what a person reads beside the arrow. */
	words: string;
}

/** From so many times as much on, percent say less than how many times it is. */
const TIMES_FROM = 10;

/** How a sum changed against the period before; null when both are nothing. */
export function changeOf(now: number, before: number): Change | null {
	if (before === 0) return now === 0 ? null : { direction: 'up', words: 'new' };
	const times = now / before;
	if (times >= TIMES_FROM) return { direction: 'up', words: `${rounded(times)}×` };
	const percent = ((now - before) / before) * 100;
	return { direction: directionOf(Math.round(percent)), words: `${rounded(percent)}%` };
}

/** How a share in percent changed, in points. */
export function changeOfShare(now: number | null, before: number | null): Change | null {
	if (now === null || before === null) return null;
	const points = Math.round((now - before) * 10) / 10;
	const words = `${Math.abs(points)} ${Math.abs(points) === 1 ? 'point' : 'points'}`;
	return { direction: directionOf(points), words };
}

function directionOf(change: number): Change['direction'] {
	return change === 0 ? 'same' : change > 0 ? 'up' : 'down';
}

function rounded(value: number): string {
	return Math.round(Math.abs(value)).toLocaleString('en-US');
}
