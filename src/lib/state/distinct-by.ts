/** The rows with each key once: the first that has it. */
export function distinctBy<Row>(rows: Iterable<Row>, keyOf: (row: Row) => string): Row[] {
	const distinct = new Map<string, Row>();
	for (const row of rows) if (!distinct.has(keyOf(row))) distinct.set(keyOf(row), row);
	return [...distinct.values()];
}
