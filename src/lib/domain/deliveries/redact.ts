/** What a delivery's body may keep when it is stored: everything but what opens a door. */

import type { JsonObject, JsonValue } from '../json';

const REDACTED = '[redacted]';
const SECRET_NAMES = new Set(['key', 'authorization', 'auth', 'sig', 'credentials']);
const SECRET_ENDINGS = [
	'token',
	'secret',
	'signature',
	'password',
	'apikey',
	'accesskey',
	'credential'
];

function isSecretName(name: string): boolean {
	const folded = name.toLowerCase().replace(/[^a-z]/g, '');
	return SECRET_NAMES.has(folded) || SECRET_ENDINGS.some((ending) => folded.endsWith(ending));
}

/** Copies a body without the values of fields, and of query parameters in addresses, that are secrets. */
export function redactSecrets(body: JsonObject): JsonObject {
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => [
			name,
			isSecretName(name) && value !== null ? REDACTED : redactValue(value)
		])
	);
}

function redactValue(value: JsonValue): JsonValue {
	if (typeof value === 'string') return redactQuery(value);
	if (Array.isArray(value)) return value.map(redactValue);
	return typeof value === 'object' && value !== null ? redactSecrets(value) : value;
}

/** Signed addresses carry their secret in the query: `?X-Amz-Signature=…`. */
function redactQuery(text: string): string {
	if (!/^https?:\/\//i.test(text)) return text;
	return text.replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, mark: string, name: string) =>
		isSecretName(name) ? `${mark}${name}=${REDACTED}` : whole
	);
}
