import type { AnalyticsInput } from '$lib/inputs';
import { findScope } from '../analytics/analytics-period';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { moment, plain, text } from './columns';
import { exportHead } from './export-head';
import { ledgerLines } from './ledger-lines';

/** Minutes that allocations paid in a period, newest first, as CSV: one line per call and allocation. */
export async function* exportUsage({
	ctx,
	input
}: {
	ctx: Context;
	input: AnalyticsInput;
}): AsyncGenerator<Uint8Array> {
	requirePerson(ctx, 'analytics.export');
	requirePerson(ctx, 'minutes.read');
	const scope = await findScope(ctx, input);
	const columns = [
		plain('entry', 'e.id'),
		moment('used_at', 'e.created_at'),
		text('call_id', 'e.call_id'),
		moment('call_started_at', 'e.call_start_time'),
		moment('call_ended_at', 'e.call_end_time'),
		plain('minutes', 'e.minutes_consumed'),
		plain('allocation_id', 'e.allocation_id'),
		text('allocation', 'a.reason')
	];
	yield await exportHead(ctx, scope, {
		title: 'usage of minutes',
		filter: '',
		words: ['billed-minutes'],
		columns: columns.map(({ name }) => name)
	});
	yield* ledgerLines(
		ctx,
		scope,
		{
			table: 'call_minutes_usage_log',
			key: 'id',
			joins: 'join minute_allocations a on a.id = e.allocation_id'
		},
		columns
	);
}
