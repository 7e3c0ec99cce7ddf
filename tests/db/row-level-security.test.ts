/**
 * The database itself keeps organisations apart (DESIGN.md section 4): every table of the catalog, every
 * verb, for rows of one's own, of another's, and when it was forgotten to say whose.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { dropChecks, insertRow, userIdOf } from '../support/tenant-rows';
import {
	CLOSED,
	complaintAbout,
	ownerColumn,
	readTables,
	SHARED,
	type TableFacts
} from '../support/tenant-tables';

const OWN = 1;
const FOREIGN = 2;
/** Has a person and nothing else yet. */
const EMPTY = 3;
const VERBS = ['select', 'insert', 'update', 'delete'] as const;
type Verb = (typeof VERBS)[number];

let database: TestDatabase;
let sql: postgres.Sql;
let tables: TableFacts[];

beforeAll(async () => {
	database = await createTestDatabase();
	sql = postgres(database.url, {
		max: 2,
		onnotice: () => {},
		// Rows are made up here: what they refer to is not there.
		connection: { session_replication_role: 'replica' }
	});
	tables = await readTables(sql);
	await dropChecks(sql);
	for (const table of tables) {
		for (const organizationId of organizationsWith(table)) {
			const isUser = table.name === 'users';
			await insertRow(sql, table, organizationId, {
				...(isUser && { id: userIdOf(organizationId) })
			});
		}
	}
});

function organizationsWith(table: TableFacts): number[] {
	if (ownerColumn(table) === null) return [OWN];
	return table.name === 'users' ? [OWN, FOREIGN, EMPTY] : [OWN, FOREIGN];
}

afterAll(async () => {
	await sql.end();
	await database.drop();
});

class Undo extends Error {}

/** Rows that a member's statement reached, or the code of its refusal; nothing stays. */
async function tryAs(
	organizationId: number | null,
	work: (tx: postgres.TransactionSql) => Promise<number>
): Promise<number | string> {
	let reached: number | string = 'not run';
	try {
		await sql.begin(async (tx) => {
			await tx`select set_config('role', 'talktime_tenant', true)`;
			if (organizationId !== null) {
				await tx`select set_config('app.organization_id', ${String(organizationId)}, true)`;
			}
			reached = await work(tx);
			throw new Undo();
		});
	} catch (error) {
		if (error instanceof postgres.PostgresError) return error.code;
		if (!(error instanceof Undo)) throw error;
	}
	return reached;
}

/** Statement of a verb on the rows of an organisation. */
function statement(table: TableFacts, verb: Verb, whose: number) {
	const column = ownerColumn(table) ?? '';
	const owner = column === 'user_id' ? userIdOf(whose) : whose;
	const [any] = table.columns.filter(({ isGenerated }) => !isGenerated);
	return async (tx: postgres.TransactionSql): Promise<number> => {
		const name = tx(table.name);
		switch (verb) {
			case 'select':
				return (await tx`select * from ${name} where ${tx(column)} = ${owner}`).count;
			case 'insert':
				await insertRow(tx, table, whose);
				return 1;
			case 'update': {
				const same = tx(any?.name ?? '');
				return (await tx`update ${name} set ${same} = ${same} where ${tx(column)} = ${owner}`)
					.count;
			}
			case 'delete':
				return (await tx`delete from ${name} where ${tx(column)} = ${owner}`).count;
		}
	};
}

const DENIED = '42501';

/** Run as the database user. Each looks at the organisation that is set, refuses another, or only wakes a job. */
const DEFINERS = ['erase_contact', 'erase_member', 'search_contacts', 'wake_contact_import'];

