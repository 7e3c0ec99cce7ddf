/** One US dollar in micro-dollars, the unit of all money in Talktime. */
export const MICROS_PER_DOLLAR = 1_000_000n;

const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/;

/**
 * Reads a decimal string such as `"42.10"` or `"-0.03000"`.
 * @returns whole micro-dollars
 * @throws RangeError when the text is no decimal number with at most 12 whole and 6 decimal digits
 */
export function parseMicros(text: string): bigint {
	const match = DECIMAL.exec(text.trim());
	if (!match) throw new RangeError(`"${text}" is not an amount of money`);
	const [, sign, whole = '0', decimals = ''] = match;
	const amountMicros = BigInt(whole) * MICROS_PER_DOLLAR + BigInt(decimals.padEnd(6, '0'));
	return sign === '-' ? -amountMicros : amountMicros;
}

/**
 * Writes micro-dollars as a decimal string, without a currency sign. Digits beyond `decimals` are
 * rounded half away from zero, so the six-decimal form is exact.
 * @param decimals digits after the point, 0 to 6
 */
export function formatMicros(amountMicros: bigint, decimals = 2): string {
	const step = 10n ** BigInt(6 - decimals);
	const magnitude = amountMicros < 0n ? -amountMicros : amountMicros;
	const rounded = (magnitude + step / 2n) / step;
	const scale = 10n ** BigInt(decimals);
	const whole = rounded / scale;
	const fraction = decimals > 0 ? `.${(rounded % scale).toString().padStart(decimals, '0')}` : '';
	const sign = amountMicros < 0n && rounded > 0n ? '-' : '';
	return `${sign}${whole}${fraction}`;
}
