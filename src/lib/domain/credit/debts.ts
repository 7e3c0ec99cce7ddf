/**
 * Debts: talk that no credit was there for, in minutes or dollars, paid first by the next credit. Credit
 * pays what is owed in its own unit, and what is owed in the other at the price of the call that caused
 * it, where the organisation's mode lets it pay calls.
 */
import type { BillingMode, Credit, Debt } from './types';

/** Debts in the order in which new credit pays them; those of one moment by id, wherever they were read. */
export function oldestFirst(debts: Debt[]): Debt[] {
	return [...debts].sort(
		(first, second) => first.createdAtMs - second.createdAtMs || (first.id < second.id ? -1 : 1)
	);
}

/** Minutes that would pay all of a debt that minutes may pay in this mode. */
export function minutesOwed(debt: Debt, mode: BillingMode): number {
	return debt.remainingMinutes + (mode === 'wallet' ? 0 : dollarsInMinutes(debt));
}

/**
 * Pays a debt from granted minutes: the minutes that are owed, then the dollars, minute for minute of the
 * talk they are owed for.
 * @param minutes whole minutes there are
 * @returns the debt as it is then, and the minutes it took
 */
export function payWithMinutes(
	debt: Debt,
	minutes: number,
	mode: BillingMode
): { debt: Debt; minutes: number } {
	const own = Math.min(minutes, debt.remainingMinutes);
	const worth = mode === 'wallet' ? 0 : dollarsInMinutes(debt);
	const converted = Math.min(minutes - own, worth);
	// Rounded up, so that the minutes paid at last are never more than the talk had.
	const micros =
		converted === 0 ? 0n : ceiling(debt.remainingMicros * BigInt(converted), BigInt(worth));
	return {
		minutes: own + converted,
		debt: {
			...debt,
			remainingMinutes: debt.remainingMinutes - own,
			remainingMicros: debt.remainingMicros - micros,
			convertedMinutes: debt.convertedMinutes + converted,
			convertedMicros: debt.convertedMicros + micros
		}
	};
}

/**
 * Pays a debt from dollars: the dollars that are owed, then whole minutes at the call's rate.
 * @param micros micro-dollars there are
 * @returns the debt as it is then, and the micro-dollars it took
 */
export function payWithDollars(
	debt: Debt,
	micros: bigint,
	mode: BillingMode
): { debt: Debt; micros: bigint } {
	const own = micros < debt.remainingMicros ? micros : debt.remainingMicros;
	const price = mode === 'minutes' ? 0n : debt.perMinuteMicros;
	const affordable = price > 0n ? Number((micros - own) / price) : 0;
	const converted = Math.min(affordable, debt.remainingMinutes);
	const convertedMicros = BigInt(converted) * price;
	return {
		micros: own + convertedMicros,
		debt: {
			...debt,
			remainingMinutes: debt.remainingMinutes - converted,
			remainingMicros: debt.remainingMicros - own,
			convertedMinutes: debt.convertedMinutes - converted,
			convertedMicros: debt.convertedMicros - convertedMicros
		}
	};
}

/** What is owed in all once some debts were paid, or partly. */
export function owedAfter(
	credit: Pick<Credit, 'debtMinutes' | 'debtMicros'>,
	before: Debt[],
	after: Debt[]
): Pick<Credit, 'debtMinutes' | 'debtMicros'> {
	let { debtMinutes, debtMicros } = credit;
	for (const debt of after) {
		const was = before.find(({ id }) => id === debt.id);
		debtMinutes -= (was?.remainingMinutes ?? 0) - debt.remainingMinutes;
		debtMicros -= (was?.remainingMicros ?? 0n) - debt.remainingMicros;
	}
	return { debtMinutes, debtMicros };
}

/** Minutes of talk that the dollars still owed are owed for. */
function dollarsInMinutes({ amountMicros, remainingMicros, worthMinutes }: Debt): number {
	if (remainingMicros === 0n) return 0;
	return Number(ceiling(BigInt(worthMinutes) * remainingMicros, amountMicros));
}

function ceiling(dividend: bigint, divisor: bigint): bigint {
	return (dividend + divisor - 1n) / divisor;
}
