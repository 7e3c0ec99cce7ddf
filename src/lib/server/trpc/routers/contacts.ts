import {
	ContactIdInput,
	ContactListInput,
	ContactTimelineInput,
	CreateContactInput,
	DoNotCallInput,
	ListContactsInput,
	LookupContactInput,
	MergeContactsInput,
	MergeIdInput,
	UpdateContactInput
} from '$lib/inputs';
import { archiveContact } from '../../contacts/archive-contact';
import { createContact } from '../../contacts/create-contact';
import { getContact } from '../../contacts/get-contact';
import { getTimeline } from '../../contacts/get-timeline';
import { listContacts } from '../../contacts/list-contacts';
import { lookupContact } from '../../contacts/lookup-contact';
import { mergeContacts } from '../../contacts/merge-contacts';
import { restoreContact } from '../../contacts/restore-contact';
import { setContactList } from '../../contacts/set-contact-list';
import { setDoNotCall } from '../../contacts/set-do-not-call';
import { undoMerge } from '../../contacts/undo-merge';
import { updateContact } from '../../contacts/update-contact';
import { allowed, router } from '../init';

export const contactsRouter = router({
	list: allowed('contacts.read')
		.input(ListContactsInput)
		.query(({ ctx, input }) => listContacts({ ctx, input })),
	get: allowed('contacts.read')
		.input(ContactIdInput)
		.query(({ ctx, input }) => getContact({ ctx, input })),
	timeline: allowed('contacts.read')
		.input(ContactTimelineInput)
		.query(({ ctx, input }) => getTimeline({ ctx, input })),
	lookup: allowed('contacts.lookup')
		.input(LookupContactInput)
		.query(({ ctx, input }) => lookupContact({ ctx, input })),
	create: allowed('contacts.write')
		.input(CreateContactInput)
		.mutation(({ ctx, input }) => createContact({ ctx, input })),
	update: allowed('contacts.write')
		.input(UpdateContactInput)
		.mutation(({ ctx, input }) => updateContact({ ctx, input })),
	setDoNotCall: allowed('contacts.write')
		.input(DoNotCallInput)
		.mutation(({ ctx, input }) => setDoNotCall({ ctx, input })),
	setList: allowed('contacts.write')
		.input(ContactListInput)
		.mutation(({ ctx, input }) => setContactList({ ctx, input })),
	archive: allowed('contacts.write')
		.input(ContactIdInput)
		.mutation(({ ctx, input }) => archiveContact({ ctx, input })),
	restore: allowed('contacts.write')
		.input(ContactIdInput)
		.mutation(({ ctx, input }) => restoreContact({ ctx, input })),
	merge: allowed('contacts.write')
		.input(MergeContactsInput)
		.mutation(({ ctx, input }) => mergeContacts({ ctx, input })),
	undoMerge: allowed('contacts.write')
		.input(MergeIdInput)
		.mutation(({ ctx, input }) => undoMerge({ ctx, input }))
});
