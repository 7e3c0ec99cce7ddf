import type { ContactImportView, ImportRowView } from '$lib/views';
import type { Tone } from '../ui/Pill.svelte';
import { formatCount, plural } from '../format/numbers';

export const STATE_WORDS: Record<ContactImportView['state'], { word: string; tone: Tone }> = {
	uploading: { word: 'Uploading', tone: 'neutral' },
	ready: { word: 'Waiting for you', tone: 'attention' },
	running: { word: 'Importing', tone: 'live' },
	done: { word: 'Imported', tone: 'good' },
	undoing: { word: 'Undoing', tone: 'live' },
	undone: { word: 'Undone', tone: 'neutral' },
	failed: { word: 'Failed', tone: 'stop' }
};

export const OUTCOME_WORDS: Record<ImportRowView['outcome'], { word: string; tone: Tone }> = {
	created: { word: 'New', tone: 'good' },
	updated: { word: 'Update', tone: 'live' },
	skipped: { word: 'Skip', tone: 'neutral' },
	refused: { word: 'Refuse', tone: 'stop' }
};

/** What an import did, in one line. */
export function resultWords(found: ContactImportView): string {
	if (found.state === 'undone') {
		const kept = found.keptRows > 0 ? `, ${formatCount(found.keptRows)} kept` : '';
		return `${plural(found.undoneRows, 'contact')} taken out again${kept}`;
	}
	return [
		`${formatCount(found.createdRows)} new`,
		found.updatedRows > 0 && `${formatCount(found.updatedRows)} updated`,
		found.skippedRows > 0 && `${formatCount(found.skippedRows)} skipped`,
		found.refusedRows > 0 && `${formatCount(found.refusedRows)} refused`
	]
		.filter(Boolean)
		.join(', ');
}
