/** Who pays a call that has ended, in the naive re-computation. */
import { minutesOf, priceOf, type Promised } from './purse';
import type { CallRecord } from './reckoned-books';

/**
 * Its promised minutes pay first, then its promised dollars, then free minutes, then free dollars; what
 * is left is owed.
 */
export function settle(call: CallRecord, talkSeconds: number, nowMs: number): void {
	const { purse, usage } = call.account;
	const promised = purse.release(call.id);
	call.isOver = true;
	call.talkSeconds = talkSeconds;

	const spend = ({ grant, coin }: Promised['coins'][number]) => {
		coin.state = 'spent';
		const row = usage.find(
			({ callId, allocationId, isExternal, settlesDebt }) =>
				callId === call.id && allocationId === grant.id && !isExternal && !settlesDebt
		);
		if (row) row.minutes++;
		else {
			const kind = { isExternal: false, settlesDebt: false };
			usage.push({ callId: call.id, allocationId: grant.id, minutes: 1, ...kind });
		}
	};
	let unpaidSeconds = talkSeconds;
	const pay = (coins: Promised['coins'], most: number) => {
		for (const coin of coins.slice(0, most)) {
			spend(coin);
			unpaidSeconds = Math.max(0, unpaidSeconds - 60);
		}
	};
	pay(byGrant(promised.coins), minutesOf(talkSeconds));
	const beyondDollarsSeconds = unpaidSeconds - promised.walletMinutes * 60;
	if (purse.mode !== 'wallet' && beyondDollarsSeconds > 0) {
		pay(purse.freeCoins(nowMs), minutesOf(beyondDollarsSeconds));
	}

	const owe = (minutes: number, amountMicros: bigint, worthMinutes: number) => {
		if (minutes === 0 && amountMicros === 0n) return;
		purse.debts.push({
			callId: call.id,
			minutes,
			remainingMinutes: minutes,
			amountMicros,
			remainingMicros: amountMicros,
			worthMinutes,
			perMinuteMicros: call.rate.perMinuteMicros,
			convertedMinutes: 0,
			convertedMicros: 0n,
			createdAtMs: nowMs
		});
	};
	const hasDollars = promised.walletMinutes > 0 || promised.overdraftMicros > 0n;
	const dollars = purse.balanceMicros - purse.heldMicros;
	let owedMinutes = 0;
	if (purse.mode === 'minutes' && !hasDollars) {
		owedMinutes = minutesOf(unpaidSeconds);
		unpaidSeconds = 0;
	} else if (promised.overdraftMinutes > 0) {
		// Whole minutes that the dollars pay; lent minutes for what is left; dollars for the rest.
		let paidSeconds = 0;
		while (paidSeconds < unpaidSeconds && priceOf(call.rate, paidSeconds + 60) <= dollars) {
			paidSeconds += 60;
		}
		let restSeconds = Math.max(0, unpaidSeconds - paidSeconds);
		paidSeconds = unpaidSeconds - restSeconds;
		while (restSeconds > 0 && owedMinutes < promised.overdraftMinutes) {
			restSeconds = Math.max(0, restSeconds - 60);
			owedMinutes++;
		}
		unpaidSeconds = paidSeconds + restSeconds;
	}
	call.walletSeconds = unpaidSeconds;
	call.costMicros = priceOf(call.rate, unpaidSeconds);
	const paid = call.costMicros < dollars ? call.costMicros : dollars;
	if (paid > 0n) purse.book('debit', paid, call.id);
	// The minutes that what was paid does not reach.
	let reached = 0;
	while (reached < minutesOf(unpaidSeconds) && priceOf(call.rate, (reached + 1) * 60) <= paid) {
		reached++;
	}
	owe(owedMinutes, call.costMicros - paid, minutesOf(unpaidSeconds) - reached);
}

/** Grant by grant, in the order in which the call was first promised something of each. */
function byGrant(coins: Promised['coins']): Promised['coins'] {
	const grants = [...new Set(coins.map(({ grant }) => grant))];
	return grants.flatMap((grant) => coins.filter((coin) => coin.grant === grant));
}
