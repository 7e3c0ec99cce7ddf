/** Who may do what with contacts. */
import { v7 as uuid } from 'uuid';
import { archiveContact } from '$lib/server/contacts/archive-contact';
import { createContact } from '$lib/server/contacts/create-contact';
import { getContact } from '$lib/server/contacts/get-contact';
import { getTimeline } from '$lib/server/contacts/get-timeline';
import { listContacts } from '$lib/server/contacts/list-contacts';
import { lookupContact } from '$lib/server/contacts/lookup-contact';
import { mergeContacts } from '$lib/server/contacts/merge-contacts';
import { restoreContact } from '$lib/server/contacts/restore-contact';
import { setContactList } from '$lib/server/contacts/set-contact-list';
import { setDoNotCall } from '$lib/server/contacts/set-do-not-call';
import { undoMerge } from '$lib/server/contacts/undo-merge';
import { updateContact } from '$lib/server/contacts/update-contact';
import { newNumber } from './house';
import { ABSENT, ANY_KNOWN, FORBIDDEN, NOT_YOURS, OK, same, type Rule } from './house-rule';

export const CONTACT_RULES: Rule[] = [
	{
		verb: 'listContacts',
		procedure: 'contacts.list',
		run: (ctx) => listContacts({ ctx, input: { search: 'Lead' } }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'getContact',
		procedure: 'contacts.get',
		run: (ctx, { contactId }) => getContact({ ctx, input: { contactId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'getTimeline',
		procedure: 'contacts.timeline',
		run: (ctx, { contactId }) => getTimeline({ ctx, input: { contactId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'lookupContact',
		procedure: 'contacts.lookup',
		run: (ctx, { organizationId }) =>
			lookupContact({ ctx, input: { organizationId, phone: '+12025550161' } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'createContact',
		procedure: 'contacts.create',
		run: (ctx) =>
			createContact({ ctx, input: { requestId: uuid(), name: 'Lead', phone: newNumber() } }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'updateContact',
		procedure: 'contacts.update',
		run: (ctx, { contactId }) => updateContact({ ctx, input: { contactId, company: 'Lotus' } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'setDoNotCall',
		procedure: 'contacts.setDoNotCall',
		run: (ctx, { contactId }) =>
			setDoNotCall({ ctx, input: { contactId, isOn: true, reason: 'Asked us' } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'setContactList',
		procedure: 'contacts.setList',
		run: (ctx, { contactId, listId }) =>
			setContactList({ ctx, input: { contactId, listId, isOn: true } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'archiveContact',
		procedure: 'contacts.archive',
		run: (ctx, { contactId }) => archiveContact({ ctx, input: { contactId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'restoreContact',
		procedure: 'contacts.restore',
		run: (ctx, { contactId }) => restoreContact({ ctx, input: { contactId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'mergeContacts with one of nobody',
		procedure: 'contacts.merge',
		run: (ctx, { contactId }) =>
			mergeContacts({ ctx, input: { requestId: uuid(), keepId: contactId, mergeId: uuid() } }),
		superAdmin: FORBIDDEN,
		member: same('not_found')
	},
	{
		verb: 'undoMerge of nobody',
		procedure: 'contacts.undoMerge',
		run: (ctx) => undoMerge({ ctx, input: { mergeId: uuid() } }),
		superAdmin: FORBIDDEN,
		member: same('not_found')
	}
];
