import { z } from 'zod';
import { DISPOSITION_KINDS, DISPOSITIONS_MAX } from '../domain/outcomes/dispositions';
import { id, isStorable, text } from './parts';

export const NOTE_LENGTH_MAX = 4_000;

const noteText = z
	.string(`text must be a text of at most ${NOTE_LENGTH_MAX.toLocaleString('en')} characters.`)
	.refine(isStorable, 'text must not contain the character U+0000.')
	.trim()
	.max(
		NOTE_LENGTH_MAX,
		`text must be a text of at most ${NOTE_LENGTH_MAX.toLocaleString('en')} characters.`
	);
const noteId = z.uuidv7('noteId must be a UUID of version 7.');

/** A time on the lead's wall; what it must be is said by `readCallBackTime`. */
const when = z.object({
	at: z.string('at must be a day and a time, like 2026-11-26T14:30.').max(40),
	timezone: z.string('timezone must be an IANA zone.').max(100)
});

export const RecordOutcomeInput = z.object({
	callId: id('callId'),
	dispositionId: id('dispositionId'),
	/** Saved with it; an empty text is no note. */
	note: z.object({ noteId, text: noteText }).optional(),
	/** Left out, what was promised in this call before is taken back. */
	callBack: when.optional()
});
export type RecordOutcomeInput = z.infer<typeof RecordOutcomeInput>;

export const SaveNoteInput = z
	.object({
		/** Made by who writes; the same again changes the note. */
		noteId,
		callId: id('callId').optional(),
		contactId: id('contactId').optional(),
		/** Empty: the note is deleted. */
		text: noteText
	})
	.refine(({ callId, contactId }) => (callId === undefined) !== (contactId === undefined), {
		path: ['callId'],
		message: 'callId or contactId must be given, and not both.'
	});
export type SaveNoteInput = z.infer<typeof SaveNoteInput>;

export const ListCallBacksInput = z.object({
	/** Those of the whole organisation instead of one's own. */
	ofEveryone: z.boolean('ofEveryone must be true or false.').optional()
});
export type ListCallBacksInput = z.infer<typeof ListCallBacksInput>;

export const ChangeCallBackInput = z.object({
	taskId: id('taskId'),
	state: z.enum(['open', 'done', 'cancelled'], 'state must be open, done or cancelled.').optional(),
	when: when.optional()
});
export type ChangeCallBackInput = z.infer<typeof ChangeCallBackInput>;

export const SetDispositionsInput = z.object({
	/** All that are offered, in the order of their keys. One without an id is new. */
	dispositions: z
		.array(
			z.object({
				id: id('id').optional(),
				kind: z.enum(DISPOSITION_KINDS, 'kind is not one of ours.'),
				label: text('label', 1, 40)
			})
		)
		.min(1, 'dispositions must be 1 to 9.')
		.max(DISPOSITIONS_MAX, 'dispositions must be 1 to 9.')
});
export type SetDispositionsInput = z.infer<typeof SetDispositionsInput>;

export const AboutCallInput = z.object({ callId: id('callId') });
export type AboutCallInput = z.infer<typeof AboutCallInput>;

export const AboutContactInput = z.object({ contactId: id('contactId') });
export type AboutContactInput = z.infer<typeof AboutContactInput>;
