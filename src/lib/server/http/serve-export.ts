/** A CSV over HTTP, sent as it is read: the first bytes at once, and never more in memory than a few chunks. */
import type { RequestEvent } from '@sveltejs/kit';
import { ExportNameInput, ExportQuery } from '$lib/inputs';
import { exportCalls } from '../exports/export-calls';
import { exportTransactions } from '../exports/export-transactions';
import { exportUsage } from '../exports/export-usage';
import { parseInput } from '../parse';
import { answerRest } from './rest';

const READERS = { calls: exportCalls, transactions: exportTransactions, usage: exportUsage };

export function serveExport(event: RequestEvent): Promise<Response> {
	return answerRest(event, async () => {
		const { ctx } = event.locals;
		const what = parseInput(ExportNameInput, event.params.what);
		const input = parseInput(ExportQuery, Object.fromEntries(event.url.searchParams));
		const lines = READERS[what]({ ctx, input });
		// The head is read first: a refusal is an answer of its own and not a broken file.
		const head = await lines.next();
		const name = `talktime-${what}-${new Date(ctx.nowMs).toISOString().slice(0, 10)}.csv`;
		return new Response(streamOf(head.value ?? new Uint8Array(), lines), {
			headers: {
				'content-type': 'text/csv; charset=utf-8',
				'content-disposition': `attachment; filename="${name}"`,
				'cache-control': 'private, no-store',
				// Nothing between here and the browser may wait for the end.
				'x-accel-buffering': 'no'
			}
		});
	});
}

/** A stream that breaks off with an error when reading fails, so that nobody takes a part for the whole. */
function streamOf(head: Uint8Array, lines: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
	return new ReadableStream(
		{
			start: (controller) => controller.enqueue(head),
			async pull(controller) {
				const { value, done } = await lines.next();
				if (done) controller.close();
				else controller.enqueue(value);
			},
			async cancel() {
				await lines.return(undefined);
			}
		},
		{ highWaterMark: 1 }
	);
}
