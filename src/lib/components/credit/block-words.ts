import Ban from '@lucide/svelte/icons/ban';
import CircleSlash from '@lucide/svelte/icons/circle-slash';
import Gauge from '@lucide/svelte/icons/gauge';
import Hourglass from '@lucide/svelte/icons/hourglass';
import Phone from '@lucide/svelte/icons/phone';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import Wallet from '@lucide/svelte/icons/wallet';
import type { BlockCode } from '$lib/domain/credit/blocks';
import { formatCount, formatMinutes, formatMoney } from '../format/numbers';

/** Each refusal as a pill. */
export const BLOCK_LOOKS = {
	minutes_exhausted: { words: 'Minutes exhausted', icon: Hourglass, tone: 'stop' },
	insufficient_balance: { words: 'Balance too low', icon: Wallet, tone: 'stop' },
	budget_exhausted: { words: 'Budget used up', icon: Gauge, tone: 'attention' },
	overdraft_unconfirmed: { words: 'Credit used up', icon: Hourglass, tone: 'attention' },
	organization_inactive: { words: 'Organization inactive', icon: CircleSlash, tone: 'stop' },
	already_calling: { words: 'Call in progress', icon: Phone, tone: 'live' },
	number_not_allowed: { words: 'Number never called', icon: Ban, tone: 'stop' },
	country_not_allowed: { words: 'Country not allowed', icon: Ban, tone: 'stop' },
	price_too_high: { words: 'Too expensive', icon: Ban, tone: 'stop' },
	calling_too_fast: { words: 'Too many calls at once', icon: Gauge, tone: 'attention' },
	calling_paused: { words: 'Calling paused', icon: ShieldAlert, tone: 'stop' }
} as const satisfies Record<BlockCode, object>;

const dollars = (amount: number) => formatMoney(amount.toFixed(6));

const NUMBER_WORDS: Record<string, { words: string; format: (amount: number) => string }> = {
	spendableDollars: { words: 'In the wallet', format: dollars },
	perMinuteDollars: { words: 'A minute to this number', format: dollars },
	budgetMinutes: { words: 'Budget', format: formatMinutes },
	usedMinutes: { words: 'Used', format: formatCount },
	remainingMinutes: { words: 'Minutes left', format: formatCount },
	heldMinutes: { words: 'Held by calls in progress', format: formatCount },
	debtMinutes: { words: 'Minutes owed', format: formatCount },
	overdraftMinutes: { words: 'Overdraft minutes left', format: formatCount }
};

/** The numbers of a refusal that say something, in words. */
export function blockNumbers(block: {
	code: BlockCode;
	numbers: Record<string, number>;
}): { words: string; text: string }[] {
	// Where money or a budget is the matter, minutes that are not there say nothing.
	const isOfMinutes = block.code !== 'insufficient_balance' && block.code !== 'budget_exhausted';
	return Object.entries(NUMBER_WORDS).flatMap(([name, { words, format }]) => {
		const amount = block.numbers[name];
		const isNothing = !isOfMinutes && amount === 0 && name.endsWith('Minutes');
		if (amount === undefined || isNothing) return [];
		return [{ words, text: format(amount) }];
	});
}
