import { parsePhone } from '../phone';

/** A number as a file had it: read, or refused with the reason in a sentence that says what to do. */
export type PhoneCell =
	| { e164: string; note: string | null; problem: null }
	| { e164: null; note: null; problem: string };

const AS_TEXT = 'Format the column as text in the spreadsheet and save it again.';
const SHOWN_MAX = 40;

/**
 * Reads a number from a file that may have been through a spreadsheet. What a spreadsheet took away and can be
 * known for certain is put back (a plus, leading zeros, an apostrophe, an exponent with every digit); what is lost
 * is refused, never guessed.
 * @param cell what the file holds
 * @param country ISO country of numbers without a country code
 */
export function readPhoneCell(cell: string, country: string): PhoneCell {
	const text = cell
		.trim()
		.replace(/^['’`]+/, '')
		.trim();
	if (text === '') return refused('There is no phone number.');
	const shown = `“${text.slice(0, SHOWN_MAX)}”`;
	if (/^#+$/.test(text)) {
		return refused(
			`${shown} stands where the column was too narrow for the number. Widen it and save again.`
		);
	}
	const exponent = /^([+-]?)(\d)(?:[.,](\d+))?e\+?(\d{1,2})$/i.exec(text);
	if (exponent) return readExponent(shown, exponent, country);
	if (/[/;,|]|\bor\b/i.test(text) && countNumbers(text, country) > 1) {
		return refused(`${shown} holds more than one number. Keep one of them.`);
	}
	const plain = text.replace(/^\+?(\d+)[.,]0+$/, (whole) => whole.replace(/[.,]0+$/, ''));
	const number = parsePhone(plain, country);
	if (number) return found(number.e164, plain, null);
	return findLost(plain, country) ?? refused(`${shown} is no phone number${hint(plain)}.`);
}

/** `4.41234567890E+11` has all its digits; `4.41E+11` has lost nine of them. */
function readExponent(shown: string, match: RegExpExecArray, country: string): PhoneCell {
	const [, , first = '', rest = '', power = ''] = match;
	const length = Number(power) + 1;
	const digits = first + rest;
	if (digits.length === length) {
		const number = parsePhone(digits, country) ?? parsePhone(`+${digits}`, country);
		if (number) {
			return { e164: number.e164, note: `${shown} was read as ${number.e164}.`, problem: null };
		}
	}
	const lost = length - digits.length;
	return refused(
		lost > 0
			? `${shown} was shortened by a spreadsheet: its last ${lost} digits are lost. ${AS_TEXT}`
			: `${shown} is a number as a spreadsheet writes it, not a phone number. ${AS_TEXT}`
	);
}

/** What a spreadsheet takes away from the front: a plus, 00, or zeros. */
function findLost(text: string, country: string): PhoneCell | null {
	const digits = text.replace(/[^\d]/g, '');
	if (!/^[\d\s().,/-]+$/.test(text) || digits.length < 6) return null;
	const tries = [
		[
			digits.startsWith('00') ? `+${digits.replace(/^0+/, '')}` : `+${digits}`,
			'its plus was missing'
		],
		[`0${digits}`, 'its zero was missing']
	] as const;
	for (const [candidate, what] of tries) {
		const number = parsePhone(candidate, country);
		if (number) return found(number.e164, text, what);
	}
	return null;
}

function found(e164: string, text: string, what: string | null): PhoneCell {
	const extension = /(?:ext\.?|x|#)\s*(\d{1,7})\s*$/i.exec(text);
	const notes = [
		what && `Read as ${e164}: ${what}.`,
		extension && `Extension ${extension[1]} was left out.`
	].filter((note) => note !== null);
	return { e164, note: notes.length > 0 ? notes.join(' ') : null, problem: null };
}

function countNumbers(text: string, country: string): number {
	return text.split(/[/;,|]|\bor\b/i).filter((part) => parsePhone(part.trim(), country)).length;
}

function hint(text: string): string {
	const digits = text.replace(/\D/g, '').length;
	if (digits === 0) return '';
	return digits < 7
		? ': it has too few digits'
		: digits > 15
			? ': it has too many digits'
			: ' that exists';
}

function refused(problem: string): PhoneCell {
	return { e164: null, note: null, problem };
}
