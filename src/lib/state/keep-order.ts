/** Rows in the order they are shown in, each in its fresh state, with those that are new at the end. */
export function keepOrder<Row>(
	shown: readonly Row[],
	fresh: readonly Row[],
	keyOf: (row: Row) => string
): Row[] {
	const byKey = new Map(fresh.map((row) => [keyOf(row), row]));
	const known = new Set(shown.map(keyOf));
	return [
		...shown.map((row) => byKey.get(keyOf(row)) ?? row),
		...fresh.filter((row) => !known.has(keyOf(row)))
	];
}
