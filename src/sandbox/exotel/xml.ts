const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** One element; an array repeats its name, null is an empty element. */
export function toXml(name: string, value: unknown): string {
	if (Array.isArray(value)) return value.map((one) => toXml(name, one)).join('');
	if (value === null || value === undefined) return `<${name}/>`;
	if (typeof value === 'object') {
		const parts = Object.entries(value).map(([key, part]) => toXml(key, part));
		return `<${name}>${parts.join('')}</${name}>`;
	}
	return `<${name}>${String(value).replace(/[&<>]/g, (one) => ENTITIES[one] ?? one)}</${name}>`;
}
