/** What an agent says became of a call. Labels are each organisation's own; the kind says what follows. */

export const DISPOSITION_KINDS = [
	'interested',
	/** A time is agreed: it becomes a task. */
	'call_back',
	'not_interested',
	'wrong_number',
	'voicemail',
	/** The number is not called again. */
	'do_not_call',
	'other'
] as const;

export type DispositionKind = (typeof DISPOSITION_KINDS)[number];

/** What a new organisation begins with, in the order of the keys 1 to 6. */
export const DEFAULT_DISPOSITIONS: readonly { kind: DispositionKind; label: string }[] = [
	{ kind: 'interested', label: 'Interested' },
	{ kind: 'call_back', label: 'Call back' },
	{ kind: 'not_interested', label: 'Not interested' },
	{ kind: 'wrong_number', label: 'Wrong number' },
	{ kind: 'voicemail', label: 'Voicemail' },
	{ kind: 'do_not_call', label: 'Do not call' }
];

/** As many as have a key of their own. */
export const DISPOSITIONS_MAX = 9;

/** Kinds after which nobody calls the lead again by going through a list. */
const CLOSING: readonly DispositionKind[] = ['not_interested', 'wrong_number', 'do_not_call'];

/** Whether a lead whose last call ended like this is done with. */
export function isClosing(kind: DispositionKind): boolean {
	return CLOSING.includes(kind);
}
