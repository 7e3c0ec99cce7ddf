import type { Rate } from './types';

/** Ten cents a started minute, where no prefix says otherwise (DESIGN.md section 3, Charge). */
export const DEFAULT_RATE: Rate = {
	prefix: '',
	perMinuteMicros: 100_000n,
	initialSeconds: 60,
	incrementSeconds: 60
};

/**
 * Seconds that are charged for a talk: at least the initial ones, then whole increments.
 * @param talkSeconds whole seconds; none are charged for none
 */
export function chargedSeconds(rate: Rate, talkSeconds: number): number {
	if (talkSeconds <= 0) return 0;
	const beyond = Math.max(0, talkSeconds - rate.initialSeconds);
	return rate.initialSeconds + Math.ceil(beyond / rate.incrementSeconds) * rate.incrementSeconds;
}

/**
 * Price of a talk in micro-dollars. Multiplied first, divided last, rounded up to a whole micro-dollar,
 * so the price of a longer talk is never lower.
 */
export function priceMicros(rate: Rate, talkSeconds: number): bigint {
	const seconds = BigInt(chargedSeconds(rate, talkSeconds));
	return (rate.perMinuteMicros * seconds + 59n) / 60n;
}

/**
 * Whole minutes an amount pays for.
 * @param limit the most that is asked for
 */
export function minutesFor(rate: Rate, amountMicros: bigint, limit: number): number {
	if (amountMicros < 0n) return 0;
	if (rate.perMinuteMicros === 0n) return limit;
	const estimate = Number(amountMicros / rate.perMinuteMicros);
	let minutes = Math.min(limit, estimate);
	while (minutes > 0 && priceMicros(rate, minutes * 60) > amountMicros) minutes--;
	return minutes;
}

/**
 * Chooses the rate with the longest prefix of the number.
 * @param e164 the number called, with its plus
 */
export function findRate(rates: Iterable<Rate>, e164: string): Rate {
	const digits = e164.replace(/^\+/, '');
	let best = DEFAULT_RATE;
	for (const rate of rates) {
		if (digits.startsWith(rate.prefix) && rate.prefix.length >= best.prefix.length) best = rate;
	}
	return best;
}

/** Under this a wallet is LOW. */
export const LOW_BALANCE_MICROS = 10_000_000n;

/** A wallet as a word: LOW under $10, GOOD from $50. */
export function walletStatus(balanceMicros: bigint): 'LOW' | 'OK' | 'GOOD' {
	if (balanceMicros < LOW_BALANCE_MICROS) return 'LOW';
	return balanceMicros >= 50_000_000n ? 'GOOD' : 'OK';
}
