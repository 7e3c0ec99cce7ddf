import { DISPOSITION_KINDS, type DispositionKind } from '$lib/domain/outcomes/dispositions';

const WORDS: Record<DispositionKind, string> = {
	interested: 'Interested',
	call_back: 'Asks for a time, reminds',
	not_interested: 'Lead is done with',
	wrong_number: 'Wrong number, done with',
	voicemail: 'Machine reached',
	do_not_call: 'Never called again',
	other: 'Nothing more'
};

/** What follows from an outcome, to choose from. */
export const KIND_OPTIONS = DISPOSITION_KINDS.map((kind) => ({ value: kind, label: WORDS[kind] }));

export function kindWords(kind: DispositionKind): string {
	return WORDS[kind];
}
