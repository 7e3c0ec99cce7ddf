import type { AnalyticsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { moment, plain, text } from './columns';
import { exportHead } from './export-head';
import { ledgerLines } from './ledger-lines';

/** The wallet's movements of a period, newest first, as CSV. Amounts that left the wallet are negative. */
export async function* exportTransactions({
	ctx,
	input
}: {
	ctx: Context;
	input: AnalyticsInput;
}): AsyncGenerator<Uint8Array> {
	requirePerson(ctx, 'analytics.export');
	requirePerson(ctx, 'wallet.read');
	const scope = await findScope(ctx, input);
	const columns = [
		plain('entry', 'e.seq'),
		moment('booked_at', 'e.created_at'),
		plain('type', 'e.type'),
		plain('amount', "(case when e.type = 'debit' then -e.amount else e.amount end)"),
		plain('balance_before', 'e.balance_before'),
		plain('balance_after', 'e.balance_after'),
		text('description', 'e.description'),
		plain('call_id', 'e.call_id')
	];
	yield await exportHead(ctx, scope, {
		title: 'transactions',
		filter: '',
		words: ['cost'],
		columns: columns.map(({ name }) => name)
	});
	yield* ledgerLines(ctx, scope, { table: 'balance_transactions', key: 'seq' }, columns);
}
