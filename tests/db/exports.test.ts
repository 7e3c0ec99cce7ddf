/** Exports against what they are made of: safe in a spreadsheet, equal when read again, complete. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMicros } from '$lib/domain/money';
import { toCsvLine, unguardCell } from '$lib/domain/csv/cells';
import { countCalls } from '$lib/server/analytics/count-calls';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { loadHistory } from '$lib/server/analytics/load-history';
import { columnKinds, joined, toCsvLines } from '$lib/server/exports/columns';
import { exportCalls } from '$lib/server/exports/export-calls';
import { exportTransactions } from '$lib/server/exports/export-transactions';
import { exportUsage } from '$lib/server/exports/export-usage';
import { House } from '../support/house';
import { RecordingProvider } from '../support/house-provider';

let house: House;
beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
});
afterAll(() => house.close());

async function textOf(lines: AsyncGenerator<string>): Promise<string> {
	let text = '';
	for await (const line of lines) text += line;
	return text;
}

function rowsOf(text: string): Record<string, string>[] {
	const rows: Record<string, string>[] = parse(text, { bom: true, comment: '#', columns: true });
	return rows.map((row) =>
		Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, unguardCell(cell)]))
	);
}

const HOSTILE = [
	'=cmd()',
	'+919876543210',
	'-2+3',
	'@SUM(A1)',
	'a "quoted", name',
	'two\nlines',
	';=1',
	'😀',
	' ',
	"'=x",
	''
];

/** What separates columns on their way, which no keyboard writes. */
const SEPARATOR = /\x1f/g;

describe('a text on its way from the database to a file', () => {
	it('given hostile and random texts, when read again, then each is what it was, and guarded as ours are', async () => {
		const random = fc.sample(fc.string({ unit: 'grapheme', maxLength: 12 }), {
			numRuns: 200,
			seed: 7
		});
		const texts = [...HOSTILE, 'a\x1fb', ...random].filter((text) => !text.includes('\0'));
		const { sql } = house;
		const { plain, text } = columnKinds(sql, 'UTC');
		const columns = [plain('n', 't.n'), text('text', 't.text'), plain('nothing', 'null')];
		const rows = await sql<{ row: string }[]>`
			select ${joined(sql, columns)} as row
			from json_array_elements_text(${JSON.stringify(texts)}::json) with ordinality t(text, n) order by n`;
		const lines = [...toCsvLines(rows, columns)].join('');
		const back: string[][] = parse(lines);
		const meant = texts.map((text) => text.replace(SEPARATOR, ''));
		expect(back.map(([n, cell, nothing]) => [n, unguardCell(cell ?? ''), nothing])).toEqual(
			meant.map((text, n) => [String(n + 1), text, ''])
		);
		const ours: string[][] = parse(
			meant.map((text, n) => toCsvLine([String(n + 1), text, null])).join('')
		);
		expect(back).toEqual(ours);
	});
});

describe('the exports of a period', () => {
	it('given calls in two zones, when exported, then charts, receipts and files say the same', async () => {
		// The first has more calls and transactions than one statement reads.
		for (const [timezone, count] of [
			['Asia/Kolkata', 13_000],
			['America/New_York', 1_200]
		] as const) {
			const tenant = await house.createTenant({ minutes: 5 });
			await house.sql`update organizations set timezone = ${timezone} where id = ${tenant.id}`;
			const contact = await house.createContact(tenant.id, '+14155550199');
			await house.sql`update contacts set name = '=cmd(), "x"' where id = ${contact}`;
			await house.sql`update users set name = '=who()' where id = ${tenant.agent.userId}`;
			const input = { organizationId: tenant.id, calls: count, days: 40 };
			await loadHistory({ ctx: house.commandLine(), input });
			await countCalls({ ctx: house.commandLine() });
			const ctx = house.as(tenant.manager);
			const question = { days: 90 as const, limit: 50 };
			const { totals, placed } = await getAnalytics({ ctx, input: question });
			const text = await textOf(exportCalls({ ctx, input: question }));
			expect(text).toContain(`days of ${timezone}`);
			const calls = rowsOf(text);
			expect(calls).toHaveLength(placed);
			expect(new Set(calls.map((call) => call.call_id)).size).toBe(placed);
			expect(calls[0]).toMatchObject({ number: '+14155550199', contact: '=cmd(), "x"' });
			const callers = await house.sql<{ id: string; name: string }[]>`
				select c.id, coalesce(u.name, '') as name from calls c left join users u on u.id = c.user_id
				where c.organization_id = ${tenant.id}`;
			const named = Object.fromEntries(callers.map(({ id, name }) => [id, name]));
			expect(Object.fromEntries(calls.map((call) => [call.call_id, call.agent]))).toEqual(named);
			expect(Object.values(named)).toContain('=who()');
			const sum = (rows: Record<string, string>[], name: string) =>
				rows.reduce((all, row) => all + parseMicros(row[name] || '0'), 0n);
			expect(sum(calls, 'talk_seconds')).toBe(BigInt(totals.talkSeconds) * 1_000_000n);
			expect(sum(calls, 'billed_minutes')).toBe(BigInt(totals.billedMinutes) * 1_000_000n);
			expect(sum(calls, 'cost')).toBe(parseMicros(totals.cost));

			const paid = rowsOf(await textOf(exportTransactions({ ctx, input: question })));
			const forCalls = paid.filter((row) => row.call_id !== '');
			expect(-sum(forCalls, 'amount')).toBe(parseMicros(totals.cost));
			const used = rowsOf(await textOf(exportUsage({ ctx, input: question })));
			const [truth] = await house.sql`
				select sum(minutes_consumed)::int as minutes from call_minutes_usage_log where organization_id = ${tenant.id}`;
			expect(sum(used, 'minutes')).toBe(BigInt(truth?.minutes) * 1_000_000n);

			const failed = rowsOf(
				await textOf(exportCalls({ ctx, input: { ...question, status: 'failed' } }))
			);
			expect(failed).toHaveLength(totals.failed);
		}
	});

	it('given an agent or another organisation, when exported, then it is refused', async () => {
		const [own, other] = [await house.createTenant(), await house.createTenant()];
		const ask = (person: typeof own.agent, organizationId?: number) =>
			exportCalls({ ctx: house.as(person), input: { days: 7, limit: 50, organizationId } }).next();
		await expect(ask(own.agent)).rejects.toMatchObject({ code: 'forbidden' });
		await expect(ask(own.manager, other.id)).rejects.toMatchObject({ code: 'forbidden' });
	});
});
