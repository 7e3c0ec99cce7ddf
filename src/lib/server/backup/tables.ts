import type postgres from 'postgres';

export interface TableShape {
	name: string;
	/** Those that are stored and not computed, in their order. */
	columns: string[];
}

/** What takes part in a statement: a pool or a transaction. */
export type Speaker = Pick<postgres.Sql, 'unsafe'>;

export async function readTables(sql: Speaker): Promise<TableShape[]> {
	return sql.unsafe<TableShape[]>(`
		select c.relname as name,
			array_to_json(array_agg(a.attname::text order by a.attnum)) as columns
		from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		group by c.relname order by c.relname`);
}

/** The migrations a database has seen, as one text. */
export async function readSchemaVersion(sql: Speaker): Promise<string> {
	const rows = await sql.unsafe<{ hash: string }[]>(
		'select hash from drizzle.__drizzle_migrations order by created_at, id'
	);
	return rows.map(({ hash }) => hash.slice(0, 12)).join(' ');
}

export function quote(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

export function quoteAll(names: string[]): string {
	return names.map(quote).join(', ');
}
