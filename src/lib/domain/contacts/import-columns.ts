import { CONTACT_FIELD_WORDS, CONTACT_FIELDS, type ContactField } from './fields';
import { readPhoneCell } from '../csv/read-phone';

/** What a column of a file can hold. */
export const IMPORT_FIELDS = [
	...CONTACT_FIELDS,
	'firstName',
	'lastName',
	'doNotCall',
	'doNotCallReason'
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

export const IMPORT_FIELD_WORDS: Record<ImportField, string> = {
	...CONTACT_FIELD_WORDS,
	firstName: 'First name',
	lastName: 'Last name',
	doNotCall: 'Do not call',
	doNotCallReason: 'Do not call reason'
};

/** What an export writes, in this order; its heads are the words above, which an import knows. */
export const EXPORT_FIELDS = [
	...CONTACT_FIELDS,
	'doNotCall',
	'doNotCallReason'
] as const satisfies readonly (ContactField | ImportField)[];

/** What heads mean, as letters only; the longer ones are looked for first. */
const HEADS: Record<ImportField, string[]> = {
	name: [
		'name',
		'fullname',
		'contact',
		'contactname',
		'person',
		'customer',
		'customername',
		'lead',
		'leadname'
	],
	firstName: ['firstname', 'givenname', 'forename', 'vorname', 'first'],
	lastName: ['lastname', 'surname', 'familyname', 'nachname', 'last'],
	phone: [
		'phone',
		'phonenumber',
		'mobile',
		'mobilenumber',
		'mobilephone',
		'cell',
		'cellphone',
		'tel',
		'telephone',
		'telefon',
		'handy',
		'number',
		'contactnumber',
		'phoneno',
		'mobileno',
		'whatsapp',
		'phone1value'
	],
	email: ['email', 'emailaddress', 'mail', 'e', 'email1value'],
	company: [
		'company',
		'companyname',
		'organization',
		'organisation',
		'business',
		'account',
		'accountname',
		'firma',
		'employer'
	],
	timezone: ['timezone', 'tz', 'zone'],
	address: ['address', 'street', 'streetaddress', 'address1', 'addressline1', 'strasse'],
	city: ['city', 'town', 'ort', 'stadt'],
	region: ['region', 'state', 'province', 'county', 'stateprovince'],
	postalCode: ['postalcode', 'zip', 'zipcode', 'postcode', 'plz', 'pin', 'pincode'],
	country: ['country', 'countrycode', 'land'],
	about: ['about', 'note', 'notes', 'comment', 'comments', 'description', 'remarks'],
	externalId: ['externalid', 'id', 'contactid', 'customerid', 'crmid', 'recordid', 'reference'],
	doNotCall: ['donotcall', 'dnc', 'dnd', 'donotdisturb', 'optout', 'optedout'],
	doNotCallReason: ['donotcallreason', 'dncreason', 'optoutreason']
};

/**
 * Guesses what each column of a file holds, by its head and, for the number, by what stands in it.
 * @param rows the first lines, cell by cell
 * @param country ISO country of numbers without a country code
 * @returns whether the first line is a head, and a field or null for each column; no field twice
 */
export function guessColumns(
	rows: readonly (readonly string[])[],
	country: string
): { hasHeader: boolean; mapping: (ImportField | null)[] } {
	const [first = [], ...others] = rows;
	const width = Math.max(0, ...rows.map((row) => row.length));
	const isPhone = (cell: string | undefined) => readPhoneCell(cell ?? '', country).problem === null;
	const known = first.map(fieldOfHead);
	const hasHeader = known.some((field) => field !== null) && !first.some(isPhone);
	const mapping: (ImportField | null)[] = Array.from({ length: width }, (_, column) => {
		const field = hasHeader ? (known[column] ?? null) : null;
		return field !== null && known.indexOf(field) === column ? field : null;
	});
	if (!mapping.includes('phone')) {
		const samples = hasHeader ? others : rows;
		const hits = mapping.map((field, column) =>
			field === null ? samples.filter((row) => isPhone(row[column])).length : 0
		);
		const best = hits.indexOf(Math.max(...hits));
		if ((hits[best] ?? 0) * 2 > samples.length) mapping[best] = 'phone';
	}
	const isNameless = !mapping.some(
		(field) => field === 'name' || field === 'firstName' || field === 'lastName'
	);
	const free = mapping.indexOf(null);
	if (!hasHeader && isNameless && free >= 0) mapping[free] = 'name';
	return { hasHeader, mapping };
}

function fieldOfHead(head: string): ImportField | null {
	const letters = head
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z0-9]/g, '');
	return IMPORT_FIELDS.find((field) => HEADS[field].includes(letters)) ?? null;
}

/** What keeps a mapping from being used, in a sentence; null when nothing does. */
export function checkMapping(mapping: readonly (ImportField | null)[]): string | null {
	const fields = mapping.filter((field) => field !== null);
	if (!fields.includes('phone')) return 'Choose the column that holds the phone number.';
	const twice = fields.find((field, index) => fields.indexOf(field) !== index);
	return twice ? `${IMPORT_FIELD_WORDS[twice]} is chosen for two columns. Keep one of them.` : null;
}
