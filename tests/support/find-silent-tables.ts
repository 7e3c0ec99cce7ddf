import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A sentence for each table of the schema whose rows belong to nobody: members cannot reach it. */
export function findSilentTables(root: string): string[] {
	const read = (folder: string, ending: string) =>
		readdirSync(path.join(root, folder))
			.filter((name) => name.endsWith(ending))
			.map((name) => readFileSync(path.join(root, folder, name), 'utf8'))
			.join('\n');
	const migrations = read('drizzle', '.sql');
	const tables = [...read('src/lib/server/db/schema', '.ts').matchAll(/pgTable\(\s*'(\w+)'/g)].map(
		([, name]) => name ?? ''
	);
	if (tables.length < 40) throw new Error('The tables of the schema were not found.');
	return tables
		.filter(
			(name) => !new RegExp(`(protect_tenant_table|close_to_tenants)\\('${name}'`).test(migrations)
		)
		.map(
			(name) =>
				`members cannot reach ${name}: write select protect_tenant_table('${name}'); at the end of its migration, or close_to_tenants('${name}') and why in CLOSED of tests/support/tenant-tables.ts; drizzle/0010_tenancy.sql shows both`
		);
}
