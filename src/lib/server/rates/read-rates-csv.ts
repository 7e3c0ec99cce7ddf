import { parse } from 'csv-parse/sync';
import { v7 as uuid } from 'uuid';
import { parseMicros } from '$lib/domain/money';
import { AppError } from '../errors';

const ROWS_MAX = 100_000;

export interface RateRow {
	id: string;
	prefix: string;
	description: string;
	perMinute: bigint;
	initialSeconds: number;
	incrementSeconds: number;
	effectiveFrom: Date;
}

export interface RowError {
	line: number;
	sentence: string;
}

/**
 * Reads rates from CSV with the columns prefix, description, per_minute and, when wanted, increment
 * (`60/60`, `30/6`, `1/1`) and effective_from. @throws AppError `invalid` when it is no table of rates
 */
export function readRatesCsv(csv: string, nowMs: number): { rows: RateRow[]; errors: RowError[] } {
	const rows: RateRow[] = [];
	const errors: RowError[] = [];
	const lineByKey = new Map<string, number>();
	for (const [index, record] of readRecords(csv).entries()) {
		const line = index + 2;
		const read = readRate(record, nowMs);
		if (typeof read === 'string') errors.push({ line, sentence: read });
		else {
			const key = `${read.prefix} ${read.effectiveFrom.getTime()}`;
			const twin = lineByKey.get(key);
			if (twin !== undefined) {
				errors.push({ line, sentence: `prefix and effective_from are those of line ${twin}.` });
			} else rows.push(read);
			lineByKey.set(key, line);
		}
	}
	return { rows, errors };
}

function readRecords(csv: string): Record<string, string>[] {
	let records: Record<string, string>[];
	try {
		records = parse(csv, { columns: true, skip_empty_lines: true, trim: true, bom: true });
	} catch (error) {
		const why = error instanceof Error ? error.message : '';
		throw new AppError('invalid', `The file is no CSV: ${why}`);
	}
	if (records.length === 0 || records.length > ROWS_MAX) {
		const most = ROWS_MAX.toLocaleString('en');
		throw new AppError('invalid', `The file must have 1 to ${most} rates.`);
	}
	return records;
}

/** @returns the rate, or the sentence that says what is wrong */
function readRate(record: Record<string, string>, nowMs: number): RateRow | string {
	const prefix = (record.prefix ?? '').replace(/^\+/, '');
	if (!/^\d{0,15}$/.test(prefix)) return 'prefix must be up to 15 digits.';
	if (!/^\d{1,3}(\.\d{1,6})?$/.test(record.per_minute ?? '')) {
		return 'per_minute must be dollars from 0 to 999.999999.';
	}
	const increment = /^(\d{1,4})\/(\d{1,4})$/.exec(record.increment || '60/60');
	const [initialSeconds, incrementSeconds] = [Number(increment?.[1]), Number(increment?.[2])];
	const isSeconds = (value: number) => value >= 1 && value <= 3600;
	if (!isSeconds(initialSeconds) || !isSeconds(incrementSeconds)) {
		return 'increment must be like 60/60, 30/6 or 1/1, each from 1 to 3600.';
	}
	const effectiveFrom = record.effective_from ? new Date(record.effective_from) : new Date(nowMs);
	if (Number.isNaN(effectiveFrom.getTime())) return 'effective_from must be a date.';
	// PostgreSQL keeps other years than Date does.
	const year = effectiveFrom.getUTCFullYear();
	if (year < 2000 || year > 2100) return 'effective_from must be from 2000 to 2100.';
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
