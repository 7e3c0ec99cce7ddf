import type { RequestEvent } from '@sveltejs/kit';
import { ReportInput } from '$lib/inputs';
import { parseInput } from '../parse';
import { exportReport } from '../reports/export-report';
import { answerRest } from './rest';

/** A sealed month as a file. */
export function serveReport(event: RequestEvent): Promise<Response> {
	return answerRest(event, async () => {
		const { searchParams } = event.url;
		const named = searchParams.get('organization_id');
		const input = parseInput(ReportInput, {
			organizationId: named === null ? undefined : Number(named),
			month: searchParams.get('month') ?? undefined
		});
		return new Response(await exportReport({ ctx: event.locals.ctx, input }), {
			headers: {
				'content-type': 'text/csv; charset=utf-8',
				'content-disposition': `attachment; filename="talktime-report-${input.month}.csv"`,
				'cache-control': 'private, no-store'
			}
		});
	});
}
