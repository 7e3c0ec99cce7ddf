import { parsePhone } from '../phone';

/** What a person typed into the search of contacts, as the index can look for it. */
export interface ContactSearch {
	/** The whole of it: names that begin so come first. */
	start: string;
	/** Each must be somewhere in the contact; three characters or more. */
	parts: string[];
}

const PART_MIN = 3;
const PARTS_MAX = 6;

/**
 * Reads a search. What looks like a phone number is looked for by its digits, in whatever way it is written:
 * whole with the organisation's country as default, in part without the zeros that are dialled before it.
 * @param text as typed
 * @param country ISO country of the organisation
 * @returns null when there is nothing to look for
 */
export function readContactSearch(text: string, country: string): ContactSearch | null {
	const typed = text.trim();
	if (typed === '') return null;
	if (/^[+\d][\d\s()./-]*$|^\([\d\s()./-]*$/.test(typed)) {
		const number = parsePhone(typed, country)?.e164 ?? typed;
		const digits = number.replace(/\D/g, '').replace(/^0+/, '');
		return { start: typed, parts: digits.length >= PART_MIN ? [digits] : [] };
	}
	const parts = typed.split(/\s+/).filter((part) => part.length >= PART_MIN);
	return { start: typed, parts: parts.slice(0, PARTS_MAX) };
}
