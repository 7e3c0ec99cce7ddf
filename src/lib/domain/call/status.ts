export const CALL_STATUSES = [
	'initiated',
	'ringing',
	'in_progress',
	'completed',
	'failed',
	'cancelled'
] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

const RANK: Record<CallStatus, number> = {
	initiated: 0,
	ringing: 1,
	in_progress: 2,
	completed: 3,
	failed: 3,
	cancelled: 3
};

/** Place of a status in the order a call lives through (DESIGN.md section 3). Terminals share one. */
export function statusRank(status: CallStatus): number {
	return RANK[status];
}

export function isTerminal(status: CallStatus): boolean {
	return RANK[status] === 3;
}

/** Folds case, `-`, `_` and spaces, so that `No-Answer` and `no_answer` are one word. */
export function foldStatusWord(word: string): string {
	return word.toLowerCase().replace(/[-_\s]/g, '');
}
