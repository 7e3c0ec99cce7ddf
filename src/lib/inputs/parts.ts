/** What many inputs are made of. Every message names the field and the limit. */
import { z } from 'zod';

export const wholeNumber = (name: string, from: number, to: number) =>
	z
		.number(`${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`)
		.int(`${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`)
		.min(from, `${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`)
		.max(to, `${name} must be a whole number from ${from} to ${to.toLocaleString('en')}.`);

/** PostgreSQL cannot keep the character U+0000 in a text. */
export const isStorable = (value: string) => !value.includes('\0');

export const text = (name: string, from: number, to: number) =>
	z
		.string(`${name} must be a text of ${from} to ${to} characters.`)
		.refine(isStorable, `${name} must not contain the character U+0000.`)
		.trim()
		.min(from, `${name} must be a text of ${from} to ${to} characters.`)
		.max(to, `${name} must be a text of ${from} to ${to} characters.`);

export const id = (name: string) => z.uuid(`${name} must be a UUID.`);
export const organizationId = wholeNumber('organization_id', 1, 2_147_483_647);

export const ESTIMATE_MINUTES_MAX = 240;
