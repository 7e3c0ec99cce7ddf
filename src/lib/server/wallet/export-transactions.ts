import { CSV_BOM, toCsvLine } from '$lib/domain/csv/cells';
import type { TransactionsInput } from '$lib/inputs';
import type { TransactionType } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { selectTransactions } from './list-transactions';

const CHUNK_ROWS = 1_000;
const HEAD = [
	...['Time (UTC)', 'Type', 'Description', 'Amount (USD)', 'Balance before (USD)'],
	...['Balance after (USD)', 'Call', 'Payment', 'Transaction']
];

/** Every movement of one's wallet as a CSV, newest first, in chunks of text that need no more memory than one page. */
export function exportTransactions({
	ctx,
	input
}: {
	ctx: Context;
	input: Pick<TransactionsInput, 'type' | 'organizationId'>;
}): AsyncGenerator<string> {
	const person = requirePerson(ctx, 'wallet.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	return chunks(ctx.services.database.db, organizationId, input.type);
}

async function* chunks(
	db: Database,
	organizationId: number,
	type: TransactionType | undefined
): AsyncGenerator<string> {
	yield CSV_BOM + toCsvLine(HEAD);
	let cursor: string | undefined;
	for (;;) {
		const rows = await selectTransactions(db, organizationId, { type, cursor }, CHUNK_ROWS);
		const last = rows.at(-1);
		if (!last) return;
		yield rows
			.map(({ view }) =>
				toCsvLine([
					...[view.createdAt, view.type, view.description, view.amount, view.balanceBefore],
					...[view.balanceAfter, view.callId, view.paymentId, view.id]
				])
			)
			.join('');
		if (rows.length < CHUNK_ROWS) return;
		cursor = String(last.seq);
	}
}
