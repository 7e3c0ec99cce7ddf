import type { BillingMode } from '$lib/domain/credit/types';
import type { DeactivationPolicy } from '$lib/domain/lane/commands';

export const MODE_WORDS: Record<BillingMode, string> = {
	minutes: 'Minutes only',
	wallet: 'The wallet only',
	minutes_then_wallet: 'Minutes, then the wallet'
};

export const MODES = (['minutes_then_wallet', 'minutes', 'wallet'] as const).map((value) => ({
	value,
	label: MODE_WORDS[value]
}));

export const POLICIES: { value: DeactivationPolicy; label: string }[] = [
	{ value: 'block_new', label: 'Live calls go on' },
	{ value: 'drain', label: 'Live calls end with what is held' },
	{ value: 'cut_now', label: 'Live calls end now' }
];

/** Time zones as the browser knows them, with those in hand in any case. */
export function timeZones(current: string): { value: string; label: string }[] {
	const known = Intl.supportedValuesOf('timeZone');
	return [...new Set([current, 'UTC', ...known])]
		.sort()
		.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}
