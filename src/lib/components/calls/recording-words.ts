import type { RecordingView } from '$lib/views';

/** What is said in place of a recording that cannot be heard. */
export const RECORDING_WORDS: Record<RecordingView['state'], string> = {
	pending: 'The recording is being fetched. It will be here in a moment.',
	stored: '',
	absent: 'There was nothing to record in this call.',
	failed: 'The recording could not be fetched from the phone provider.',
	deleted: 'The recording was deleted.'
};
