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
			({ callId, allocationId, settlesDebt }) =>
				callId === call.id && allocationId === grant.id && !settlesDebt
		);
		if (row) row.minutes++;
		else {
			usage.push({ callId: call.id, allocationId: grant.id, minutes: 1, settlesDebt: false });
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

	const owe = (minutes: number, amountMicros: bigint) => {
		if (minutes === 0 && amountMicros === 0n) return;
		purse.debts.push({
			callId: call.id,
			minutes,
			remainingMinutes: minutes,
			amountMicros,
			remainingMicros: amountMicros,
			createdAtMs: nowMs
		});
	};
	const hasDollars = promised.walletMinutes > 0 || promised.overdraftMicros > 0n;
	const dollars = purse.balanceMicros - purse.heldMicros;
	let owedMinutes = 0;
	if (purse.mode === 'minutes' && !hasDollars) owedMinutes = minutesOf(unpaidSeconds);
	else {
		// The last minutes, as many as were lent and the dollars do not pay.
		let minutes = minutesOf(unpaidSeconds);
		while (owedMinutes < promised.overdraftMinutes && minutes > 0) {
			if (priceOf(call.rate, minutes * 60) <= dollars) break;
			minutes--;
			owedMinutes++;
		}
	}
	unpaidSeconds = Math.max(0, unpaidSeconds - owedMinutes * 60);
	call.walletSeconds = unpaidSeconds;
	call.costMicros = priceOf(call.rate, unpaidSeconds);
	const paid = call.costMicros < dollars ? call.costMicros : dollars;
	if (paid > 0n) purse.book('debit', paid, call.id);
	owe(owedMinutes, call.costMicros - paid);
}

/** Grant by grant, in the order in which the call was first promised something of each. */
function byGrant(coins: Promised['coins']): Promised['coins'] {
	const grants = [...new Set(coins.map(({ grant }) => grant))];
	return grants.flatMap((grant) => coins.filter((coin) => coin.grant === grant));
}
