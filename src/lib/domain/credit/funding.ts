/**
 * The funding plan: which allocations, which dollars and which agreed debt pay for talk. All pure: a
 * function takes the credit of an organisation and returns the next one.
 */
import { minutesFor, priceMicros } from './rating';
import type { Credit, Hold, HoldPart, Lot, Rate } from './types';

/** Order in which lots burn: priority, then earliest expiry, then oldest (DESIGN.md section 3). */
export function burnOrder(first: Lot, second: Lot): number {
	return (
		first.priority - second.priority ||
		(first.expiresAtMs ?? Infinity) - (second.expiresAtMs ?? Infinity) ||
		first.createdAtMs - second.createdAtMs ||
		(first.id < second.id ? -1 : 1)
	);
}

/** Minutes of a lot that may be promised now: neither held nor expired. */
export function spendableOf(lot: Lot, nowMs: number): number {
	if (lot.expiresAtMs !== null && lot.expiresAtMs <= nowMs) return 0;
	return lot.remainingMinutes - lot.heldMinutes;
}

/** Minutes of allocations an organisation can still promise to new calls. */
export function spendableMinutes(credit: Pick<Credit, 'lots'>, nowMs: number): number {
	return credit.lots.reduce((sum, lot) => sum + spendableOf(lot, nowMs), 0);
}

/** Dollars of the wallet that no live call holds, in micro-dollars. */
export function spendableMicros(credit: Credit): bigint {
	return credit.balanceMicros - credit.heldMicros;
}

/** What a hold takes, or what one more slice adds to it. */
export interface FundingPlan {
	parts: HoldPart[];
	walletMinutes: number;
	walletMicros: bigint;
	/** Agreed debt, in whole minutes and in dollars, and how long both last. */
	overdraftMinutes: number;
	overdraftMicros: bigint;
	overdraftSeconds: number;
	/** Minutes of talk the plan covers; at most what was asked for. */
	coveredMinutes: number;
}

/** What a call holds already when a slice is added: prices of one call are reckoned as a whole. */
export type HeldSoFar = Pick<Hold, 'walletMicros' | 'walletSeconds'>;

const NOTHING_HELD: HeldSoFar = { walletMicros: 0n, walletSeconds: 0 };
const NOTHING_LENT = { overdraftMinutes: 0, overdraftMicros: 0n, overdraftSeconds: 0 };

/**
 * Plans how `minutes` more of one call are paid: allocations, then the wallet, then, when agreed, debt.
 * @param isOverdraftAgreed whether the agent confirmed to go into the overdraft
 */
export function planFunding(
	credit: Credit,
	rate: Rate,
	minutes: number,
	nowMs: number,
	options: { isOverdraftAgreed?: boolean; held?: HeldSoFar } = {}
): FundingPlan {
	const held = options.held ?? NOTHING_HELD;
	const parts = credit.mode === 'wallet' ? [] : planMinutes(credit, minutes, nowMs);
	let missing = minutes - sumOfParts(parts);

	const heldWalletMinutes = held.walletSeconds / 60;
	const canUseWallet = credit.mode !== 'minutes';
	const dollars = spendableMicros(credit) + held.walletMicros;
	const affordable = minutesFor(rate, dollars, heldWalletMinutes + missing);
	const walletMinutes = canUseWallet ? Math.max(0, affordable - heldWalletMinutes) : 0;
	const walletMicros =
		walletMinutes > 0
			? priceMicros(rate, (heldWalletMinutes + walletMinutes) * 60) - held.walletMicros
			: 0n;
	missing -= walletMinutes;

	const overdraft = options.isOverdraftAgreed ? planOverdraft(credit, rate, missing) : NOTHING_LENT;
	return {
		parts,
		walletMinutes,
		walletMicros,
		...overdraft,
		coveredMinutes: minutes - missing + overdraft.overdraftSeconds / 60
	};
}

/**
 * Agreed debt that is still free: minutes where allocations may pay, then dollars where the wallet may.
 * Dollars of it are reckoned minute by minute.
 */
function planOverdraft(
	credit: Credit,
	rate: Rate,
	minutes: number
): Pick<FundingPlan, 'overdraftMinutes' | 'overdraftMicros' | 'overdraftSeconds'> {
	const freeMinutes =
		credit.mode === 'wallet'
			? 0
			: credit.overdraftLimitMinutes - credit.debtMinutes - credit.overdraftHeldMinutes;
	const overdraftMinutes = Math.max(0, Math.min(minutes, freeMinutes));
	const freeMicros = credit.overdraftLimitMicros - credit.debtMicros - credit.overdraftHeldMicros;
	const inDollars =
		credit.mode === 'minutes' ? 0 : minutesFor(rate, freeMicros, minutes - overdraftMinutes);
	return {
		overdraftMinutes,
		overdraftMicros: priceMicros(rate, inDollars * 60),
		overdraftSeconds: (overdraftMinutes + inDollars) * 60
	};
}

