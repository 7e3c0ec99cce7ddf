/**
 * The write set: each table once per batch, out of JSON records, and all tables in one statement. One text
 * parameter for each keeps the statement the same whatever the size of the batch.
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
import { writeTogether, type Filled, type Write } from './persist/records';

/** Two processes met at a key that no lock covers: the batch runs again and sees the other's row. */
export class KeyTaken extends Error {}

export async function persist(
	tx: PreparedTransaction,
	ledger: Ledger,
	newDeliveries: NewDelivery[],
	repeatedDeliveryIds: string[],
	nowMs: number
): Promise<void> {
	// Each is a statement; a table that comes again begins the next.
	const statements: Filled[][] = [];
	const write: Write = (records, part) => {
		if (records.length === 0) return;
		const last = statements.at(-1);
		if (!last || last.some((other) => other.part.table === part.table)) {
			statements.push([{ part, records }]);
		} else last.push({ part, records });
	};
	writeCalls(ledger, write);
	writeCredit(ledger, write, nowMs);
	writeBudgets(ledger, write);
	writePayments(ledger, write);
	writeFacts(ledger, write);
	writeRecordings(ledger, write);
	writeDays(ledger, write);
	// Sent together: the driver pipelines them on the transaction's connection, in this order.
	const parts = statements.map((filled) => writeTogether(tx, filled));
	const written = Promise.all([
		insertDeliveries(tx, ledger, newDeliveries),
		insertEndConflicts(tx, ledger),
		countRepeats(tx, repeatedDeliveryIds),
		...parts
	]);
	if (newDeliveries.length === 0) {
		// Nothing to be seen first: the commit follows at once. The transaction knows what fails in it.
		written.catch(() => {});
		return;
	}
	const [insertedCount] = await written;
	if (insertedCount !== newDeliveries.length) throw new KeyTaken();
}
