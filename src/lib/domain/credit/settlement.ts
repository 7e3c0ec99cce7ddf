import { billedMinutes } from '../call/billing';
import { consumeParts, mergeParts, planMinutes, releaseHold, sumOfParts } from './funding';
import { minutesFor, priceMicros } from './rating';
import type { Credit, Hold, HoldPart, Rate } from './types';

export interface Settlement {
	credit: Credit;
	/** Which allocation paid how many minutes, in burn order. */
	paid: HoldPart[];
	/** Seconds of talk the wallet had to pay, and what they cost. */
	walletSeconds: number;
	walletCostMicros: bigint;
	/** Of that cost, what the wallet could pay. */
	walletPaidMicros: bigint;
	/** What nobody could pay: to be kept as debt, in whole minutes or in dollars. */
	shortMinutes: number;
	shortMicros: bigint;
}

/**
 * Settles one call: first what it held (allocations, then dollars), then what is spendable (allocations,
 * then dollars); the rest of the hold goes back. Nothing is clipped: what could not be paid is returned
 * as short. Allocations pay whole minutes; the wallet pays the seconds beyond them by its rate.
 * @param hold the call's open hold; null when it had none
 * @param talkSeconds whole seconds to pay
 */
export function settleTalk(
	credit: Credit,
	hold: Hold | null,
	rate: Rate,
	talkSeconds: number,
	nowMs: number
): Settlement {
	let next = hold ? releaseHold(credit, hold) : credit;
	const fromHold = takeParts(hold?.parts ?? [], billedMinutes(talkSeconds));
	next = consumeParts(next, fromHold);
	const afterHold = beyond(talkSeconds, fromHold);

	const isBeyondHeldDollars = afterHold > (hold?.walletSeconds ?? 0);
	const extraMinutes =
		credit.mode === 'wallet' || !isBeyondHeldDollars
			? 0
			: billedMinutes(afterHold - (hold?.walletSeconds ?? 0));
	const extra = planMinutes(next, extraMinutes, nowMs);
	next = consumeParts(next, extra);
	const paid = mergeParts([...fromHold, ...extra]);
	const unpaidSeconds = beyond(afterHold, extra);

	const free = next.balanceMicros - next.heldMicros;
	const { shortMinutes, walletSeconds } = shareUnpaid(credit, hold, rate, unpaidSeconds, free);
	const walletCostMicros = priceMicros(rate, walletSeconds);
	const walletPaidMicros = walletCostMicros < free ? walletCostMicros : free;
	const shortMicros = walletCostMicros - walletPaidMicros;
	return {
		credit: {
			...next,
			balanceMicros: next.balanceMicros - walletPaidMicros,
			debtMinutes: next.debtMinutes + shortMinutes,
			debtMicros: next.debtMicros + shortMicros
		},
		paid,
		walletSeconds,
		walletCostMicros,
		walletPaidMicros,
		shortMinutes,
		shortMicros
	};
}

/**
 * Shares talk that no allocation paid: all of it is owed in minutes where only they pay. Else the wallet
 * pays what it can, lent minutes are owed for what it cannot, and the rest is the wallet's again. Dollars
 * that the call holds, paid or lent, pay even when the mode was changed during it.
 */
function shareUnpaid(
	credit: Credit,
	hold: Hold | null,
	rate: Rate,
	unpaidSeconds: number,
	freeMicros: bigint
): Pick<Settlement, 'shortMinutes' | 'walletSeconds'> {
	const unpaidMinutes = billedMinutes(unpaidSeconds);
	const hasDollars = hold !== null && (hold.walletSeconds > 0 || hold.overdraftMicros > 0n);
	if (credit.mode === 'minutes' && !hasDollars) {
		return { shortMinutes: unpaidMinutes, walletSeconds: 0 };
	}
	const lentMinutes = hold?.overdraftMinutes ?? 0;
	const paidMinutes = lentMinutes === 0 ? 0 : minutesFor(rate, freeMicros, unpaidMinutes);
	const paidSeconds = Math.min(unpaidSeconds, paidMinutes * 60);
	const restSeconds = unpaidSeconds - paidSeconds;
	const shortMinutes = Math.min(lentMinutes, billedMinutes(restSeconds));
	const walletSeconds = paidSeconds + Math.max(0, restSeconds - shortMinutes * 60);
	return { shortMinutes, walletSeconds };
}

function beyond(talkSeconds: number, paid: HoldPart[]): number {
	return Math.max(0, talkSeconds - sumOfParts(paid) * 60);
}

function takeParts(parts: HoldPart[], minutes: number): HoldPart[] {
	const taken: HoldPart[] = [];
	let missing = minutes;
	for (const part of parts) {
		const share = Math.min(missing, part.minutes);
		if (share > 0) taken.push({ allocationId: part.allocationId, minutes: share });
		missing -= share;
	}
	return taken;
}
