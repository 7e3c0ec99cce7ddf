/**
 * What the lanes decided, in the order in which they did. Commands of one organisation are decided under
 * its lock, so their order here is the order in which they were committed.
 */
import type { BillingMode } from '$lib/domain/credit/types';
import type { decide } from '$lib/domain/lane/decide';
import type { Command } from '$lib/domain/lane/commands';
import { currentTransaction, type Transaction } from './faulty-sql';
import type { Matching, Reckoning } from './reckoning';

interface Entry {
	transaction: Transaction;
	command: Command;
	nowMs: number;
	answered: string;
	matching: Matching;
}

/** Done by an administrator between two commands. */
interface ModeChange {
	organizationId: number;
	mode: BillingMode;
}

export class Journal {
	private readonly entries: (Entry | ModeChange)[] = [];

	writeMode(organizationId: number, mode: BillingMode): void {
		this.entries.push({ organizationId, mode });
	}

	/** Wraps a decision so that it is written down. */
	writing(real: typeof decide): typeof decide {
		return (state, command, nowMs) => {
			const decision = real(state, command, nowMs);
			const transaction = currentTransaction.getStore();
			if (!transaction) throw new Error('Something was decided outside a transaction.');
			const claimed = decision.changes.rows?.deliveries ?? [];
			this.entries.push({
				transaction,
				command,
				nowMs,
				answered: decision.result.kind,
				matching: {
					isUnmatched: decision.result.kind === 'unmatched',
					claimedIds: claimed.filter((row) => row.callId !== null).map(({ id }) => id)
				}
			});
			return decision;
		};
	}

	/** Whether this command was committed, with this answer. */
	hasCommitted(command: Command, answered: string): boolean {
		return this.entries.some(
			(entry) =>
				'command' in entry &&
				entry.command === command &&
				entry.answered === answered &&
				entry.transaction.outcome === 'committed'
		);
	}

	/** Tells the naive re-computation all that was committed. */
	replay(reckoning: Reckoning): { committed: number; breaches: string[] } {
		const breaches: string[] = [];
		let committed = 0;
		for (const entry of this.entries) {
			if ('mode' in entry) {
				reckoning.changeMode(entry.organizationId, entry.mode);
				continue;
			}
			const { transaction, command, nowMs, answered, matching } = entry;
			// The expiry job also finds grants that earlier runs left in the database.
			const isOfRun = !('organizationId' in command) || reckoning.has(command.organizationId ?? 0);
			if (transaction.outcome !== 'committed' || !isOfRun) continue;
			committed++;
			const right = reckoning.apply(command, nowMs, matching);
			if (right.includes(answered)) continue;
			breaches.push(`${command.kind} was answered ${answered}, not ${right.join(' or ')}`);
		}
		return { committed, breaches };
	}
}
