/**
 * The write set: each table once per batch, as one statement over JSON records. One text parameter per
 * statement keeps the statement the same whatever the size of the batch.
 */
import type { PreparedTransaction } from '../db/prepared';
import type { Ledger } from './ledger';
import { writeBudgets } from './persist/budgets';
import { writeCalls, writeDays } from './persist/calls';
import { writeCredit } from './persist/credit';
import {
	countRepeats,
	insertDeliveries,
	insertEndConflicts,
	type NewDelivery
} from './persist/deliveries';
import { writeFacts } from './persist/facts';
import { writeRecordings } from './persist/recordings';
import { writePayments } from './persist/payments';
import { toJson, type Write } from './persist/records';

/** Two processes met at a key that no lock covers: the batch runs again and sees the other's row. */
export class KeyTaken extends Error {}

export async function persist(
	tx: PreparedTransaction,
	ledger: Ledger,
	newDeliveries: NewDelivery[],
	repeatedDeliveryIds: string[],
	nowMs: number
): Promise<void> {
	const statements: Promise<unknown>[] = [];
	const write: Write = (records, statement) => {
		if (records.length === 0) return;
		statements.push(tx.run(statement, { records: toJson(records) }));
	};
	writeCalls(ledger, write);
	writeCredit(ledger, write, nowMs);
	writeBudgets(ledger, write);
	writePayments(ledger, write);
	writeFacts(ledger, write);
	writeRecordings(ledger, write);
	writeDays(ledger, write);
	// Sent together: the driver pipelines them on the transaction's connection, in this order.
	const written = Promise.all([
		insertDeliveries(tx, ledger, newDeliveries),
		insertEndConflicts(tx, ledger),
		countRepeats(tx, repeatedDeliveryIds),
		...statements
	]);
	if (newDeliveries.length === 0) {
		// Nothing to be seen first: the commit follows at once. The transaction knows what fails in it.
		written.catch(() => {});
		return;
	}
	const [insertedCount] = await written;
	if (insertedCount !== newDeliveries.length) throw new KeyTaken();
}
