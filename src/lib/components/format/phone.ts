import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

const formatted = new Map<string, string>();
const REMEMBERED_MAX = 2_000;

/** A number as people read it: `+91 98765 43210`. What is no number stays as it is. */
export function formatPhone(e164: string): string {
	const known = formatted.get(e164);
	if (known) return known;
	const text = parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
	if (formatted.size >= REMEMBERED_MAX) formatted.clear();
	formatted.set(e164, text);
	return text;
}

/** A sentence with its numbers as people read them: `Call to +91 98765 43210`. */
export function formatPhonesIn(text: string): string {
	return text.replace(/\+\d{7,15}/g, formatPhone);
}
