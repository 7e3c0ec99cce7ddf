/** From the figures of one organisation, or of the fleet, to what its alerts say. */
import type { TripReason } from '../fraud/guard';
import { formatMicros } from '../money';
import type { AlertKind } from './kinds';
import type { AlertReading } from './machine';

export interface CreditFigures {
	billingMode: 'minutes' | 'wallet' | 'minutes_then_wallet';
	/** Minutes spendable now. */
	remainingMinutes: number;
	/** Minutes that the allocations granted which are not used up or over yet, or the last one that was. */
	grantedMinutes: number;
	balanceMicros: bigint;
	/** Whether the wallet was ever used: an empty one that nobody filled alarms nobody. */
	isWalletUsed: boolean;
	/** The auto-refill threshold, or the line of LOW. */
	lowBalanceMicros: bigint;
	refillState: 'armed' | 'claimed' | 'charging' | 'backoff' | 'paused' | 'unknown' | null;
	/** Minutes billed in the last hour. */
	hourMinutes: number;
	/** Minutes billed on an average day of the two weeks before. */
	usualDayMinutes: number;
	/** Minutes that minutes and wallet pay for at the default rate. */
	affordableMinutes: number;
	/** Why the toll-fraud guard stopped new calls; null: it did not. */
	pauseReason: TripReason | null;
}

export interface Reading extends AlertReading {
	kind: AlertKind;
	/** Of that moment, for the sentence and for whoever looks later. */
	numbers: Record<string, number | string>;
}

/** Share of the grant left, per cent, at or under which a level begins: 20 %, 10 %, none. */
const LOW_MINUTES_PERCENT = [20, 10, 0];
const WELL_AGAIN_PERCENT = 25;
const EMPTY_SOON_MINUTES = 60;
const NOT_SOON_MINUTES = 90;
/** Under so much in an hour nothing is unusual. */
const UNUSUAL_MINUTES_MIN = 60;

/** Every reading that concerns an organisation; a kind that does not apply to it reads as well. */
export function readCreditAlerts(figures: CreditFigures): Reading[] {
	return [
		readLowMinutes(figures),
		readLowBalance(figures),
		readTimeToEmpty(figures),
		readRefill(figures),
		readVelocity(figures),
		readPause(figures)
	];
}

function readLowMinutes(figures: CreditFigures): Reading {
	const { billingMode, remainingMinutes, grantedMinutes } = figures;
	const numbers = { remainingMinutes, grantedMinutes };
	if (billingMode === 'wallet' || grantedMinutes === 0) return well('low_minutes', numbers);
	const isAtMost = (percent: number) => remainingMinutes * 100 <= grantedMinutes * percent;
	return {
		kind: 'low_minutes',
		level: LOW_MINUTES_PERCENT.filter(isAtMost).length,
		isWellAgain: !isAtMost(WELL_AGAIN_PERCENT),
		numbers
	};
}

function readLowBalance(figures: CreditFigures): Reading {
	const { billingMode, balanceMicros, isWalletUsed, lowBalanceMicros } = figures;
	const numbers = {
		balance: formatMicros(balanceMicros),
		lowBalance: formatMicros(lowBalanceMicros)
	};
	if (billingMode === 'minutes' || !isWalletUsed) return well('low_balance', numbers);
	const isLow = balanceMicros <= lowBalanceMicros;
	return {
		kind: 'low_balance',
		level: balanceMicros <= 0n ? 2 : isLow ? 1 : 0,
		// A tenth above the line, so that a call or two do not bring it back.
		isWellAgain: balanceMicros * 10n > lowBalanceMicros * 11n,
		numbers
	};
}

function readTimeToEmpty({ hourMinutes, affordableMinutes }: CreditFigures): Reading {
	const minutesLeft =
		hourMinutes > 0 ? Math.floor((affordableMinutes * 60) / hourMinutes) : Infinity;
	const numbers = {
		hourMinutes,
		affordableMinutes,
		...(Number.isFinite(minutesLeft) && { emptyInMinutes: minutesLeft })
	};
	return {
		kind: 'time_to_empty',
		// With nothing left it is empty already, which the levels above say.
		level: affordableMinutes > 0 && minutesLeft <= EMPTY_SOON_MINUTES ? 1 : 0,
		isWellAgain: minutesLeft > NOT_SOON_MINUTES,
		numbers
	};
}

function readRefill({ refillState }: CreditFigures): Reading {
	const level = refillState === 'paused' ? 2 : refillState === 'backoff' ? 1 : 0;
	return { kind: 'refill_failed', level, isWellAgain: level === 0, numbers: {} };
}

function readVelocity({ hourMinutes, usualDayMinutes }: CreditFigures): Reading {
	const line = Math.max(UNUSUAL_MINUTES_MIN, usualDayMinutes);
	return {
		kind: 'spending_velocity',
		level: hourMinutes > line ? 1 : 0,
		isWellAgain: hourMinutes * 2 <= line,
		numbers: { hourMinutes, usualDayMinutes }
	};
}

function readPause({ pauseReason }: CreditFigures): Reading {
	if (pauseReason === null) return well('calling_paused', {});
	const numbers = { reason: pauseReason };
	return { kind: 'calling_paused', level: 1, isWellAgain: false, numbers };
}

function well(kind: AlertKind, numbers: Reading['numbers']): Reading {
	return { kind, level: 0, isWellAgain: true, numbers };
}