/** Minutes of talk an organisation could pay for now, from every source but debt. */
export function affordableMinutes(
	credit: Credit,
	rate: Rate,
	nowMs: number,
	limit = 1_000_000
): number {
	return planFunding(credit, rate, limit, nowMs).coveredMinutes;
}

/**
 * Chooses which lots pay up to `minutes`, in burn order.
 * @returns the parts; their sum is less than asked when there is less
 */
export function planMinutes(
	credit: Pick<Credit, 'lots'>,
	minutes: number,
	nowMs: number
): HoldPart[] {
	const parts: HoldPart[] = [];
	let missing = minutes;
	for (const lot of [...credit.lots].sort(burnOrder)) {
		const taken = Math.min(missing, spendableOf(lot, nowMs));
		if (taken > 0) parts.push({ allocationId: lot.id, minutes: taken });
		missing -= taken;
		if (missing === 0) break;
	}
	return parts;
}

export function sumOfParts(parts: HoldPart[]): number {
	return parts.reduce((sum, part) => sum + part.minutes, 0);
}

/** Sets a plan aside: it stays where it is but can be promised to nobody else. */
export function holdPlan(credit: Credit, plan: FundingPlan): Credit {
	return {
		...holdParts(credit, plan.parts),
		heldMicros: credit.heldMicros + plan.walletMicros,
		...overdraftOf(credit, plan, 1)
	};
}

/** The hold with what a plan adds to it. */
export function growHold(hold: Hold, plan: FundingPlan): Hold {
	return {
		...hold,
		parts: mergeParts([...hold.parts, ...plan.parts]),
		walletMicros: hold.walletMicros + plan.walletMicros,
		walletSeconds: hold.walletSeconds + plan.walletMinutes * 60,
		overdraftMinutes: hold.overdraftMinutes + plan.overdraftMinutes,
		overdraftMicros: hold.overdraftMicros + plan.overdraftMicros,
		overdraftSeconds: hold.overdraftSeconds + plan.overdraftSeconds
	};
}

/** Gives everything a hold set aside back to what can be promised. */
export function releaseHold(credit: Credit, hold: Hold): Credit {
	return {
		...releaseParts(credit, hold.parts),
		heldMicros: credit.heldMicros - hold.walletMicros,
		...overdraftOf(credit, hold, -1)
	};
}

/** Agreed debt is counted as it was lent, whatever the organisation's mode has become since. */
function overdraftOf(
	credit: Credit,
	lent: Pick<Hold, 'overdraftMinutes' | 'overdraftMicros'>,
	sign: 1 | -1
): Pick<Credit, 'overdraftHeldMinutes' | 'overdraftHeldMicros'> {
	return {
		overdraftHeldMinutes: credit.overdraftHeldMinutes + sign * lent.overdraftMinutes,
		overdraftHeldMicros: credit.overdraftHeldMicros + BigInt(sign) * lent.overdraftMicros
	};
}

/** Sets the parts aside: they stay in their lots but can be promised to nobody else. */
export function holdParts(credit: Credit, parts: HoldPart[]): Credit {
	return {
		...credit,
		heldMinutes: credit.heldMinutes + sumOfParts(parts),
		lots: changeLots(credit.lots, parts, (lot, minutes) => ({
			...lot,
			heldMinutes: lot.heldMinutes + minutes
		}))
	};
}

/** Gives the parts back to what can be promised. */
export function releaseParts(credit: Credit, parts: HoldPart[]): Credit {
	return holdParts(
		credit,
		parts.map((part) => ({ ...part, minutes: -part.minutes }))
	);
}

/** Takes the parts out of their lots for good. They must have been released or never held. */
export function consumeParts(credit: Credit, parts: HoldPart[]): Credit {
	return {
		...credit,
		usedMinutes: credit.usedMinutes + sumOfParts(parts),
		lots: changeLots(credit.lots, parts, (lot, minutes) => ({
			...lot,
			remainingMinutes: lot.remainingMinutes - minutes
		}))
	};
}

function changeLots(
	lots: Lot[],
	parts: HoldPart[],
	change: (lot: Lot, minutes: number) => Lot
): Lot[] {
	const minutesByLot = new Map<string, number>();
	for (const part of parts) {
		minutesByLot.set(part.allocationId, (minutesByLot.get(part.allocationId) ?? 0) + part.minutes);
	}
	for (const id of minutesByLot.keys()) {
		if (!lots.some((lot) => lot.id === id)) throw new Error(`Allocation ${id} was not read`);
	}
	return lots.map((lot) => {
		const minutes = minutesByLot.get(lot.id);
		return minutes === undefined ? lot : change(lot, minutes);
	});
}

/** Parts of equal allocations added up, in the order they first appear. */
export function mergeParts(parts: HoldPart[]): HoldPart[] {
	const merged = new Map<string, number>();
	for (const part of parts) {
		merged.set(part.allocationId, (merged.get(part.allocationId) ?? 0) + part.minutes);
	}
	return [...merged].map(([allocationId, minutes]) => ({ allocationId, minutes }));
}
