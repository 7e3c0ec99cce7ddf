import type { Provider } from '../call/event';

/** A number calls may be made from. */
export interface CallerId {
	/** Null: every organisation may call from it. */
	organizationId: number | null;
	provider: Provider;
	/** E.164. */
	number: string;
	country: string;
}

/**
 * The number a call shows. One's own goes before a shared one, and of those one of the lead's country
 * first. Of equals the lead's number chooses, so that the same lead is always called from the same one.
 * @param to the lead's number, E.164
 * @returns null when none fits: the provider's own from number is used
 */
export function chooseCallerId(
	pool: readonly CallerId[],
	call: { organizationId: number; provider: Provider; country: string; to: string }
): string | null {
	const own = pool.filter((one) => one.organizationId === call.organizationId);
	const shared = pool.filter((one) => one.organizationId === null);
	const atHome = (one: CallerId) => one.country === call.country;
	const groups = [own.filter(atHome), own, shared.filter(atHome), shared];
	for (const group of groups) {
		const numbers = group
			.filter((one) => one.provider === call.provider)
			.map((one) => one.number)
			.sort();
		const chosen = numbers[spread(call.to) % numbers.length];
		if (chosen !== undefined) return chosen;
	}
	return null;
}

/** A number from a text, evenly enough to share calls out. */
function spread(text: string): number {
	return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}
