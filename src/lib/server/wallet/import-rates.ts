import { parse } from 'csv-parse/sync';
import { v7 as uuid } from 'uuid';
import { parseMicros } from '$lib/domain/money';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { rates } from '../db/schema/index';
import { AppError } from '../errors';

const ROWS_MAX = 100_000;

/**
 * Imports rates from CSV with the columns prefix, description, per_minute and, when wanted, increment
 * (`60/60`, `30/6`, `1/1`) and effective_from. All rows or none: the first wrong one is named.
 */
export async function importRates({
	ctx,
	input
}: {
	ctx: Context;
	input: { csv: string };
}): Promise<{ imported: number }> {
	requirePermission(ctx, 'rates.write');
	const records = readRecords(input.csv);
	const values = records.map((record, index) => readRate(record, index + 2, ctx.nowMs));
	await ctx.services.database.db.transaction(async (tx) => {
		for (let from = 0; from < values.length; from += 1_000) {
			await tx
				.insert(rates)
				.values(values.slice(from, from + 1_000))
				.onConflictDoNothing();
		}
		await writeAudit(tx, ctx, {
			organizationId: null,
			action: 'rates.import',
			after: { rows: values.length }
		});
	});
	return { imported: values.length };
}

function readRecords(csv: string): Record<string, string>[] {
	let records: Record<string, string>[];
	try {
		records = parse(csv, { columns: true, skip_empty_lines: true, trim: true, bom: true });
	} catch (error) {
		throw new AppError(
			'invalid',
			`The file is no CSV: ${error instanceof Error ? error.message : ''}`
		);
	}
	if (records.length === 0 || records.length > ROWS_MAX) {
		throw new AppError(
			'invalid',
			`The file must have 1 to ${ROWS_MAX.toLocaleString('en')} rates.`
		);
	}
	return records;
}

function readRate(record: Record<string, string>, line: number, nowMs: number) {
	const fail = (sentence: string) => new AppError('invalid', `Line ${line}: ${sentence}`);
	const prefix = (record.prefix ?? '').replace(/^\+/, '');
	if (!/^\d{0,15}$/.test(prefix)) throw fail('prefix must be up to 15 digits.');
	if (!/^\d{1,3}(\.\d{1,6})?$/.test(record.per_minute ?? '')) {
		throw fail('per_minute must be dollars from 0 to 999.999999.');
	}
	const increment = /^(\d{1,4})\/(\d{1,4})$/.exec(record.increment || '60/60');
	const [initialSeconds, incrementSeconds] = [Number(increment?.[1]), Number(increment?.[2])];
	if (!(
		initialSeconds >= 1 &&
		initialSeconds <= 3600 &&
		incrementSeconds >= 1 &&
		incrementSeconds <= 3600
	)) {
		throw fail('increment must be like 60/60, 30/6 or 1/1, each from 1 to 3600.');
	}
	const effectiveFrom = record.effective_from ? new Date(record.effective_from) : new Date(nowMs);
	if (Number.isNaN(effectiveFrom.getTime())) throw fail('effective_from must be a date.');
	return {
		id: uuid(),
		prefix,
		description: (record.description ?? '').slice(0, 200),
		perMinute: parseMicros(record.per_minute ?? '0'),
		initialSeconds,
		incrementSeconds,
		effectiveFrom
	};
}
