import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface TestDatabase {
	/** Of the superuser. */
	url: string;
	drop(): Promise<void>;
}

const OBJECT_IN_USE = '55006';
const CLONE_ATTEMPTS = 20;

/** A migrated, empty database of the caller's own. */
export async function createTestDatabase(): Promise<TestDatabase> {
	const name = `test_${randomBytes(8).toString('hex')}`;
	await cloneTemplate(name);
	const url = new URL(inject('databaseAdminUrl'));
	url.pathname = `/${name}`;
	return {
		url: url.href,
		drop: () =>
			asAdmin(async (sql) => {
				await sql`drop database if exists ${sql(name)} with (force)`;
			})
	};
}

async function cloneTemplate(name: string): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			await asAdmin(async (sql) => {
				await sql`create database ${sql(name)} template ${sql(inject('databaseTemplate'))}`;
			});
			return;
		} catch (error) {
			// Autovacuum may be looking at the template at this moment.
			const isInUse = error instanceof postgres.PostgresError && error.code === OBJECT_IN_USE;
			if (!isInUse || attempt === CLONE_ATTEMPTS) throw error;
			await delay(100);
		}
	}
}

async function asAdmin(work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
	const sql = postgres(inject('databaseAdminUrl'), { max: 1, onnotice: () => {} });
	try {
		await work(sql);
	} finally {
		await sql.end();
	}
}
