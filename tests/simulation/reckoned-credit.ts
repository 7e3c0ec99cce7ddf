/** What changes credit without a call, in the naive re-computation: grants, money, integrations, the switch. */
import type {
	Allocate,
	Consume,
	MoveMoney,
	SetActive,
	WithdrawAllocation
} from '$lib/domain/lane/commands';
import type { Account } from './reckoned-books';

export class CreditReckoning {
	private readonly grantIds = new Set<string>();
	private readonly moneyIds = new Set<string>();

	/** @returns the kinds of answer that are right */
	apply(
		account: Account,
		command: Allocate | WithdrawAllocation | MoveMoney | Consume | SetActive,
		nowMs: number
	): string[] {
		switch (command.kind) {
			case 'allocate':
				this.allocate(account, command, nowMs);
				return ['allocated'];
			case 'withdraw_allocation':
				return withdraw(account, command, nowMs);
			case 'move_money':
				return [this.moveMoney(account, command)];
			case 'consume':
				consume(account, command, nowMs);
				return ['consumed'];
			case 'set_active': {
				const policy = command.policy ?? account.policy;
				const isSame = account.isActive === command.isActive && account.policy === policy;
				account.isActive = command.isActive;
				account.policy = policy;
				return [isSame ? 'unchanged' : 'switched'];
			}
		}
	}

	/** A new grant pays what is owed first. */
	private allocate({ purse, history, usage }: Account, command: Allocate, nowMs: number): void {
		const { allocationId, minutes, priority, expiresAtMs } = command;
		if (this.grantIds.has(allocationId)) return;
		this.grantIds.add(allocationId);
		const coins = Array.from({ length: minutes }, () => ({ state: 'free' as const }));
		purse.grants.push({ id: allocationId, priority, expiresAtMs, createdAtMs: nowMs, coins });
		history.push({ allocationId, kind: 'allocate', minutes });
		const unspent: { state: string }[] = [...coins];
		for (const debt of purse.debtsInOrder()) {
			const paid = unspent.splice(0, debt.remainingMinutes);
			debt.remainingMinutes -= paid.length;
			if (purse.mode !== 'wallet' && debt.remainingMicros > 0n) {
				const forAll = upwards(BigInt(debt.worthMinutes) * debt.remainingMicros, debt.amountMicros);
				const more = unspent.splice(0, Number(forAll));
				const dollars = upwards(debt.remainingMicros * BigInt(more.length), forAll);
				debt.remainingMicros -= dollars;
				debt.convertedMinutes += more.length;
				debt.convertedMicros += dollars;
				paid.push(...more);
			}
			if (paid.length === 0) continue;
			for (const coin of paid) coin.state = 'spent';
			usage.push({
				callId: debt.callId,
				allocationId,
				minutes: paid.length,
				isExternal: false,
				settlesDebt: true
			});
		}
	}

	/** Money that comes in pays what is owed first, with dollars that no call was promised. */
	private moveMoney({ purse }: Account, command: MoveMoney): string {
		if (this.moneyIds.has(command.transactionId)) return 'moved';
		const isOut = command.type === 'debit';
		if (isOut && purse.balanceMicros - purse.heldMicros < command.amountMicros) {
			return 'not_enough';
		}
		this.moneyIds.add(command.transactionId);
		purse.book(command.type, command.amountMicros, null);
		for (const debt of isOut ? [] : purse.debtsInOrder()) {
			const free = purse.balanceMicros - purse.heldMicros;
			let paid = debt.remainingMicros < free ? debt.remainingMicros : free;
			debt.remainingMicros -= paid;
			const price = debt.perMinuteMicros;
			const isPriced = purse.mode !== 'minutes' && price > 0n;
			while (isPriced && debt.remainingMinutes > 0 && paid + price <= free) {
				debt.remainingMinutes--;
				debt.convertedMinutes--;
				debt.convertedMicros -= price;
				paid += price;
			}
			if (paid === 0n) continue;
			purse.book('debit', paid, debt.callId);
		}
		return 'moved';
	}
}

function upwards(dividend: bigint, divisor: bigint): bigint {
	const whole = dividend / divisor;
	return whole * divisor === dividend ? whole : whole + 1n;
}

function withdraw(
	{ purse, history }: Account,
	command: WithdrawAllocation,
	nowMs: number
): string[] {
	const grant = purse.grants.find(({ id }) => id === command.allocationId);
	if (!grant) return ['unknown_allocation'];
	const taken = grant.coins.filter((coin) => coin.state === 'free');
	// A lane on Postgres does not even read a grant of which nothing is left.
	if (taken.length === 0) return ['withdrawn', 'unknown_allocation'];
	for (const coin of taken) coin.state = 'gone';
	grant.expiresAtMs = Math.min(grant.expiresAtMs ?? nowMs, nowMs);
	history.push({ allocationId: grant.id, kind: command.cause, minutes: taken.length });
	return ['withdrawn'];
}

function consume(account: Account, command: Consume, nowMs: number): void {
	const { purse, usage, consumptions, calls } = account;
	const { externalCallId } = command;
	// Calls that were placed from here are charged by themselves.
	if (calls.some(({ id, sid }) => id === externalCallId || sid === externalCallId)) return;
	if (consumptions.some((row) => row.externalCallId === externalCallId)) return;
	const coins = purse.freeCoins(nowMs).slice(0, command.minutes);
	const shortMinutes = command.minutes - coins.length;
	consumptions.push({ externalCallId, minutes: coins.length, shortMinutes });
	for (const { grant, coin } of coins) {
		coin.state = 'spent';
		const row = usage.find(
			({ callId, allocationId, isExternal }) =>
				callId === externalCallId && allocationId === grant.id && isExternal
		);
		if (row) row.minutes++;
		else {
			usage.push({
				callId: externalCallId,
				allocationId: grant.id,
				minutes: 1,
				isExternal: true,
				settlesDebt: false
			});
		}
	}
}
