import type { RatesCsvInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { rates } from '../db/schema/index';
import { AppError } from '../errors';
import { readRatesCsv } from './read-rates-csv';

/** Imports rates from CSV. All rows or none: the first wrong one is named. */
export async function importRates({
	ctx,
	input
}: {
	ctx: Context;
	input: RatesCsvInput;
}): Promise<{ imported: number }> {
	requirePermission(ctx, 'rates.write');
	const { rows, errors } = readRatesCsv(input.csv, ctx.nowMs);
	const [first] = errors;
	if (first) throw new AppError('invalid', `Line ${first.line}: ${first.sentence}`);
	await ctx.services.database.db.transaction(async (tx) => {
		for (let from = 0; from < rows.length; from += 1_000) {
			await tx
				.insert(rates)
				.values(rows.slice(from, from + 1_000))
				.onConflictDoNothing();
		}
		await writeAudit(tx, ctx, {
			organizationId: null,
			action: 'rates.import',
			after: { rows: rows.length }
		});
	});
	return { imported: rows.length };
}
