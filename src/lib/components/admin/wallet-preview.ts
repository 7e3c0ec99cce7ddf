import { DEFAULT_RATE, minutesFor } from '$lib/domain/credit/rating';
import { formatMicros, parseMicros } from '$lib/domain/money';
import type { CreditsView } from '$lib/views';
import { formatMoney, plural } from '../format/numbers';

const MINUTES_MAX = 10_000_000;

/** One sentence: what the wallet will be after an adjustment. Open debt is paid by what comes in. */
export function walletPreview(name: string, credits: CreditsView, dollars: string | null): string {
	if (dollars === null) return 'Enter an amount to see what it makes.';
	const amount = parseMicros(dollars);
	const owed = parseMicros(credits.debtAmount);
	const paid = amount < 0n ? 0n : amount < owed ? amount : owed;
	const spendable = parseMicros(credits.spendable) + amount - paid;
	if (spendable < 0n) {
		const held =
			parseMicros(credits.heldAmount) > 0n
				? `; ${formatMoney(credits.heldAmount)} is held by live calls`
				: '';
		return `At most ${formatMoney(credits.spendable)} can be taken out${held}.`;
	}
	const balance = formatMoney(formatMicros(parseMicros(credits.balance) + amount - paid));
	const minutes = plural(minutesFor(DEFAULT_RATE, spendable, MINUTES_MAX), 'minute');
	const rate = formatMoney(formatMicros(DEFAULT_RATE.perMinuteMicros));
	const debt = paid > 0n ? `, after ${formatMoney(formatMicros(paid))} owed is paid` : '';
	return `${name} will have ${balance} in the wallet${debt}: about ${minutes} at ${rate} a minute.`;
}
