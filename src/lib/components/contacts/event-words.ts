import { CONTACT_FIELD_WORDS } from '$lib/domain/contacts/fields';

const WORDS: Record<string, string> = {
	'contact.created': 'Added',
	'contact.updated': 'Changed',
	'contact.do_not_call': 'Do not call changed',
	'contact.listed': 'Put on a lead list',
	'contact.unlisted': 'Taken off a lead list',
	'contact.erased': 'Personal data erased',
	'contact.archived': 'Archived',
	'contact.restored': 'Restored',
	'contact.merged': 'Merged',
	'contact.parted': 'Merge undone'
};

export function actionWords(action: string): string {
	return WORDS[action] ?? action;
}

const MORE_FIELDS: Record<string, string> = {
	...CONTACT_FIELD_WORDS,
	doNotCall: 'Do not call',
	doNotCallReason: 'Reason',
	list: 'Lead list',
	lists: 'Lead lists left',
	merged: 'Other contact',
	parted: 'Other contact'
};

export function fieldWords(field: string): string {
	return MORE_FIELDS[field] ?? field;
}

/** A value as the timeline says it. */
export function valueWords(value: string | null): string {
	if (value === null || value === '') return 'nothing';
	return value === 'true' ? 'yes' : value === 'false' ? 'no' : value;
}
