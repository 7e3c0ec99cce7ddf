import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { ensureRoles } from './roles';

/** Any number known to every process: only one migrates at a time. */
const MIGRATION_LOCK = 7_215_001;

/** Brings the database to the newest schema. Safe to run from several processes at once. */
export async function migrateDatabase(url: string): Promise<{ applied: number }> {
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
		await ensureRoles(sql);
		const before = await countMigrations(sql);
		await migrate(drizzle(sql), { migrationsFolder: 'drizzle' });
		return { applied: (await countMigrations(sql)) - before };
	} finally {
		await sql.end();
	}
}

async function countMigrations(sql: postgres.Sql): Promise<number> {
	const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`;
	if (table?.name === null) return 0;
	const [row] = await sql<{ count: number }[]>`
		select count(*)::int as count from drizzle.__drizzle_migrations`;
	return row?.count ?? 0;
}
