/** A number while it is typed: how it reads, whose country it is, and whether it can be called. */
import { AsYouType, isSupportedCountry } from 'libphonenumber-js/max';
import { parsePhone } from '../phone';

export interface TypedNumber {
	/** As people of its country write it, as far as it is known. */
	formatted: string;
	/** ISO country it belongs to so far; the default one while nothing says otherwise, null for none. */
	country: string | null;
	/** E.164 once it is a number that exists; null while it is not. */
	e164: string | null;
}

const LENGTH_MAX = 40;

/**
 * Reads what is typed or pasted, in any usual format.
 * @param defaultCountry ISO country of numbers without a country code
 */
export function readTypedNumber(text: string, defaultCountry: string): TypedNumber {
	const typed = text.trim().slice(0, LENGTH_MAX);
	const country = isSupportedCountry(defaultCountry) ? defaultCountry : 'US';
	// 00 is how much of the world dials abroad; no number of a country begins with it.
	const international = typed.replace(/^00(?=\d)/, '+');
	const formatter = new AsYouType(country);
	const formatted = formatter.input(international);
	const number = parsePhone(international, country);
	const isAbroad = international.startsWith('+');
	return {
		formatted: formatted || typed,
		country: number?.country ?? formatter.getCountry() ?? (isAbroad ? null : country),
		e164: number?.e164 ?? null
	};
}

const FLAG_OFFSET = 0x1f1e6 - 'A'.charCodeAt(0);

/** The flag of an ISO country; an empty text for what has none. */
export function flagOf(country: string | null): string {
	if (country === null || !/^[A-Z]{2}$/.test(country) || country === 'ZZ') return '';
	return String.fromCodePoint(...[...country].map((letter) => letter.charCodeAt(0) + FLAG_OFFSET));
}

/** What a keypad sends. */
export const KEYPAD = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
export type KeypadKey = (typeof KEYPAD)[number];

export function isKeypadKey(key: string): key is KeypadKey {
	return KEYPAD.some((one) => one === key);
}
