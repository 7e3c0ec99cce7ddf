/** Each circle of imports that are there at run time, as the files on it. */
export function findCycles(edges: Map<string, string[]>): string[] {
	const cycles = new Set<string>();
	const done = new Set<string>();
	const walk = (file: string, trail: string[]): void => {
		const seenAt = trail.indexOf(file);
		if (seenAt >= 0) cycles.add([...trail.slice(seenAt), file].join(' -> '));
		if (seenAt >= 0 || done.has(file)) return;
		for (const next of edges.get(file) ?? []) walk(next, [...trail, file]);
		done.add(file);
	};
	for (const file of edges.keys()) walk(file, []);
	return [...cycles];
}
