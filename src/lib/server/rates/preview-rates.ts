import { sql } from 'drizzle-orm';
import { formatMicros, parseMicros } from '$lib/domain/money';
import type { RatesCsvInput } from '$lib/inputs';
import type { RatesPreviewView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { readRatesCsv, type RateRow } from './read-rates-csv';

const ERRORS_SHOWN = 100;
const CHANGES_SHOWN = 50;

interface InForce extends Record<string, unknown> {
	prefix: string;
	per_minute: string;
	initial_seconds: number;
	increment_seconds: number;
}

/** What an import of this file would do, and what is wrong with which line. Changes nothing. */
export async function previewRates({
	ctx,
	input
}: {
	ctx: Context;
	input: RatesCsvInput;
}): Promise<RatesPreviewView> {
	requirePermission(ctx, 'rates.write');
	const { rows, errors } = readRatesCsv(input.csv, ctx.nowMs);
	const inForce = await findInForce(ctx);
	const preview: RatesPreviewView = {
		rows: rows.length,
		added: 0,
		changed: 0,
		unchanged: 0,
		changes: [],
		errors: errors.slice(0, ERRORS_SHOWN)
	};
	for (const row of rows) {
		const before = inForce.get(row.prefix);
		if (before && isSame(before, row)) {
			preview.unchanged++;
			continue;
		}
		if (before) preview.changed++;
		else preview.added++;
		if (preview.changes.length < CHANGES_SHOWN) {
			const { prefix, description } = row;
			const after = formatMicros(row.perMinute, 6);
			preview.changes.push({ prefix, description, before: before?.per_minute ?? null, after });
		}
	}
	return preview;
}

async function findInForce(ctx: Context): Promise<Map<string, InForce>> {
	const rows = await ctx.services.database.db.execute<InForce>(sql`
		select distinct on (prefix) prefix, per_minute::text, initial_seconds, increment_seconds from rates
		where effective_from <= to_timestamp(${ctx.nowMs} / 1000.0) order by prefix, effective_from desc`);
	return new Map(rows.map((row) => [row.prefix, row]));
}

function isSame(before: InForce, row: RateRow): boolean {
	return (
		parseMicros(before.per_minute) === row.perMinute &&
		before.initial_seconds === row.initialSeconds &&
		before.increment_seconds === row.incrementSeconds
	);
}
