import { and, asc, eq, gt } from 'drizzle-orm';
import type { ListBillFindingsInput } from '$lib/inputs';
import type { BillFindingView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { providerBillFindings as findings } from '../db/schema/index';
import { toBillFindingView } from './bill-rows';

const PAGE_ROWS = 100;

/** What a bill check found, call by call; all of it or one kind. */
export async function listBillFindings({
	ctx,
	input
}: {
	ctx: Context;
	input: ListBillFindingsInput;
}): Promise<Page<BillFindingView>> {
	requirePermission(ctx, 'bills.read');
	const { checkId, kind, cursor } = input;
	const rows = await ctx.services.database.db
		.select()
		.from(findings)
		.where(
			and(
				eq(findings.checkId, checkId),
				kind && eq(findings.kind, kind),
				cursor === undefined ? undefined : gt(findings.id, cursor)
			)
		)
		.orderBy(asc(findings.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(toBillFindingView),
		nextCursor: rows.length > PAGE_ROWS ? (shown.at(-1)?.id ?? null) : null
	};
}
