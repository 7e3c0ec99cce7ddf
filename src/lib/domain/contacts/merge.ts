import { CONTACT_FIELDS, type ContactField, type ContactValues } from './fields';

/** What a merge may take from the other contact: all but the number, by which each of the two is found. */
export type MergeField = Exclude<ContactField, 'phone'>;

/**
 * What the kept contact's values become: what it lacks comes from the other, and what was chosen does.
 * @param take fields whose value is to be the other's
 * @returns the values that change
 */
export function mergeValues(
	kept: ContactValues,
	other: ContactValues,
	take: readonly string[]
): Partial<ContactValues> {
	const changed: Partial<Record<MergeField, string>> = {};
	for (const field of CONTACT_FIELDS) {
		if (field === 'phone') continue;
		const theirs = other[field];
		if (theirs === null || theirs === kept[field]) continue;
		if (kept[field] === null || take.includes(field)) changed[field] = theirs;
	}
	return changed;
}

/**
 * What an undone change gives back: each value that is still what the change made of it.
 * @param before the values that were changed, as they were
 * @param after the same ones, as they became
 */
export function valuesToGiveBack<Values extends Record<string, unknown>>(
	current: Values,
	before: Partial<Values>,
	after: Partial<Values>
): Partial<Values> {
	const given = Object.entries(before).filter(([field]) => current[field] === after[field]);
	return Object.fromEntries(given) as Partial<Values>; // entries of `before`, fewer of them
}
