/** What a request of a provider that signs nothing has: a body in one of several dresses, and a key. */
import type { JsonObject } from '$lib/domain/json';
import type { Claim } from '../providers/keyed';
import { toStorable } from './storable';

export interface KeyedRequest {
	query: URLSearchParams;
	contentType: string;
	/** As it came. */
	body: Uint8Array;
	/** Where it came from; null: nobody knows. */
	address: string | null;
}

const UNREADABLE_LENGTH_MAX = 2_000;

export function claimOf({ query, address }: KeyedRequest): Claim {
	return { key: query.get('key'), address };
}

/**
 * The body's fields, whether it is JSON or a form, storable. What is neither is kept as text under
 * `unreadable`, so that somebody can look at it.
 */
export async function readFields({ contentType, body }: KeyedRequest): Promise<JsonObject> {
	const fields =
		(contentType.includes('form') ? await readFormFields(contentType, body) : null) ??
		readJsonFields(body);
	return toStorable(fields ?? { unreadable: textOf(body).slice(0, UNREADABLE_LENGTH_MAX) });
}

async function readFormFields(contentType: string, body: Uint8Array): Promise<JsonObject | null> {
	try {
		const headers = { 'content-type': contentType };
		const form = await new Response(Buffer.from(body), { headers }).formData();
		const texts = [...form].filter(
			(field): field is [string, string] => typeof field[1] === 'string'
		);
		return texts.length > 0 ? Object.fromEntries(texts) : null;
	} catch {
		return null; // a form only by its name
	}
}

function readJsonFields(body: Uint8Array): JsonObject | null {
	try {
		const parsed: unknown = JSON.parse(textOf(body));
		const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
		return isObject ? (parsed as JsonObject) : null; // it was parsed from JSON
	} catch {
		return null;
	}
}

function textOf(body: Uint8Array): string {
	return Buffer.from(body).toString('utf8');
}