describe('row-level security', () => {
	it('given every table, then each says whose its rows are', () => {
		expect(tables.length).toBeGreaterThan(40);
		expect(tables.map(complaintAbout).filter((complaint) => complaint !== null)).toEqual([]);
		const names = new Set(tables.map(({ name }) => name));
		expect(
			[...Object.keys(CLOSED), ...Object.keys(SHARED)].filter((name) => !names.has(name))
		).toEqual([]);
	});

	it('given a new table that says nothing, then it is complained about and closed', async () => {
		await sql`create table brand_new (id int, organization_id int)`;
		const found = (await readTables(sql)).find(({ name }) => name === 'brand_new');
		expect(found && complaintAbout(found)).toContain(
			`write select protect_tenant_table('brand_new')`
		);
		expect(await tryAs(OWN, async (tx) => (await tx`select * from brand_new`).count)).toBe(DENIED);
		await sql`select protect_tenant_table('brand_new')`;
		const after = (await readTables(sql)).find(({ name }) => name === 'brand_new');
		expect(after && complaintAbout(after)).toBeNull();
		await sql`drop table brand_new`;
	});

	it('given the roles, then neither may sign in, own a table or pass by a policy', async () => {
		const roles = await sql`
			select rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole,
				exists (select 1 from pg_class where relowner = r.oid) as owns
			from pg_roles r where rolname in ('talktime_tenant', 'talktime_service') order by 1`;
		const harmless = {
			rolsuper: false,
			rolbypassrls: false,
			rolcanlogin: false,
			rolcreaterole: false,
			owns: false
		};
		expect(roles).toEqual([
			{ rolname: 'talktime_service', ...harmless },
			{ rolname: 'talktime_tenant', ...harmless }
		]);
	});

	it('given what everybody may, then no table, view or function of ours is a way around', async () => {
		expect(
			await sql`
			select relname from pg_class, aclexplode(relacl) a
			where relnamespace = 'public'::regnamespace and a.grantee = 0`
		).toHaveLength(0);
		expect(
			await sql`
			select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
			order by proname`
		).toEqual(DEFINERS.map((proname) => ({ proname })));
		expect(
			await sql`
			select nspname from pg_namespace where nspname in ('drizzle', 'graphile_worker')
				and has_schema_privilege('talktime_tenant', oid, 'usage')`
		).toHaveLength(0);
	});

	it('given an organisation that is set, then no table shows a row more than its own', async () => {
		for (const table of tables) {
			if (table.name in CLOSED || table.name in SHARED) continue;
			const all = async (tx: postgres.TransactionSql) =>
				(await tx`select * from ${tx(table.name)}`).count;
			expect([table.name, await tryAs(OWN, all)]).toEqual([table.name, 1]);
			expect([table.name, await tryAs(null, all)]).toEqual([table.name, 0]);
		}
	});

	describe.each(VERBS)('%s', (verb) => {
		it('given every table, then it reaches own rows, where members may write at all, and no others', async () => {
			for (const table of tables) {
				const { name, may } = table;
				if (name in CLOSED || name in SHARED) continue;
				const [self, other] = verb === 'insert' ? [EMPTY, OWN] : [OWN, FOREIGN];
				const own = await tryAs(self, statement(table, verb, self));
				expect([name, own]).toEqual([name, may.includes(verb) ? 1 : DENIED]);
				const foreign = await tryAs(self, statement(table, verb, other));
				const unset = await tryAs(null, statement(table, verb, self));
				const nothing = may.includes(verb) && verb !== 'insert' ? 0 : DENIED;
				expect([name, foreign, unset]).toEqual([name, nothing, nothing]);
			}
		});

		it('given a closed or shared table, then nothing but reading what is shared is let through', async () => {
			for (const name of [...Object.keys(CLOSED), ...Object.keys(SHARED)]) {
				const isLet = verb === 'select' && name in SHARED;
				const statements = {
					select: `select * from ${name}`,
					insert: `insert into ${name} default values`,
					update: `update ${name} set ${tables.find((one) => one.name === name)?.columns[0]?.name} = null`,
					delete: `delete from ${name}`
				};
				const answer = await tryAs(OWN, async (tx) => (await tx.unsafe(statements[verb])).count);
				expect([name, answer]).toEqual([name, isLet ? 1 : DENIED]);
			}
		});
	});

	it('given a row of one’s own, when it is given to another organisation, then it is refused', async () => {
		for (const table of tables) {
			if (!table.may.includes('update') || ownerColumn(table) !== 'organization_id') continue;
			const given = await tryAs(
				OWN,
				async (tx) => (await tx`update ${tx(table.name)} set organization_id = ${FOREIGN}`).count
			);
			expect([table.name, given]).toEqual([table.name, DENIED]);
		}
	});

	it('given the service and the owner of the tables, then each sees every row', async () => {
		for (const { name } of tables) {
			const policies = await sql`
				select roles::text, cmd, qual, with_check from pg_policies
				where tablename = ${name} and policyname = 'service'`;
			const everything = {
				roles: '{talktime_service}',
				cmd: 'ALL',
				qual: 'true',
				with_check: 'true'
			};
			expect([name, ...policies]).toEqual([name, everything]);
		}
	});
});
