/**
 * All entries in hledger's journal format, so that other people's accounting can read ours and agree:
 * minutes as a commodity, dollars as another, one account per organisation and allocation.
 */
import { formatMicros, parseMicros } from '$lib/domain/money';
import type postgres from 'postgres';
import { requirePermission } from '../authorize';
import type { Context } from '../context';

const CHUNK_ROWS = 5_000;

/** The journal as text chunks, oldest first within each table. */
export async function* exportJournal({ ctx }: { ctx: Context }): AsyncGenerator<string> {
	requirePermission(ctx, 'fleet.read');
	const { sql } = ctx.services.database;
	yield '; Talktime: every entry of minutes (min) and dollars (USD)\ncommodity 1000. min\ncommodity 1000.000000 USD\n\n';
	yield* entries(sql, 'call_minutes_allocation_history', toAllocationEntry);
	yield* entries(sql, 'call_minutes_usage_log', toUsageEntry);
	yield* transactions(sql);
}

type Row = Record<string, unknown>;

async function* entries(
	sql: postgres.Sql,
	table: string,
	toEntry: (row: Row) => string
): AsyncGenerator<string> {
	for (let after = 0; ;) {
		const rows = await sql<Row[]>`
			select *, to_char(coalesce(${sql(table === 'call_minutes_usage_log' ? 'created_at' : 'allocated_at')}, now()) at time zone 'UTC', 'YYYY-MM-DD') as day
			from ${sql(table)} where id > ${after} order by id limit ${CHUNK_ROWS}`;
		if (rows.length === 0) return;
		yield rows.map(toEntry).join('');
		after = Number(rows.at(-1)?.id);
	}
}

async function* transactions(sql: postgres.Sql): AsyncGenerator<string> {
	let at = new Date(0).toISOString();
	let after = '00000000-0000-0000-0000-000000000000';
	for (;;) {
		const rows = await sql<Row[]>`
			select *, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day,
				to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as exact_at
			from balance_transactions where (created_at, id) > (${at}::timestamptz, ${after}::uuid)
			order by created_at, id limit ${CHUNK_ROWS}`;
		const last = rows.at(-1);
		if (!last) return;
		yield rows.map(toMoneyEntry).join('');
		at = String(last.exact_at);
		after = String(last.id);
	}
}

function toAllocationEntry(row: Row): string {
	const account = `assets:organisation ${row.organization_id}:minutes:${row.allocation_id}`;
	const sign = row.kind === 'revoke' || row.kind === 'expire' ? '-' : '';
	return entry(
		row,
		`${row.kind}: ${row.reason}`,
		account,
		`${sign}${row.minutes} min`,
		'equity:granted'
	);
}

function toUsageEntry(row: Row): string {
	const account = `assets:organisation ${row.organization_id}:minutes:${row.allocation_id}`;
	const what = `expenses:organisation ${row.organization_id}:calls`;
	return entry(row, `call ${row.call_id}`, account, `-${row.minutes_consumed} min`, what);
}

function toMoneyEntry(row: Row): string {
	const account = `assets:organisation ${row.organization_id}:wallet`;
	const amount = formatMicros(parseMicros(String(row.amount)), 6);
	const isOut = row.type === 'debit';
	const other = row.call_id
		? `expenses:organisation ${row.organization_id}:calls`
		: 'equity:paid in';
	return entry(row, String(row.description), account, `${isOut ? '-' : ''}${amount} USD`, other);
}

/** Two postings: the amount on one account, what is left to balance it on the other. */
function entry(row: Row, text: string, account: string, amount: string, other: string): string {
	const description = text.replace(/[\r\n;|]+/g, ' ').slice(0, 200);
	return `${row.day} ${description}\n    ${account}  ${amount}\n    ${other}\n\n`;
}
