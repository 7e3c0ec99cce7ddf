/** The wallet's history: pages, filters, totals and the CSV tell the same movements. */
import { parse } from 'csv-parse/sync';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unguardCell } from '$lib/domain/csv/cells';
import { formatMicros, parseMicros } from '$lib/domain/money';
import { exportTransactions } from '$lib/server/wallet/export-transactions';
import { listTransactions } from '$lib/server/wallet/list-transactions';
import type { TransactionType, TransactionView } from '$lib/views';
import { House, type Tenant } from '../support/house';
import { completedForm, post } from '../support/house-callbacks';

let house: House;
let tenant: Tenant;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	tenant = await house.createTenant({ mode: 'wallet' });
	await move('credit', '100', 'Card payment', 'topup');
	for (const seconds of ['61', '10', '125']) {
		const call = await house.placeBound(tenant.id);
		await post(house.services, completedForm(call.sid, house.clock.read(), seconds), call);
	}
	await move('debit', '30', 'Refund of a payment', 'refund');
	await move('credit', '7.25', '=HYPERLINK("http://evil.example"), "quoted"', 'adjustment');
	await move('credit', '5', 'Disputed payment returned', 'dispute_won');
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function move(type: 'credit' | 'debit', amount: string, description: string, kind: string) {
	await house.services.lane.submit({
		kind: 'move_money',
		transactionId: uuid(),
		organizationId: tenant.id,
		type,
		amountMicros: parseMicros(amount),
		description,
		metadata: { kind },
		actor: { kind: 'command_line' }
	});
}

const agent = () => house.as(tenant.agent);

async function readAll(type?: TransactionType, limit = 2): Promise<TransactionView[]> {
	const rows: TransactionView[] = [];
	let cursor: string | undefined;
	do {
		const page = await listTransactions({ ctx: agent(), input: { type, limit, cursor } });
		rows.push(...page.rows);
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
	return rows;
}

async function readCsv(type?: TransactionType): Promise<string[][]> {
	let text = '';
	for await (const chunk of exportTransactions({ ctx: agent(), input: { type } })) text += chunk;
	const lines: string[][] = parse(text, { bom: true });
	return lines.slice(1).map((line) => line.map(unguardCell));
}

describe('the history of a wallet', () => {
	it('given seven movements, when they are read in pages of two, then each is there once, newest first', async () => {
		const rows = await readAll();
		expect(rows.map(({ type, amount }) => [type, amount])).toEqual([
			['refund', '5.000000'],
			['topup', '7.250000'],
			['refund', '-30.000000'],
			['call', '-0.300000'],
			['call', '-0.100000'],
			['call', '-0.200000'],
			['topup', '100.000000']
		]);
		expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
		expect(rows.at(0)?.balanceAfter).toBe('81.650000');
	});

	it.each(['call', 'topup', 'refund'] as const)(
		'given the filter %s, then it holds those alone, and its total is their sum',
		async (type) => {
			const all = await readAll();
			const rows = await readAll(type);
			expect(rows).toEqual(all.filter((row) => row.type === type));
			const sum = rows.reduce((total, row) => total + parseMicros(row.amount), 0n);
			const { breakdown } = await listTransactions({ ctx: agent(), input: {} });
			expect(breakdown[type]).toBe(formatMicros(type === 'topup' ? sum : -sum, 6));
		}
	);

	it('given a movement that is booked between two pages, then the second page is not shifted', async () => {
		const first = await listTransactions({ ctx: agent(), input: { limit: 3 } });
		await move('credit', '1', 'Between two pages', 'adjustment');
		const second = await listTransactions({
			ctx: agent(),
			input: { limit: 10, cursor: first.nextCursor ?? undefined }
		});
		const seen = [...first.rows, ...second.rows].map(({ id }) => id);
		expect(new Set(seen).size).toBe(seen.length);
		expect(seen).toHaveLength(7);
	});
});

describe('its CSV', () => {
	it('given a type or none, when it is exported, then it is what the pages show', async () => {
		for (const type of [undefined, 'call', 'topup', 'refund'] as const) {
			const rows = await readAll(type, 50);
			expect(await readCsv(type)).toEqual(
				rows.map((row) => [
					...[row.createdAt, row.type, row.description, row.amount, row.balanceBefore],
					...[row.balanceAfter, row.callId ?? '', row.paymentId ?? '', row.id]
				])
			);
		}
	});

	it('given a description that a spreadsheet would run, when it is exported, then it is text', async () => {
		let text = '';
		for await (const chunk of exportTransactions({ ctx: agent(), input: {} })) text += chunk;
		expect(text).toContain(`"'=HYPERLINK(""http://evil.example""), ""quoted"""`);
		expect(text).not.toMatch(/(^|,)"?=/m);
	});

	it('given more movements than one reading takes, when it is exported, then none is missing or there twice', async () => {
		await house.sql`
			with base as (select balance from call_balance where organization_id = ${tenant.id})
			insert into balance_transactions (organization_id, amount, type, description, balance_before, balance_after, metadata)
			select ${tenant.id}, 1, case when n % 2 = 1 then 'credit' else 'debit' end, 'Many ' || n,
				balance + (n + 1) % 2, balance + n % 2, '{"kind":"adjustment"}'
			from base, generate_series(1, 2400) n order by n`;
		const lines = await readCsv();
		expect(lines).toHaveLength(2_408);
		expect(new Set(lines.map((line) => line.at(-1))).size).toBe(2_408);
	});
});
