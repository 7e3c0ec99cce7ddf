import { CALL_STATUSES } from '$lib/domain/call/status';
import type { CallStatus } from '$lib/domain/call/status';
import type { CallEventView } from '$lib/views';
import { statusWord } from '../format/calls';

export interface TimelineStep {
	id: number;
	status: CallStatus | null;
	word: string;
	/** Where it came from and what it did, in words. */
	note: string;
	occurredAt: string;
	/** Seconds since the step before; null for the first. */
	gapSeconds: number | null;
	isQuiet: boolean;
}

const SOURCES: Record<CallEventView['source'], string> = {
	placed: 'Placed from Talktime',
	provider: 'Told by the phone provider',
	sweep: 'Asked of the phone provider'
};

/**
 * The events of a call in the order they happened, with the gaps between them. Providers tell whole
 * seconds only, so what they say of the first second may seem to come before the placing: it never does.
 */
export function timelineSteps(events: CallEventView[]): TimelineStep[] {
	const ordered = [...events].sort(
		(first, second) =>
			Number(second.source === 'placed') - Number(first.source === 'placed') ||
			Date.parse(first.occurredAt) - Date.parse(second.occurredAt) ||
			first.id - second.id
	);
	return ordered.map((event, index) => {
		const before = ordered[index - 1];
		const status = CALL_STATUSES.find((known) => known === event.status) ?? null;
		return {
			id: event.id,
			status,
			word: status ? statusWord(status) : event.rawStatus,
			note:
				event.effect === 'none'
					? `${SOURCES[event.source]}, changed nothing`
					: SOURCES[event.source],
			occurredAt: event.occurredAt,
			gapSeconds: before ? secondsBetween(before.occurredAt, event.occurredAt) : null,
			isQuiet: event.effect === 'none'
		};
	});
}

function secondsBetween(from: string, to: string): number {
	return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
}
