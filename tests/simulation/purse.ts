/**
 * The naive re-computation, its money: minutes are coins that are counted one by one, prices are added
 * up increment by increment. Written apart from src/lib on purpose, and never optimised.
 */
import type { BillingMode, Rate } from '$lib/domain/credit/types';
import type { MoneyFigures } from './books';

/** One granted minute. It is free, promised to a call, spent, or taken back. */
interface Coin {
	state: 'free' | 'held' | 'spent' | 'gone';
}

export interface Grant {
	id: string;
	priority: number;
	expiresAtMs: number | null;
	createdAtMs: number;
	coins: Coin[];
}

export interface OwedByCall {
	callId: string;
	minutes: number;
	remainingMinutes: number;
	amountMicros: bigint;
	remainingMicros: bigint;
	/** Minutes the dollars are owed for, and what a minute costs. */
	worthMinutes: number;
	perMinuteMicros: bigint;
	convertedMinutes: number;
	convertedMicros: bigint;
	createdAtMs: number;
}

/** What a call was promised so far. */
export interface Promised {
	coins: { grant: Grant; coin: Coin }[];
	walletMinutes: number;
	walletMicros: bigint;
	overdraftMinutes: number;
	overdraftMicros: bigint;
	/** Minutes that the dollars of it last. */
	overdraftDollarMinutes: number;
}

export function nothingPromised(): Promised {
	return {
		coins: [],
		walletMinutes: 0,
		walletMicros: 0n,
		overdraftMinutes: 0,
		overdraftMicros: 0n,
		overdraftDollarMinutes: 0
	};
}

/** Price of a talk: whole increments, then rounded up to a micro-dollar. */
export function priceOf(rate: Rate, seconds: number): bigint {
	if (seconds === 0) return 0n;
	let charged = rate.initialSeconds;
	while (charged < seconds) charged += rate.incrementSeconds;
	const sixtieths = rate.perMinuteMicros * BigInt(charged);
	const whole = sixtieths / 60n;
	return whole * 60n === sixtieths ? whole : whole + 1n;
}

/** Started minutes. */
export function minutesOf(seconds: number): number {
	let minutes = 0;
	while (minutes * 60 < seconds) minutes++;
	return minutes;
}

/** All the credit of one organisation. */
export class Purse {
	readonly grants: Grant[] = [];
	readonly debts: OwedByCall[] = [];
	readonly transactions: MoneyFigures[] = [];
	readonly promises = new Map<string, Promised>();

	constructor(
		/** As an administrator set it last. */
		public mode: BillingMode,
		private readonly overdraft: { minutes: number; micros: bigint }
	) {}

	get balanceMicros(): bigint {
		return this.transactions.at(-1)?.afterMicros ?? 0n;
	}

	get heldMicros(): bigint {
		return this.sumOfPromises((promised) => promised.walletMicros);
	}

	get overdraftHeldMicros(): bigint {
		return this.sumOfPromises((promised) => promised.overdraftMicros);
	}

	get overdraftHeldMinutes(): number {
		let minutes = 0;
		for (const promised of this.promises.values()) minutes += promised.overdraftMinutes;
		return minutes;
	}

	get debtMinutes(): number {
		return this.debts.reduce((sum, debt) => sum + debt.remainingMinutes, 0);
	}

	get debtMicros(): bigint {
		return this.debts.reduce((sum, debt) => sum + debt.remainingMicros, 0n);
	}

	/** Coins in one state, over all grants. */
	count(state: Coin['state']): number {
		return this.grants.reduce((sum, grant) => sum + countOf(grant, state), 0);
	}

	/** Coins that may be promised now, in the order in which they are spent. */
	freeCoins(nowMs: number): Promised['coins'] {
		return this.grants
			.filter((grant) => grant.expiresAtMs === null || grant.expiresAtMs > nowMs)
			.sort(comesFirst)
			.flatMap((grant) => grant.coins.map((coin) => ({ grant, coin })))
			.filter(({ coin }) => coin.state === 'free');
	}

	/** Minutes that could be paid now without debt, counted up to a limit. */
	affordable(rate: Rate, limit: number, nowMs: number): number {
		const coins = this.mode === 'wallet' ? 0 : Math.min(limit, this.freeCoins(nowMs).length);
		return coins + this.walletMinutes(rate, limit - coins, 0, 0n);
	}

