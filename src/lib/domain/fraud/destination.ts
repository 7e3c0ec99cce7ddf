/**
 * Which numbers are never called: those that pay whoever answers, or cost what no price list says. The
 * types are libphonenumber's; the country codes without a country are the ITU's (E.164 annex D).
 */
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { readNumber } from '../phone';

export const REFUSED_KINDS = ['premium', 'shared_cost', 'satellite', 'special', 'short'] as const;
export type RefusedKind = (typeof REFUSED_KINDS)[number];

const KIND_BY_TYPE: Record<string, RefusedKind> = {
	PREMIUM_RATE: 'premium',
	SHARED_COST: 'shared_cost',
	// Numbers that follow a person (the British 070 is the classic): dear, and paid to its owner.
	PERSONAL_NUMBER: 'special',
	PAGER: 'special',
	UAN: 'special',
	VOICEMAIL: 'special'
};

const KIND_BY_CALLING_CODE: Record<string, RefusedKind> = {
	808: 'shared_cost',
	870: 'satellite',
	878: 'special',
	881: 'satellite',
	882: 'satellite',
	883: 'satellite',
	888: 'special',
	979: 'premium'
};

/** No subscriber's number is shorter, country code and all. */
const DIGITS_MIN = 7;

export interface Destination {
	kind: RefusedKind | null;
	/** Free to call: of its calling code's countries, whichever that is. */
	isTollFree: boolean;
	callingCode: string | null;
}

/** What sort of number it is. @param e164 for example `+12025550123` */
export function readDestination(e164: string): Destination {
	if (e164.length <= DIGITS_MIN) return { kind: 'short', isTollFree: false, callingCode: null };
	const parsed = readNumber(e164);
	const callingCode = parsed?.countryCallingCode ?? null;
	const type = parsed?.getType();
	const kind = KIND_BY_CALLING_CODE[callingCode ?? ''] ?? KIND_BY_TYPE[type ?? ''] ?? null;
	return { kind, isTollFree: type === 'TOLL_FREE', callingCode };
}

/** Whether a number lies in one of the countries. */
export function isInCountries(
	{ isTollFree, callingCode }: Destination,
	country: string,
	countries: readonly string[]
): boolean {
	if (countries.includes(country)) return true;
	// North America's free numbers belong to none of its countries.
	return (
		isTollFree &&
		country === 'ZZ' &&
		countries.some((one) => isSupportedCountry(one) && getCountryCallingCode(one) === callingCode)
	);
}
