/** Exports against what they are made of: safe in a spreadsheet, equal when read again, complete. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMicros } from '$lib/domain/money';
import { toCsvLine, unguardCell } from '$lib/domain/csv/cells';
import { countCalls } from '$lib/server/analytics/count-calls';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { loadHistory } from '$lib/server/analytics/load-history';
import { Inline, inline } from '$lib/server/db/inline';
import { cellsOf, moment, phone, plain, text as textColumn } from '$lib/server/exports/columns';
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

async function textOf(lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
	const pieces: Uint8Array[] = [];
	for await (const piece of lines) pieces.push(piece);
	return Buffer.concat(pieces).toString('utf8');
}

function rowsOf(text: string): Record<string, string>[] {
	const rows: Record<string, string>[] = parse(text, { bom: true, comment: '#', columns: true });
	return rows.map((row) =>
		Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, unguardCell(cell)]))
	);
}

function expectDescending(numbers: number[]): void {
	expect(numbers).toEqual(numbers.toSorted((one, other) => other - one));
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

describe('a text on its way from the database to a file', () => {
	it('given hostile and random texts, when read again, then each is what it was, and guarded as ours are', async () => {
		const unit = fc.oneof(
			fc.constantFrom(...`'=+-@＝;, "\t\r\n\v\\.5é\u00a0\u2003\ufeff`),
			fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
		);
		const random = fc.sample(fc.string({ unit, maxLength: 12 }), { numRuns: 2000, seed: 7 });
		const texts = [...HOSTILE, '\\.', ...random].filter((text) => !text.includes('\0'));
		const columns = [plain('n', 't.n'), textColumn('text', 't.text'), plain('nothing', 'null')];
		const lines = await textOf(
			await house.services.database.copyOut(
				'UTC',
				inline`
				select ${cellsOf(columns)}
				from json_array_elements_text(${JSON.stringify(texts)}::json) with ordinality t(text, n) order by n`
			)
		);
		const back: string[][] = parse(lines);
		expect(back.map(([n, cell, nothing]) => [n, unguardCell(cell ?? ''), nothing])).toEqual(
			texts.map((text, n) => [String(n + 1), text, ''])
		);
		const ours: string[][] = parse(
			texts.map((text, n) => toCsvLine([String(n + 1), text, null])).join('')
		);
		expect(back).toEqual(ours);
	});

	it('given values written into a statement, when the server reads them, then each is what it was', async () => {
		const texts = fc
			.sample(fc.string({ unit: fc.constantFrom(...`'"\\$1E;-/*é😀\n`), maxLength: 12 }), {
				numRuns: 500,
				seed: 11
			})
			.concat(`'; drop table calls; --`, `\\'; select 1; --`);
		for (const setting of ['on', 'off']) {
			const read = await house.sql.begin(async (tx) => {
				await tx.unsafe(`set local standard_conforming_strings = ${setting}`);
				const list = texts.map((text) => inline`${text}`.text).join(', ');
				return tx
					.unsafe<{ texts: string[] }[]>(`select array_to_json(array[${list}]) as texts`)
					.simple();
			});
			expect(read[0]?.texts).toEqual(texts);
		}
	});

	it.each([
		['+919876543210', "'+919876543210"],
		['+1=cmd()', ''],
		['+1\n2', ''],
		['anonymous', ''],
		['', '']
	])('given the number %j, when exported, then the cell is %j', async (number, cell) => {
		const source = inline`${number}::text`.text;
		const lines = await textOf(
			await house.services.database.copyOut(
				'UTC',
				inline`select ${phone('number', source).read}, 1`
			)
		);
		expect(lines).toBe(`${cell},1\n`);
	});

	it.each([
		['Asia/Kolkata', '2026-11-21 15:30:00+05:30,2026-11-21 15:30:01+05:30,'],
		['America/New_York', '2026-11-21 05:00:00-05,2026-11-21 05:00:01-05,'],
		['UTC', '2026-11-21 10:00:00+00,2026-11-21 10:00:01+00,']
	])('given moments, when exported in %s, then fractions are cut', async (zone, line) => {
		const cells = cellsOf([
			moment('late', `timestamptz '2026-11-21 10:00:00.999999Z'`),
			moment('exact', `timestamptz '2026-11-21 10:00:01Z'`),
			moment('none', 'null::timestamptz')
		]);
		expect(await textOf(await house.services.database.copyOut(zone, inline`select ${cells}`))).toBe(
			`${line}\n`
		);
	});

	it('given a statement that fails at once or midway, when copied, then it says why, and the pool goes on', async () => {
		for (const query of [
			'select 1 / 0',
			'select 1 / (40000 - n) from generate_series(1, 50000) n'
		]) {
			for (let n = 0; n < 8; n++) {
				await expect(
					house.services.database.copyOut('UTC', new Inline(query))
				).rejects.toMatchObject({
					code: '22012'
				});
			}
		}
		expect(await textOf(await house.services.database.copyOut('UTC', inline`select ${'on'}`))).toBe(
			'on\n'
		);
	});

	it('given rows and an error that come in one piece, when copied, then it fails and the connection goes on', async () => {
		const query = new Inline(
			`select repeat('x', 1000), 1 / (31 - n) from generate_series(1, 99) n`
		);
		for (let n = 0; n < 8; n++) {
			const copying = house.services.database
				.copyOut('UTC', query)
				.catch((error: unknown) => error);
			// Nothing is read meanwhile, so that all of it is there when something is.
			const idle = new Int32Array(new SharedArrayBuffer(4));
			for (let turn = 0; turn < 12; turn++) {
				Atomics.wait(idle, 0, 0, 10);
				await new Promise((resolve) => setImmediate(resolve));
			}
			expect(await copying).toMatchObject({ code: '22012' });
		}
	});

	it('given a connection that is cut midway, when copied, then it is said, and the pool goes on', async () => {
		const cut = `case when n = 40000 then pg_terminate_backend(pg_backend_pid())::text else 'x' end`;
		for (let n = 0; n < 8; n++) {
			await expect(
				house.services.database.copyOut(
					'UTC',
					inline`select ${new Inline(cut)} from generate_series(1, 80000) n`
				)
			).rejects.toMatchObject({
				code: expect.stringMatching(/^(57P01|CONNECTION_CLOSED|ECONNRESET)$/) as string
			});
		}
		expect(await textOf(await house.services.database.copyOut('UTC', inline`select ${'on'}`))).toBe(
			'on\n'
		);
	});

	it('given a statement that would write, when copied, then it is refused', async () => {
		await expect(
			house.services.database.copyOut(
				'UTC',
				inline`select nextval('call_minutes_usage_log_id_seq')`
			)
		).rejects.toMatchObject({ code: '25006' });
	});

	it('given rows of any length, when copied, then none is lost or cut', async () => {
		const lines = await textOf(
			await house.services.database.copyOut(
				'UTC',
				inline`select n, repeat('x', 1 + (n * 37) % 200 + case when n % 5000 = 0 then 200000 else 0 end) from generate_series(1, 20000) n`
			)
		);
		const lengths = lines
			.split('\n')
			.slice(0, -1)
			.map((line) => line.split(',').map((cell, k) => (k === 0 ? Number(cell) : cell.length)));
		expect(lengths).toEqual(
			Array.from({ length: 20_000 }, (_, k) => [
				k + 1,
				1 + (((k + 1) * 37) % 200) + ((k + 1) % 5000 === 0 ? 200_000 : 0)
			])
		);
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
			expect(calls.map((call) => call.call_id)).toEqual(
				calls
					.map((call) => call.call_id ?? '')
					.sort()
					.reverse()
			);
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
			expectDescending(paid.map((row) => Number(row.entry)));
			const forCalls = paid.filter((row) => row.call_id !== '');
			expect(-sum(forCalls, 'amount')).toBe(parseMicros(totals.cost));
			const used = rowsOf(await textOf(exportUsage({ ctx, input: question })));
			expectDescending(used.map((row) => Number(row.entry)));
			const [truth] = await house.sql`
				select sum(minutes_consumed)::int as minutes from call_minutes_usage_log where organization_id = ${tenant.id}`;
			expect(sum(used, 'minutes')).toBe(BigInt(truth?.minutes) * 1_000_000n);

			const failed = rowsOf(
				await textOf(exportCalls({ ctx, input: { ...question, status: 'failed' } }))
			);
			expect(failed).toHaveLength(totals.failed);
		}
	});

	it('given entries that come in between what is asked, when exported, then none that was there is missing', async () => {
		const tenant = await house.createTenant({ minutes: 5 });
		const ctx = house.as(tenant.manager);
		const allocation = await house.sql<{ id: string }[]>`
			select id from minute_allocations where organization_id = ${tenant.id}`;
		const add = (count: number) => house.sql`
			insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed,
				call_start_time, call_end_time, created_at)
			select ${tenant.id}, 'c' || nextval('call_minutes_usage_log_id_seq'), ${allocation[0]?.id ?? ''}, 1, now(), now(), to_timestamp(${ctx.nowMs} / 1000.0)
			from generate_series(1, ${count}::int)`;
		await add(12_000);
		const before = await house.sql<{ id: string }[]>`
			select id from call_minutes_usage_log where organization_id = ${tenant.id} order by id desc`;
		const { database } = ctx.services;
		const slowly: typeof database = {
			...database,
			async copyOut(...given) {
				await add(50);
				return database.copyOut(...given);
			}
		};
		const late = { ...ctx, services: { ...ctx.services, database: slowly } };
		const used = rowsOf(await textOf(exportUsage({ ctx: late, input: { days: 7 } })));
		const entries = used.map((row) => row.entry);
		expect(entries.slice(-before.length)).toEqual(before.map(({ id }) => String(id)));
	});

	it('given an agent or another organisation, when exported, then it is refused', async () => {
		const [own, other] = [await house.createTenant(), await house.createTenant()];
		const ask = (person: typeof own.agent, organizationId?: number) =>
			exportCalls({ ctx: house.as(person), input: { days: 7, limit: 50, organizationId } }).next();
		await expect(ask(own.agent)).rejects.toMatchObject({ code: 'forbidden' });
		await expect(ask(own.manager, other.id)).rejects.toMatchObject({ code: 'forbidden' });
	});
});