	/** How many of the missing minutes the free dollars add to what a call was promised already. */
	private walletMinutes(rate: Rate, missing: number, minutes: number, micros: bigint): number {
		if (this.mode === 'minutes') return 0;
		const dollars = this.balanceMicros - this.heldMicros + micros;
		let more = 0;
		while (more < missing && priceOf(rate, (minutes + more + 1) * 60) <= dollars) more++;
		return more;
	}

	/**
	 * Sees how far `minutes` more of a call can be paid: minutes, then dollars, then agreed debt.
	 * Nothing is promised until `promise` is called with the answer.
	 */
	seek(callId: string, rate: Rate, minutes: number, mayOwe: boolean, nowMs: number): Promised {
		const before = this.promises.get(callId) ?? nothingPromised();
		const coins = this.mode === 'wallet' ? [] : this.freeCoins(nowMs).slice(0, minutes);
		let missing = minutes - coins.length;
		const walletMinutes = this.walletMinutes(
			rate,
			missing,
			before.walletMinutes,
			before.walletMicros
		);
		const walletMicros =
			walletMinutes === 0
				? 0n
				: priceOf(rate, (before.walletMinutes + walletMinutes) * 60) - before.walletMicros;
		missing -= walletMinutes;
		const overdraftMinutes = mayOwe ? this.lendableMinutes(missing) : 0;
		missing -= overdraftMinutes;
		const overdraftDollarMinutes = mayOwe ? this.lendableDollarMinutes(rate, missing) : 0;
		const overdraftMicros = priceOf(rate, overdraftDollarMinutes * 60);
		const lent = { overdraftMinutes, overdraftMicros, overdraftDollarMinutes };
		return { coins, walletMinutes, walletMicros, ...lent };
	}

	private lendableMinutes(missing: number): number {
		if (this.mode === 'wallet') return 0;
		const free = this.overdraft.minutes - this.debtMinutes - this.overdraftHeldMinutes;
		let minutes = 0;
		while (minutes < missing && minutes < free) minutes++;
		return minutes;
	}

	private lendableDollarMinutes(rate: Rate, missing: number): number {
		if (this.mode === 'minutes') return 0;
		let minutes = 0;
		const free = this.overdraft.micros - this.debtMicros - this.overdraftHeldMicros;
		while (minutes < missing && priceOf(rate, (minutes + 1) * 60) <= free) minutes++;
		return minutes;
	}

	promise(callId: string, more: Promised): void {
		const before = this.promises.get(callId) ?? nothingPromised();
		for (const { coin } of more.coins) coin.state = 'held';
		this.promises.set(callId, {
			coins: [...before.coins, ...more.coins],
			walletMinutes: before.walletMinutes + more.walletMinutes,
			walletMicros: before.walletMicros + more.walletMicros,
			overdraftMinutes: before.overdraftMinutes + more.overdraftMinutes,
			overdraftMicros: before.overdraftMicros + more.overdraftMicros,
			overdraftDollarMinutes: before.overdraftDollarMinutes + more.overdraftDollarMinutes
		});
	}

	/** Gives back all a call was promised; what it was is returned. */
	release(callId: string): Promised {
		const promised = this.promises.get(callId) ?? nothingPromised();
		for (const { coin } of promised.coins) coin.state = 'free';
		this.promises.delete(callId);
		return promised;
	}

	book(type: string, amountMicros: bigint, callId: string | null): void {
		const beforeMicros = this.balanceMicros;
		const afterMicros =
			type === 'debit' ? beforeMicros - amountMicros : beforeMicros + amountMicros;
		this.transactions.push({ type, amountMicros, beforeMicros, afterMicros, callId });
	}

	/** Debts in the order in which credit pays them: oldest first, then by call. */
	debtsInOrder(): OwedByCall[] {
		return [...this.debts].sort(
			(first, second) =>
				first.createdAtMs - second.createdAtMs || (first.callId < second.callId ? -1 : 1)
		);
	}

	private sumOfPromises(pick: (promised: Promised) => bigint): bigint {
		let sum = 0n;
		for (const promised of this.promises.values()) sum += pick(promised);
		return sum;
	}
}

export function countOf(grant: Grant, state: Coin['state']): number {
	return grant.coins.reduce((sum, coin) => sum + (coin.state === state ? 1 : 0), 0);
}

function comesFirst(first: Grant, second: Grant): number {
	if (first.priority !== second.priority) return first.priority - second.priority;
	const [one, other] = [first.expiresAtMs ?? Infinity, second.expiresAtMs ?? Infinity];
	if (one !== other) return one < other ? -1 : 1;
	if (first.createdAtMs !== second.createdAtMs) return first.createdAtMs - second.createdAtMs;
	return first.id < second.id ? -1 : 1;
}
