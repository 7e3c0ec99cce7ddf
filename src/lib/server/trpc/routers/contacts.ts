import {
	ContactIdInput,
	ContactListInput,
	ContactTimelineInput,
	CreateContactInput,
	DoNotCallInput,
	EraseContactInput,
	ImportIdInput,
	ListContactsInput,
	LookupContactInput,
	MergeContactsInput,
	MergeIdInput,
	PreviewImportInput,
	StartImportInput,
	StartUploadInput,
	UpdateContactInput
} from '$lib/inputs';
import { discardImport } from '../../contact-imports/discard-import';
import { finishUpload } from '../../contact-imports/finish-upload';
import { getImport } from '../../contact-imports/get-import';
import { listImports } from '../../contact-imports/list-imports';
import { previewImport } from '../../contact-imports/preview-import';
import { startImport } from '../../contact-imports/start-import';
import { startUpload } from '../../contact-imports/start-upload';
import { undoImport } from '../../contact-imports/undo-import';
import { archiveContact } from '../../contacts/archive-contact';
import { createContact } from '../../contacts/create-contact';
import { eraseContact } from '../../contacts/erase-contact';
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

const importsRouter = router({
	list: allowed('contacts.import').query(({ ctx }) => listImports({ ctx })),
	get: allowed('contacts.import')
		.input(ImportIdInput)
		.query(({ ctx, input }) => getImport({ ctx, input })),
	startUpload: allowed('contacts.import')
		.input(StartUploadInput)
		.mutation(({ ctx, input }) => startUpload({ ctx, input })),
	finishUpload: allowed('contacts.import')
		.input(ImportIdInput)
		.mutation(({ ctx, input }) => finishUpload({ ctx, input })),
	preview: allowed('contacts.import')
		.input(PreviewImportInput)
		.mutation(({ ctx, input }) => previewImport({ ctx, input })),
	start: allowed('contacts.import')
		.input(StartImportInput)
		.mutation(({ ctx, input }) => startImport({ ctx, input })),
	undo: allowed('contacts.import')
		.input(ImportIdInput)
		.mutation(({ ctx, input }) => undoImport({ ctx, input })),
	discard: allowed('contacts.import')
		.input(ImportIdInput)
		.mutation(({ ctx, input }) => discardImport({ ctx, input }))
});

export const contactsRouter = router({
	imports: importsRouter,
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
	erase: allowed('contacts.erase')
		.input(EraseContactInput)
		.mutation(({ ctx, input }) => eraseContact({ ctx, input })),
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
