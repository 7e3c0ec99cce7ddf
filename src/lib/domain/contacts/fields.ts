/** The most characters each text of a contact may have. */
export const CONTACT_TEXT_MAX = {
	name: 200,
	email: 254,
	company: 200,
	address: 300,
	city: 120,
	region: 120,
	postalCode: 20,
	about: 5_000,
	externalId: 120,
	doNotCallReason: 200
} as const;

/** What a person may write into a contact, in the order in which it is shown. */
export const CONTACT_FIELDS = [
	'name',
	'phone',
	'email',
	'company',
	'timezone',
	'address',
	'city',
	'region',
	'postalCode',
	'country',
	'about',
	'externalId'
] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

/** A contact as far as a person writes it. `phone` is E.164; null: not known. */
export type ContactValues = {
	[Field in ContactField]: Field extends 'name' | 'phone' ? string : string | null;
};

export const CONTACT_FIELD_WORDS: Record<ContactField, string> = {
	name: 'Name',
	phone: 'Phone',
	email: 'E-mail',
	company: 'Company',
	timezone: 'Time zone',
	address: 'Address',
	city: 'City',
	region: 'Region',
	postalCode: 'Postal code',
	country: 'Country',
	about: 'About',
	externalId: 'External ID'
};

/**
 * What is wrong with an e-mail address, roughly: only a mail that arrives proves one.
 * @returns whether it has one `@` between something and a host name
 */
export function isEmail(text: string): boolean {
	return (
		text.length <= CONTACT_TEXT_MAX.email && /^[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)+$/.test(text)
	);
}

/** The values of `next` that differ from those of `current`. */
export function changedValues(
	current: ContactValues,
	next: Partial<ContactValues>
): Partial<ContactValues> {
	return Object.fromEntries(
		Object.entries(next).filter(([field, value]) => current[field as ContactField] !== value) // keys of ContactValues
	);
}
