/** What the wires of providers have in common: fields of any type that mean a text. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Longer words than any provider has are kept up to here. */
export const WORD_LENGTH_MAX = 64;

/** The first characters of a text. A character that was cut in two is replaced: PostgreSQL refuses halves. */
export function clip(text: string, length = WORD_LENGTH_MAX): string {
	return text.slice(0, length).toWellFormed();
}

/**
 * A field as text, whatever type it came in. What providers write for "not known" (nothing, `null`, an
 * empty text, the word `null`) is undefined.
 */
export function toText(value: unknown): string | undefined {
	if (value === null || value === undefined) return undefined;
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
	return text === '' || text.toLowerCase() === 'null' ? undefined : text;
}

/** A field of a wire that is read as text and never refused. */
export const anyText = z.unknown().transform(toText).optional();

/** An object of a wire; anything else is read as one without fields. */
export function toObject(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>) // an object that is no array has text keys
		: {};
}

/** A name for a body that carries none: equal bodies have equal ones. */
export function fingerprintOf(body: unknown): string {
	return createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32);
}
