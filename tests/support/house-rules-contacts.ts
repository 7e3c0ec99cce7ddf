/** Who may do what with contacts. */
import { v7 as uuid } from 'uuid';
import { discardImport } from '$lib/server/contact-imports/discard-import';
import { finishUpload } from '$lib/server/contact-imports/finish-upload';
import { getImport } from '$lib/server/contact-imports/get-import';
import { listImports } from '$lib/server/contact-imports/list-imports';
import { listRefusedRows } from '$lib/server/contact-imports/list-refused-rows';
import { previewImport } from '$lib/server/contact-imports/preview-import';
import { startImport } from '$lib/server/contact-imports/start-import';
import { startUpload } from '$lib/server/contact-imports/start-upload';
import { storePiece } from '$lib/server/contact-imports/store-piece';
import { undoImport } from '$lib/server/contact-imports/undo-import';
import { archiveContact } from '$lib/server/contacts/archive-contact';
import { createContact } from '$lib/server/contacts/create-contact';
import { eraseContact, eraseContactByPhone } from '$lib/server/contacts/erase-contact';
import { exportContacts } from '$lib/server/contacts/export-contacts';
import { getContact } from '$lib/server/contacts/get-contact';
import { getTimeline } from '$lib/server/contacts/get-timeline';
import { linkCall } from '$lib/server/contacts/link-call';
import { listContacts } from '$lib/server/contacts/list-contacts';
import { listLeadLists } from '$lib/server/contacts/list-lead-lists';
import { lookupContact } from '$lib/server/contacts/lookup-contact';
import { mergeContacts } from '$lib/server/contacts/merge-contacts';
import { restoreContact } from '$lib/server/contacts/restore-contact';
import { setContactList } from '$lib/server/contacts/set-contact-list';
import { setDoNotCall } from '$lib/server/contacts/set-do-not-call';
import { undoMerge } from '$lib/server/contacts/undo-merge';
import { updateContact } from '$lib/server/contacts/update-contact';
import { newNumber } from './house';
import { ABSENT, ANY_KNOWN, FORBIDDEN, NOT_YOURS, OK, same, type Rule } from './house-rule';

const PLAN = { hasHeader: true, mapping: ['phone' as const], duplicates: 'skip' as const };

/** What a verb about an import that is nobody's answers: a manager's to know, an agent's to be refused. */
const nobodys = (verb: string, procedure: string | null, run: Rule['run']): Rule => ({
	verb: `${verb} of nobody`,
	...(procedure && { procedure: `contacts.imports.${procedure}` }),
	run,
	superAdmin: FORBIDDEN,
	member: same('not_found'),
	agent: FORBIDDEN
});

const IMPORT_RULES: Rule[] = [
	{
		verb: 'listImports',
		procedure: 'contacts.imports.list',
		run: (ctx) => listImports({ ctx }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'startUpload',
		procedure: 'contacts.imports.startUpload',
		run: (ctx) =>
			startUpload({ ctx, input: { requestId: uuid(), fileName: 'leads.csv', byteSize: 10 } }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	nobodys('getImport', 'get', (ctx) => getImport({ ctx, input: { importId: uuid() } })),
	nobodys('finishUpload', 'finishUpload', (ctx) =>
		finishUpload({ ctx, input: { importId: uuid() } })
	),
	nobodys('previewImport', 'preview', (ctx) =>
		previewImport({ ctx, input: { importId: uuid(), ...PLAN } })
	),
	nobodys('startImport', 'start', (ctx) =>
		startImport({ ctx, input: { importId: uuid(), ...PLAN } })
	),
	nobodys('undoImport', 'undo', (ctx) => undoImport({ ctx, input: { importId: uuid() } })),
	nobodys('discardImport', 'discard', (ctx) => discardImport({ ctx, input: { importId: uuid() } })),
	nobodys('storePiece', null, (ctx) =>
		storePiece({ ctx, input: { importId: uuid(), seq: 0, bytes: new Uint8Array(1) } })
	),
	nobodys('listRefusedRows', null, (ctx) => listRefusedRows({ ctx, input: { importId: uuid() } }))
];

export const CONTACT_RULES: Rule[] = [
	...IMPORT_RULES,
	{
		verb: 'exportContacts',
		run: async (ctx) => {
			const { lines } = await exportContacts({ ctx, input: { sort: 'name', isArchived: false } });
			let text = '';
			for await (const line of lines) text += line;
			return text;
		},
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'listLeadLists',
		run: (ctx) => listLeadLists({ ctx }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'linkCall',
		run: (ctx, { organizationId }) =>
			linkCall({ ctx, input: { organizationId, phone: '+12025550161' } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
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
		verb: 'eraseContact',
		procedure: 'contacts.erase',
		run: (ctx, { contactId }) => eraseContact({ ctx, input: { contactId, confirmation: 'Lead' } }),
		superAdmin: FORBIDDEN,
		member: ABSENT,
		agent: FORBIDDEN
	},
	{
		verb: 'eraseContactByPhone of nobody',
		run: (ctx, { organizationId }) =>
			eraseContactByPhone({ ctx, input: { organizationId, phone: '+12025550161' } }),
		superAdmin: FORBIDDEN,
		member: ['not_found', 'forbidden', 'forbidden'],
		agent: FORBIDDEN
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
