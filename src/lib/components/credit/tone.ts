import type { CreditsView, MinutesView } from '$lib/views';

export type CreditTone = 'enough' | 'low' | 'none';

/** Minutes below which credit is worth a warning: a handful of calls. */
export const LOW_MINUTES = 10;

/** Minutes an organization can talk now: allocated ones, and those its wallet pays for. */
export function callableMinutes(
	minutes: Pick<MinutesView, 'remainingMinutes'>,
	credits: Pick<CreditsView, 'billingMode' | 'estimatedMinutes'> | null
): number {
	if (!credits) return minutes.remainingMinutes;
	const allocated = credits.billingMode === 'wallet' ? 0 : minutes.remainingMinutes;
	const bought = credits.billingMode === 'minutes' ? 0 : credits.estimatedMinutes;
	return allocated + bought;
}

export function creditTone(
	minutes: Pick<MinutesView, 'remainingMinutes'>,
	credits: Pick<CreditsView, 'billingMode' | 'estimatedMinutes'> | null
): CreditTone {
	const callable = callableMinutes(minutes, credits);
	if (callable <= 0) return 'none';
	return callable < LOW_MINUTES ? 'low' : 'enough';
}

/** Whether the wallet is worth a look: calls may be paid from it, or something is in it or owed. */
export function hasWallet(credits: CreditsView): boolean {
	return (
		credits.billingMode !== 'minutes' ||
		[credits.balance, credits.heldAmount, credits.debtAmount].some(isMoney)
	);
}

/** Whether a decimal string is more or less than nothing. */
export function isMoney(dollars: string): boolean {
	return Number(dollars) !== 0;
}
