import type { CallView, RecordingView } from './index';

/** A contact as a list shows it. */
export interface ContactRowView {
	id: string;
	name: string;
	/** E.164. */
	phone: string;
	email: string | null;
	company: string | null;
	/** IANA zone, when known. */
	timezone: string | null;
	doNotCall: boolean;
	lastCalledAt: string | null;
	createdAt: string;
	archivedAt: string | null;
}

export interface ContactView extends ContactRowView {
	address: string | null;
	city: string | null;
	region: string | null;
	postalCode: string | null;
	/** ISO country of the address. */
	country: string | null;
	about: string | null;
	externalId: string | null;
	doNotCallReason: string | null;
	doNotCallAt: string | null;
	updatedAt: string | null;
	/** The contact that took its place. */
	mergedInto: string | null;
	/** When what was known of the person was erased. */
	erasedAt: string | null;
}

export interface ContactsPageView {
	rows: ContactRowView[];
	nextCursor: string | null;
	/** More contacts match than were looked at: a longer search finds the others. */
	isPartial: boolean;
}

/** A contact that was merged into the one shown; its number finds that one. */
export interface MergedContactView {
	mergeId: string;
	contactId: string;
	name: string;
	phone: string;
	mergedAt: string;
}

export interface ContactDetailView {
	contact: ContactView;
	/** The newest first. */
	merged: MergedContactView[];
	lists: { id: string; name: string; isOn: boolean }[];
	importedFrom: { importId: string; fileName: string } | null;
}

/** Something that happened with a contact. */
export type ContactEventView =
	| {
			kind: 'call';
			id: string;
			at: string;
			call: CallView;
			/** What the agent said became of it. */
			outcome: string | null;
			recordings: RecordingView[];
	  }
	| {
			kind: 'note';
			id: string;
			at: string;
			userName: string;
			text: string;
			/** The call it was written in. */
			callId: string | null;
	  }
	| {
			kind: 'change';
			id: string;
			at: string;
			/** What was done, such as `contact.updated`. */
			action: string;
			userName: string | null;
			changes: { field: string; before: string | null; after: string | null }[];
	  };

export interface ContactTimelineView {
	events: ContactEventView[];
	nextCursor: string | null;
}

/** What may be undone, and for how long it is worth offering. */
export interface MergeView {
	mergeId: string;
	keptId: string;
	mergedName: string;
}
