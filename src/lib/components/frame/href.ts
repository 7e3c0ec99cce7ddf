/** An address of this site; parameters without a value are left out. */
export function hrefOf(
	path: string,
	parameters: Record<string, string | null | undefined>
): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) if (value) query.set(name, value);
	return query.size > 0 ? `${path}?${query}` : path;
}
