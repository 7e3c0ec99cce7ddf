/** @param sorted ascending */
export function percentile(sorted: ArrayLike<number>, share: number): number {
	const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
	return sorted[index] ?? NaN;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((first, second) => first - second);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** How far the values lie apart, as a share of their median. */
export function spread(values: number[]): number {
	return (Math.max(...values) - Math.min(...values)) / median(values);
}

/** The median of what is known; null when nothing is. */
export function medianOfKnown(values: (number | null)[]): number | null {
	const known = values.filter((value) => value !== null);
	return known.length > 0 ? median(known) : null;
}
