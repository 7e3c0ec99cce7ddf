/** What verbs of a member are given: a database that shows one organisation, whatever they ask it. */
import { eq, sql as text } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Inline } from '$lib/server/db/inline';
import { openTenantDatabases, type TenantDatabases } from '$lib/server/db/tenant';
import { contacts, mails } from '$lib/server/db/schema/index';
import { House, type Tenant } from '../support/house';

let house: House;
let asha: Tenant;
let northwind: Tenant;
let tenants: TenantDatabases;

beforeAll(async () => {
	house = await House.open();
	[asha, northwind] = await Promise.all([house.createTenant(), house.createTenant()]);
	for (const { id } of [asha, asha, northwind]) await house.createContact(id);
	// One connection, so that whatever is left on it is met by the next.
	tenants = openTenantDatabases(house.databaseUrl, 1);
});

afterAll(async () => {
	await tenants.close();
	await house.close();
});

describe('the database of a member', () => {
	it('given queries that name no organisation, then each sees its own rows', async () => {
		const { db, sql } = tenants.of(asha.id);
		const seen = [
			(await db.select().from(contacts)).length,
			(await db.execute(text`select * from contacts`)).length,
			await db.$count(contacts),
			(await sql`select * from contacts`).count,
			(await sql.unsafe('select * from contacts')).length,
			(await db.transaction((tx) => tx.select().from(contacts))).length,
			await sql.begin(async (tx) => (await tx`select * from contacts`).count),
			await sql.begin('read only', async (tx) => (await tx`select * from contacts`).count)
		];
		expect(seen).toEqual(seen.map(() => 2));
		expect(await tenants.of(northwind.id).db.$count(contacts)).toBe(1);
	});

	it('given rows that are copied, then they are its own, after a failure and after others too', async () => {
		const copied = async ({ id }: Tenant, query: string) => {
			const lines = await tenants.of(id).copyOut('UTC', new Inline(query));
			return Buffer.concat(lines).toString().split('\n').length - 1;
		};
		expect(await copied(asha, 'select id from contacts')).toBe(2);
		await expect(copied(asha, 'select 1 / 0 from contacts')).rejects.toMatchObject({
			code: '22012'
		});
		expect(await copied(northwind, 'select id from contacts')).toBe(1);
		expect(await copied(asha, 'select id from contacts')).toBe(2);
	});

	it('given many at once on one connection, then each is answered with its own', async () => {
		const asked = Array.from({ length: 40 }, (_, index) => (index % 2 ? asha : northwind));
		const counts = await Promise.all(asked.map(({ id }) => tenants.of(id).db.$count(contacts)));
		expect(counts).toEqual(asked.map((tenant) => (tenant === asha ? 2 : 1)));
	});

	it('given fragments, lists and names, then the query is put together as by the driver', async () => {
		const { sql } = tenants.of(asha.id);
		const own = sql`organization_id = ${asha.id}`;
		const parts = [sql`name = ${'Lead'}`, sql`and true`];
		const rows = await sql<{ name: string }[]>`
			select ${sql('name')} from ${sql('contacts')} where ${own} and ${parts}
				and name in ${sql(['Lead', 'Other'])} ${sql``}`;
		expect(rows.map(({ name }) => name)).toEqual(['Lead', 'Lead']);
		expect(await sql`select ${1}::int as a, ${'x'} as b`.values()).toEqual([[1, 'x']]);
	});

	it('given a write to another organisation, then it is refused and nothing is written', async () => {
		const { db } = tenants.of(asha.id);
		const row = {
			organizationId: northwind.id,
			key: 'k',
			to: 'a@b.example',
			subject: 's',
			text: 't'
		};
		await expect(db.insert(mails).values(row)).rejects.toMatchObject({
			cause: { message: expect.stringContaining('row-level security') as string }
		});
		await db.update(contacts).set({ name: 'Mine' });
		await db.delete(contacts).where(eq(contacts.organizationId, northwind.id));
		const [other] =
			await house.sql`select name from contacts where organization_id = ${northwind.id}`;
		expect(other?.name).toBe('Lead');
	});

	it('given a statement that fails, then its error is told and the connection goes on', async () => {
		const { sql, db } = tenants.of(asha.id);
		await expect(sql`select 1 / 0`).rejects.toBeInstanceOf(postgres.PostgresError);
		await expect(
			db.transaction(async (tx) => {
				await tx.update(contacts).set({ name: 'Undone' });
				throw new Error('not so');
			})
		).rejects.toThrow('not so');
		const names = await db.select({ name: contacts.name }).from(contacts);
		expect(names.map(({ name }) => name)).not.toContain('Undone');
	});

	it('given a value that cannot be sent, then its statement is refused and the connection goes on', async () => {
		const { sql } = tenants.of(asha.id);
		await expect(sql`select ${Symbol('none') as unknown as string}::text`).rejects.toThrow();
		await expect(sql`select ${undefined as unknown as string}::text`).rejects.toThrow('UNDEFINED');
		expect((await sql`select * from contacts`).count).toBe(2);
	});

	it('given a read by Drizzle that is asked again, then the connection has it under a name', async () => {
		const { sql, db } = tenants.of(asha.id);
		const read = () =>
			db.select({ id: contacts.id }).from(contacts).where(eq(contacts.phone, '+12025550100'));
		await read();
		await read();
		const named = await sql<{ asked: number }[]>`
			select (generic_plans + custom_plans)::int as asked from pg_prepared_statements
			where statement like 'select "id" from "contacts" where "contacts"."phone"%'`;
		expect(named).toEqual([{ asked: 2 }]);
	});

	it('given short reads of one moment, then they share a transaction, bound like any other', async () => {
		const { quick } = tenants.of(asha.id);
		const read = () =>
			quick
				.select({ at: text<string>`transaction_timestamp()::text`, name: contacts.name })
				.from(contacts);
		const [one, other, foreign] = await Promise.all([
			read(),
			read(),
			tenants.of(northwind.id).quick.select().from(contacts)
		]);
		expect(one).toEqual(other);
		expect([one.length, foreign.length]).toEqual([2, 1]);
		const [later] = await read();
		expect(later?.at).not.toBe(one[0]?.at);
	});

	it('given one of them that fails, then all are told why, and the connection goes on', async () => {
		const { quick } = tenants.of(asha.id);
		const read = (value: number) => quick.select({ share: text`1 / ${value}::int` }).from(contacts);
		const settled = await Promise.allSettled([read(1), read(0), read(2)]);
		const reasons = settled.map((one) => one.status === 'rejected' && String(one.reason.cause));
		expect(reasons).toEqual(Array(3).fill(expect.stringContaining('division by zero')));
		expect(await read(1)).toHaveLength(2);
	});

	it('given a connection that is cut under a statement, then the next one is answered over a new one', async () => {
		const { sql } = tenants.of(asha.id);
		const [own] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
		const sleeping = expect(sql`select pg_sleep(60)`).rejects.toThrow();
		const isAsleep = async () =>
			(
				await house.sql`select from pg_stat_activity
				where pid = ${own?.pid ?? 0} and wait_event = 'PgSleep'`
			).count === 1;
		await expect.poll(isAsleep).toBe(true);
		await house.sql`select pg_terminate_backend(${own?.pid ?? 0})`;
		await sleeping;
		const [next] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
		expect(next?.pid).not.toBe(own?.pid);
	});

	it('given a statement that was never bound, then it sees nothing and writes nothing', async () => {
		const pool = postgres(house.databaseUrl, { max: 1, connection: { role: 'talktime_tenant' } });
		await pool.begin(
			(tx) => tx`select set_config('app.organization_id', ${String(asha.id)}, true)`
		);
		expect((await pool`select * from contacts`).count).toBe(0);
		await expect(pool`drop table contacts`).rejects.toThrow('must be owner');
		await pool.end();
	});

	it('given the context of a member, then its services are bound, and those of a super admin are not', async () => {
		const admin = await house.createPerson('super_admin');
		const seen = [asha.agent, asha.manager, northwind.agent, admin].map((person) =>
			house.as(person).services.database.db.$count(contacts)
		);
		expect(await Promise.all(seen)).toEqual([2, 2, 1, 3]);
	});
});
