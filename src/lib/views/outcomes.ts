import type { DispositionKind } from '../domain/outcomes/dispositions';

/** Something an agent may say became of a call. */
export interface DispositionView {
	id: string;
	kind: DispositionKind;
	label: string;
	/** From 1: the key that chooses it. */
	position: number;
	isActive: boolean;
}

/** What became of a call. Of two of one call the one with the later `updatedAt` counts. */
export interface OutcomeView {
	organizationId: number;
	callId: string;
	contactId: string | null;
	dispositionId: string;
	kind: DispositionKind;
	label: string;
	userId: string;
	userName: string;
	updatedAt: string;
}

export interface NoteView {
	id: string;
	organizationId: number;
	callId: string | null;
	contactId: string | null;
	text: string;
	userId: string;
	userName: string;
	createdAt: string;
	updatedAt: string;
}

/** A call that was promised. Of two of one task the one with the later `updatedAt` counts. */
export interface CallBackView {
	id: string;
	organizationId: number;
	contactId: string | null;
	contactName: string | null;
	/** E.164. */
	to: string;
	/** Who promised it. */
	userId: string;
	userName: string;
	/** The call it was promised in. */
	callId: string | null;
	dueAt: string;
	/** IANA zone of the lead, in which the time was said. */
	timezone: string;
	note: string | null;
	state: 'open' | 'done' | 'cancelled';
	updatedAt: string;
}
