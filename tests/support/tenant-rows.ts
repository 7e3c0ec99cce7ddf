/** Made-up rows of any table: values by type, unlike each other, of one organisation. */
import type postgres from 'postgres';
import { ownerColumn, type TableFacts } from './tenant-tables';

let made = 0;

/** The person whose sessions and tokens are those of the organisation. */
export function userIdOf(organizationId: number): string {
	return `00000000-0000-4000-8000-00000000000${organizationId}`;
}

/** A made-up row meets no check. */
export async function dropChecks(sql: postgres.Sql): Promise<void> {
	const checks = await sql<{ table: string; name: string }[]>`
		select c.relname as "table", conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid
		where contype = 'c' and connamespace = 'public'::regnamespace`;
	for (const { table, name } of checks) {
		await sql`alter table ${sql(table)} drop constraint ${sql(name)}`;
	}
}

export async function insertRow(
	sql: postgres.Sql | postgres.TransactionSql,
	table: TableFacts,
	organizationId: number,
	given: Record<string, string> = {}
): Promise<void> {
	const owner = ownerColumn(table);
	const ownerId = owner === 'user_id' ? userIdOf(organizationId) : String(organizationId);
	const values: Record<string, string> = { ...(owner !== null && { [owner]: ownerId }), ...given };
	for (const { name, type, isRequired, isGenerated } of table.columns) {
		if (isRequired && !isGenerated) values[name] ??= valueOf(type);
	}
	const names = Object.keys(values);
	const list = names.map((name) => `"${name}"`).join();
	const places = names.map((_name, index) => `$${index + 1}`).join();
	const what =
		names.length > 0 ? `(${list}) overriding system value values (${places})` : 'default values';
	await sql.unsafe(`insert into "${table.name}" ${what}`, Object.values(values));
}

function valueOf(type: string): string {
	const count = ++made;
	switch (type) {
		case 'uuid':
			return `00000000-0000-4000-9000-${String(count).padStart(12, '0')}`;
		case 'int2':
		case 'int4':
		case 'int8':
		case 'float4':
		case 'float8':
		case 'numeric':
			return String(count);
		case 'bool':
			return 'true';
		case 'timestamptz':
			return '2026-11-21T10:00:00Z';
		case 'date':
			return '2026-11-21';
		case 'bytea':
			return '\\x00';
		case 'json':
		case 'jsonb':
			return '{}';
		case 'text':
			return `made up ${count}`;
		default:
			if (type.startsWith('_')) return '{}';
			throw new Error(`Say in tenant-rows.ts what a column of type ${type} may hold.`);
	}
}
