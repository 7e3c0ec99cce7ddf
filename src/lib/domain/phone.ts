import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

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
	const country = isSupportedCountry(defaultCountry) ? defaultCountry : 'US';
	const parsed = parsePhoneNumberFromString(text, country);
	if (!parsed?.isValid()) return null;
	return { e164: parsed.number, country: parsed.country ?? 'ZZ' };
}

/** A number as logs may show it: country code and last two digits. */
export function maskPhone(e164: string): string {
	return e164.replace(/^(\+?\d{2})\d*(\d{2})$/, '$1••••$2');
}
