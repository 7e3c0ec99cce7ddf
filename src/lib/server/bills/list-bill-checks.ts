import { and, desc, eq, lt } from 'drizzle-orm';
import type { ListBillChecksInput } from '$lib/inputs';
import type { BillCheckView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { providerBillChecks } from '../db/schema/index';
import { toBillCheckView } from './bill-rows';

const PAGE_ROWS = 60;

/** Bill checks, newest day first; of one provider or of all. */
export async function listBillChecks({
	ctx,
	input
}: {
	ctx: Context;
	input: ListBillChecksInput;
}): Promise<Page<BillCheckView>> {
	requirePermission(ctx, 'bills.read');
	const { provider, cursor } = input;
	const rows = await ctx.services.database.db
		.select()
		.from(providerBillChecks)
		.where(
			and(
				provider && eq(providerBillChecks.provider, provider),
				cursor === undefined ? undefined : lt(providerBillChecks.day, cursor)
			)
		)
		.orderBy(desc(providerBillChecks.day), providerBillChecks.provider)
		.limit(PAGE_ROWS + 1);
	// A page ends with a whole day: the next one starts with the day before it.
	const isCut = rows.length > PAGE_ROWS;
	const lastDay = rows.at(-1)?.day;
	const shown = isCut ? rows.filter(({ day }) => day !== lastDay) : rows;
	return {
		rows: shown.map(toBillCheckView),
		nextCursor: isCut ? (shown.at(-1)?.day ?? null) : null
	};
}
