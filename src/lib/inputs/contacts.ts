import { z } from 'zod';
import { CONTACT_TEXT_MAX, isEmail } from '../domain/contacts/fields';
import { isTimeZone } from '../domain/time-zone';
import { id, isStorable, organizationId, text } from './parts';

/** An optional text: empty means that it is not known. */
const optional = (name: string, most: number) =>
	z
		.string(`${name} must be a text of at most ${most} characters.`)
		.refine(isStorable, `${name} must not contain the character U+0000.`)
		.trim()
		.max(most, `${name} must be a text of at most ${most} characters.`)
		.transform((value) => (value === '' ? null : value))
		.nullish();

const phone = z
	.string('Enter a phone number.')
	.trim()
	.min(1, 'Enter a phone number.')
	.max(40, 'Phone must be at most 40 characters.');

const values = {
	email: optional('E-mail', CONTACT_TEXT_MAX.email).refine(
		(value) => value === null || value === undefined || isEmail(value),
		'E-mail must be an address like priya@lotus.example.'
	),
	company: optional('Company', CONTACT_TEXT_MAX.company),
	timezone: optional('Time zone', 64).refine(
		(value) => value === null || value === undefined || isTimeZone(value),
		'Time zone must be one like Asia/Kolkata.'
	),
	address: optional('Address', CONTACT_TEXT_MAX.address),
	city: optional('City', CONTACT_TEXT_MAX.city),
	region: optional('Region', CONTACT_TEXT_MAX.region),
	postalCode: optional('Postal code', CONTACT_TEXT_MAX.postalCode),
	country: optional('Country', 2).refine(
		(value) => value === null || value === undefined || /^[A-Z]{2}$/.test(value),
		'Country must be two letters like IN.'
	),
	about: optional('About', CONTACT_TEXT_MAX.about),
	externalId: optional('External ID', CONTACT_TEXT_MAX.externalId)
};

export const CreateContactInput = z.object({
	requestId: id('requestId'),
	name: text('Name', 1, CONTACT_TEXT_MAX.name),
	phone,
	...values
});
export type CreateContactInput = z.infer<typeof CreateContactInput>;

/** Only what is named is changed. */
export const UpdateContactInput = z.object({
	contactId: id('contactId'),
	name: text('Name', 1, CONTACT_TEXT_MAX.name).optional(),
	phone: phone.optional(),
	...values
});
export type UpdateContactInput = z.infer<typeof UpdateContactInput>;

export const ContactIdInput = z.object({ contactId: id('contactId') });
export type ContactIdInput = z.infer<typeof ContactIdInput>;

export const EraseContactInput = z.object({
	contactId: id('contactId'),
	/** The contact's name, typed by the person who erases. */
	confirmation: z
		.string('confirmation must be the name of the contact.')
		.max(200, 'confirmation must be the name of the contact.')
});
export type EraseContactInput = z.infer<typeof EraseContactInput>;

export const DoNotCallInput = z
	.object({
		contactId: id('contactId'),
		isOn: z.boolean('isOn must be true or false.'),
		reason: optional('Reason', CONTACT_TEXT_MAX.doNotCallReason)
	})
	.refine(({ isOn, reason }) => !isOn || (reason?.length ?? 0) >= 3, {
		path: ['reason'],
		message: 'Say why in three letters or more.'
	});
export type DoNotCallInput = z.infer<typeof DoNotCallInput>;

export const ContactListInput = z.object({
	contactId: id('contactId'),
	listId: id('listId'),
	isOn: z.boolean('isOn must be true or false.')
});
export type ContactListInput = z.infer<typeof ContactListInput>;

export const CONTACT_SORTS = ['name', 'company', 'newest'] as const;
export type ContactSort = (typeof CONTACT_SORTS)[number];

export const ContactFilters = z.object({
	search: z
		.string()
		.refine(isStorable, 'search must not contain the character U+0000.')
		.trim()
		.max(100, 'search must be at most 100 characters.')
		.optional(),
	sort: z.enum(CONTACT_SORTS, 'sort must be name, company or newest.').default('name'),
	doNotCall: z.boolean('doNotCall must be true or false.').optional(),
	isCalled: z.boolean('isCalled must be true or false.').optional(),
	listId: id('listId').optional(),
	importId: id('importId').optional(),
	isArchived: z.boolean('isArchived must be true or false.').default(false)
});
export type ContactFilters = z.infer<typeof ContactFilters>;

export const ListContactsInput = ContactFilters.extend({
	cursor: z.string().max(1_000, 'cursor is not one of ours.').optional(),
	limit: z.number().int().min(1).max(100).default(50)
});
export type ListContactsInput = z.input<typeof ListContactsInput>;

export const ContactTimelineInput = ContactIdInput.extend({
	/** Of the oldest entry shown: a moment in UTC. */
	cursor: z.iso.datetime('cursor is not one of ours.').optional()
});
export type ContactTimelineInput = z.infer<typeof ContactTimelineInput>;

export const MergeContactsInput = z
	.object({
		requestId: id('requestId'),
		keepId: id('keepId'),
		mergeId: id('mergeId'),
		/** Fields whose value is the other's; empty ones are always filled from it. */
		take: z.array(z.string().max(40)).max(20).default([])
	})
	.refine(({ keepId, mergeId }) => keepId !== mergeId, {
		path: ['mergeId'],
		message: 'Choose another contact than the one itself.'
	});
export type MergeContactsInput = z.input<typeof MergeContactsInput>;

export const MergeIdInput = z.object({ mergeId: id('mergeId') });
export type MergeIdInput = z.infer<typeof MergeIdInput>;

export const LookupContactInput = z.object({
	organizationId: organizationId.optional(),
	phone: z
		.string('phone must be a phone number.')
		.trim()
		.min(1, 'phone must be a phone number.')
		.max(40, 'phone must be a phone number.')
});
export type LookupContactInput = z.infer<typeof LookupContactInput>;

export const LinkCallInput = LookupContactInput.extend({
	/** Ours or the provider's; without it the newest call to the number. */
	callId: text('call_id', 1, 200).optional()
});
export type LinkCallInput = z.infer<typeof LinkCallInput>;
