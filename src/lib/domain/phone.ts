import {
	isSupportedCountry,
	parsePhoneNumberFromString,
	type CountryCode
} from 'libphonenumber-js/max';

export interface PhoneNumber {
	e164: string;
	/** ISO country, or `ZZ` for numbers that belong to none. */
	country: string;
}

/**
 * Reads a phone number in any usual format.
 * @param text what a person or program gave
 * @param defaultCountry ISO country used when the text has no country code
 * @returns the number, or null when it is no valid phone number
 */
export function parsePhone(text: string, defaultCountry = 'US'): PhoneNumber | null {
	if (text.length > 40) return null;
	const parsed = readNumber(text, isSupportedCountry(defaultCountry) ? defaultCountry : 'US');
	if (!parsed?.isValid()) return null;
	return { e164: parsed.number, country: parsed.country ?? 'ZZ' };
}

type ParsedNumber = NonNullable<ReturnType<typeof parsePhoneNumberFromString>>;

const KEPT_MAX = 64;
const kept = new Map<string, ParsedNumber | undefined>();

/**
 * The library's own reading. A number is read when it is typed and again when its call is decided: the last
 * few that were whole are kept.
 */
export function readNumber(text: string, defaultCountry?: CountryCode): ParsedNumber | undefined {
	// One that says its country itself is read alike whatever the default.
	if (!text.startsWith('+')) return parsePhoneNumberFromString(text, defaultCountry);
	if (kept.has(text)) return kept.get(text);
	const parsed = parsePhoneNumberFromString(text);
	kept.set(text, parsed);
	const [oldest] = kept.keys();
	if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
	return parsed;
}

/** A number as logs may show it: country code and last two digits. */
export function maskPhone(e164: string): string {
	return e164.replace(/^(\+?\d{2})\d*(\d{2})$/, '$1••••$2');
}
