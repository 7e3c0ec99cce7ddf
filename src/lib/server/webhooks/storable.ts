/** What a body may hold when it is read and stored. */
import type { JsonObject, JsonValue } from '$lib/domain/json';

const DEPTH_MAX = 32;
const SECRET_NAMES = new Set(['key', 'token', 'apikey', 'apitoken', 'authorization', 'secret']);

/**
 * A copy without what PostgreSQL cannot keep (U+0000, halves of characters, endless nesting) and without
 * secrets.
 */
export function toStorable(body: JsonObject): JsonObject {
	return cleanObject(body, 0);
}

function cleanObject(value: JsonObject, depth: number): JsonObject {
	return Object.fromEntries(
		Object.entries(value).map(([name, field]) => [
			cleanText(name),
			isSecret(name) ? '[redacted]' : clean(field, depth + 1)
		])
	);
}

function clean(value: JsonValue, depth: number): JsonValue {
	if (typeof value === 'string') return cleanText(value);
	if (typeof value !== 'object' || value === null) return value;
	if (depth > DEPTH_MAX) return '[too deep]';
	return Array.isArray(value)
		? value.map((item) => clean(item, depth + 1))
		: cleanObject(value, depth);
}

function cleanText(text: string): string {
	return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function isSecret(name: string): boolean {
	return SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ''));
}
