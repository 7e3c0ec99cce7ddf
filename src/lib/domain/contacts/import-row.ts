/** A row of a file becomes a contact, or a reason why not; and what becomes of one that is there already. */
import { unguardCell } from '../csv/cells';
import { readPhoneCell } from '../csv/read-phone';
import { isTimeZone } from '../time-zone';
import { CONTACT_FIELD_WORDS, CONTACT_FIELDS, CONTACT_TEXT_MAX, isEmail } from './fields';
import type { ContactField, ContactValues } from './fields';
import type { ImportField } from './import-columns';

export const DUPLICATE_RULES = ['skip', 'fill', 'overwrite'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

/** What a row says; null where it says nothing. */
export interface ImportDraft extends ContactValues {
	doNotCall: boolean;
	doNotCallReason: string | null;
	/** Its name is made of something else, so it says nothing about a name. */
	isNameMade: boolean;
}

export type RowReading =
	| { draft: ImportDraft; note: string | null; problem: null }
	| { draft: null; note: null; problem: string };

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'do not call', 'dnc', 'ja', 'si', 'oui']);
const NO = new Set(['no', 'n', 'false', '0', '', 'nein', 'non']);

/**
 * Reads a row.
 * @param cells as the file has them
 * @param mapping what each column holds
 * @param country ISO country of numbers without a country code
 */
export function readImportRow(
	cells: readonly string[],
	mapping: readonly (ImportField | null)[],
	country: string
): RowReading {
	const texts: Partial<Record<ImportField, string>> = {};
	mapping.forEach((field, column) => {
		if (field === null) return;
		const text = unguardCell(cells[column] ?? '').trim();
		if (text !== '') texts[field] = text;
	});
	const problems: string[] = [];
	const phone = readPhoneCell(texts.phone ?? '', countryOf(texts.country) ?? country);
	if (phone.problem !== null) problems.push(phone.problem);
	problems.push(...checkTexts(texts));
	const mark = texts.doNotCall?.toLowerCase() ?? '';
	if (!YES.has(mark) && !NO.has(mark)) {
		problems.push(`Do not call must be yes or no, not “${mark.slice(0, 40)}”.`);
	}
	if (problems.length > 0 || phone.e164 === null) {
		return { draft: null, note: null, problem: problems.join(' ') };
	}
	const written = nameOf(texts);
	const draft: ImportDraft = {
		name: written ?? texts.company ?? texts.email ?? phone.e164,
		isNameMade: written === null,
		phone: phone.e164,
		email: texts.email ?? null,
		company: texts.company ?? null,
		timezone: texts.timezone ?? null,
		address: texts.address ?? null,
		city: texts.city ?? null,
		region: texts.region ?? null,
		postalCode: texts.postalCode ?? null,
		country: countryOf(texts.country),
		about: texts.about ?? null,
		externalId: texts.externalId ?? null,
		doNotCall: YES.has(mark),
		doNotCallReason: YES.has(mark) ? (texts.doNotCallReason ?? null) : null
	};
	return { draft, note: phone.note, problem: null };
}

function nameOf(texts: Partial<Record<ImportField, string>>): string | null {
	if (texts.name) return texts.name;
	const both = [texts.firstName, texts.lastName].filter(Boolean).join(' ');
	return both === '' ? null : both;
}

function checkTexts(texts: Partial<Record<ImportField, string>>): string[] {
	const problems: string[] = [];
	for (const [field, text] of Object.entries(texts)) {
		if (text.includes('\0')) problems.push('It holds the character U+0000, which cannot be kept.');
		const most =
			field in CONTACT_TEXT_MAX ? CONTACT_TEXT_MAX[field as keyof typeof CONTACT_TEXT_MAX] : null; // just asked
		if (most !== null && text.length > most) {
			problems.push(`${wordOf(field)} has ${text.length} characters; at most ${most} can be kept.`);
		}
	}
	if ((nameOf(texts)?.length ?? 0) > CONTACT_TEXT_MAX.name && !texts.name) {
		problems.push(`Name has more than ${CONTACT_TEXT_MAX.name} characters.`);
	}
	if (texts.email && !isEmail(texts.email))
		problems.push(`“${texts.email.slice(0, 60)}” is no e-mail address.`);
	if (texts.timezone && !isTimeZone(texts.timezone)) {
		problems.push(`“${texts.timezone.slice(0, 40)}” is no time zone like Asia/Kolkata.`);
	}
	if (texts.country && countryOf(texts.country) === null) {
		problems.push(`Country must be two letters like IN, not “${texts.country.slice(0, 40)}”.`);
	}
	return problems;
}

function wordOf(field: string): string {
	return CONTACT_FIELD_WORDS[field as ContactField] ?? 'A text'; // any other key has no word
}

const COUNTRY_NAMES: Record<string, string> = {
	india: 'IN',
	usa: 'US',
	unitedstates: 'US',
	unitedstatesofamerica: 'US',
	uk: 'GB',
	unitedkingdom: 'GB',
	england: 'GB',
	germany: 'DE',
	deutschland: 'DE',
	france: 'FR',
	canada: 'CA',
	australia: 'AU'
};

function countryOf(text: string | undefined): string | null {
	if (text === undefined) return null;
	const letters = text.toLowerCase().replace(/[^a-z]/g, '');
	const named = COUNTRY_NAMES[letters];
	if (named) return named;
	return /^[a-z]{2}$/.test(letters) ? letters.toUpperCase() : null;
}

/** A contact as far as an import may change it. */
export type ImportTarget = ContactValues & { doNotCall: boolean; doNotCallReason: string | null };

/**
 * What a row changes in the contact that has its number. It may mark that the contact must not be called, but
 * never takes such a mark away, and it never empties a value.
 * @returns the values that change; nothing when all is so already, or the rule is to skip
 */
export function changesOf(
	current: ImportTarget,
	draft: ImportDraft,
	rule: DuplicateRule
): Partial<ImportTarget> {
	if (rule === 'skip') return {};
	const changed: Record<string, string | boolean | null> = {};
	for (const field of CONTACT_FIELDS) {
		const said = field === 'name' && draft.isNameMade ? null : draft[field];
		if (said === null || said === current[field]) continue;
		if (rule === 'overwrite' || current[field] === null) changed[field] = said;
	}
	if (draft.doNotCall && !current.doNotCall) {
		changed.doNotCall = true;
		changed.doNotCallReason = draft.doNotCallReason;
	}
	return changed;
}
