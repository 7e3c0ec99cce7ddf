/** Calls and deliveries that do not go on as they should: what is known of each, and what happens next. */
export type StuckKind =
	'unknown_submit' | 'expired_hold' | 'silent' | 'unmatched' | 'failed_delivery';

export interface StuckFacts {
	/** How the provider names itself. */
	providerName: string;
	/** Why a delivery was not applied. */
	note: string | null;
	/** Whether the sweeper asks about its call again. */
	isAskedAgain: boolean;
}

/** What is known and what happens by itself, each as a sentence. */
export function stuckWords(kind: StuckKind, facts: StuckFacts): { known: string; next: string } {
	const { providerName, note, isAskedAgain } = facts;
	const asked = `${providerName} is asked about it again.`;
	switch (kind) {
		case 'unknown_submit':
			return {
				known: `${providerName} did not answer when the call was placed: it may be ringing.`,
				next: `It is looked for at ${providerName}, and neither dialled again nor billed before it is found.`
			};
		case 'expired_hold':
			return {
				known: 'It should have ended by itself; nobody said that it did, and its credit is held.',
				next: asked
			};
		case 'silent':
			return { known: `${providerName} has not confirmed that it is still there.`, next: asked };
		case 'unmatched':
			return {
				known: `${providerName} told of a call that is not known here.`,
				next: 'It is applied when a call is known under that id.'
			};
		case 'failed_delivery':
			return {
				known: `What ${providerName} told could not be applied${note ? `: ${note}` : '.'}`,
				next: isAskedAgain ? asked : 'It is kept; nothing more happens by itself.'
			};
	}
}

/** Why a live call is stuck; the graver reason first, null when it is not. */
export function stuckKindOf(
	call: { submitState: string; heardAtMs: number; expiresAtMs: number },
	nowMs: number,
	silentMs: number
): StuckKind | null {
	if (call.submitState === 'unknown') return 'unknown_submit';
	if (call.expiresAtMs < nowMs) return 'expired_hold';
	return call.heardAtMs < nowMs - silentMs ? 'silent' : null;
}
