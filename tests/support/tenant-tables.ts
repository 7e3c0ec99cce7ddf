/** What the database says of its tables and of who may reach them, for the matrix of row-level security. */
import type postgres from 'postgres';

export interface TableFacts {
	name: string;
	isForced: boolean;
	/** Has a policy for members. */
	isOpen: boolean;
	/** What members may do with rows that are theirs. */
	may: string[];
	columns: { name: string; type: string; isRequired: boolean; isGenerated: boolean }[];
}

/** Tables without an `organization_id` that are a tenant's all the same, and the column that says whose. */
export const OWNER_COLUMNS: Record<string, string> = {
	organizations: 'id',
	sessions: 'user_id',
	api_tokens: 'user_id',
	alert_inboxes: 'user_id',
	alert_preferences: 'user_id'
};

/** Read by every member and written by none. */
export const SHARED: Record<string, string> = {
	rates: 'the price list is the same for everybody',
	platform_settings: 'every member may ask for minutes'
};

/** Closed to members altogether. */
export const CLOSED: Record<string, string> = {
	provider_bill_checks: 'our bills with the providers',
	provider_bill_findings: 'our bills with the providers',
	read_cursors: 'how far a job has read',
	sign_in_throttle: 'asked before anybody is signed in',
	alert_states: 'where each alert is in its life: a job knows',
	setup_tokens: 'asked before there is anybody',
	password_resets: 'asked before anybody is signed in',
	recovery_codes: "each person's own, and no colleague's",
	known_devices: "each person's own, and no colleague's"
};

export async function readTables(sql: postgres.Sql): Promise<TableFacts[]> {
	const tables = await sql<Omit<TableFacts, 'columns'>[]>`
		select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as "isForced",
			exists (select 1 from pg_policies p where p.tablename = c.relname and 'talktime_tenant' = any(p.roles)) as "isOpen",
			array_to_json(array(select verb from unnest(array['select', 'insert', 'update', 'delete']) verb
				where has_table_privilege('talktime_tenant', c.oid, verb))) as may
		from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
			and not c.relispartition
		order by c.relname`;
	const columns = await sql<(TableFacts['columns'][number] & { table: string })[]>`
		select table_name as "table", column_name as name, udt_name as type,
			is_nullable = 'NO' and column_default is null as "isRequired",
			is_identity = 'YES' or is_generated = 'ALWAYS' as "isGenerated"
		from information_schema.columns where table_schema = 'public' order by ordinal_position`;
	return tables.map((table) => ({
		...table,
		columns: columns.filter((column) => column.table === table.name)
	}));
}

export function ownerColumn({ name, columns }: TableFacts): string | null {
	const isThere = columns.some((column) => column.name === 'organization_id');
	return OWNER_COLUMNS[name] ?? (isThere ? 'organization_id' : null);
}

/** What is missing for a table to be safe, in a sentence that says what to write; null when nothing is. */
export function complaintAbout(table: TableFacts): string | null {
	const { name, isForced, isOpen, may } = table;
	if (name in CLOSED || name in SHARED) {
		const expected = name in CLOSED ? '' : 'select';
		return isForced && may.join() === expected
			? null
			: `${name} must be closed: write select close_to_tenants('${name}'); in its migration`;
	}
	if (isForced && isOpen && ownerColumn(table) !== null) return null;
	return `${name} says not whose its rows are: write select protect_tenant_table('${name}'); in its migration (see drizzle/0010_tenancy.sql), or close_to_tenants('${name}') and the reason in CLOSED of tests/support/tenant-tables.ts`;
}
