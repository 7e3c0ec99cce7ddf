/**
 * The two roles of row-level security (DESIGN.md section 4). Neither can sign in: connections of members
 * switch to the first, and the database user is in the second, which sees every organisation.
 */
import postgres from 'postgres';

export const TENANT_ROLE = 'talktime_tenant';
const SERVICE_ROLE = 'talktime_service';

const DUPLICATE = ['42710', '23505'];

/**
 * Makes the roles where they are missing, and lets the database user act as either.
 * @throws Error with what the database's administrator has to run, when the user may not do so
 */
export async function ensureRoles(sql: postgres.Sql): Promise<void> {
	try {
		for (const role of [TENANT_ROLE, SERVICE_ROLE]) await ensureRole(sql, role);
		await sql.begin((tx) => tx`select set_config('role', ${TENANT_ROLE}, true)`);
	} catch (error) {
		if (!(error instanceof postgres.PostgresError)) throw error;
		const [who] = await sql<{ name: string }[]>`select quote_ident(current_user) as name`;
		throw new Error(
			`The database user may not set up row-level security (${error.message}). Let an administrator of the database run: create role ${TENANT_ROLE}; create role ${SERVICE_ROLE}; grant ${TENANT_ROLE}, ${SERVICE_ROLE} to ${who?.name};`,
			{ cause: error }
		);
	}
}

async function ensureRole(sql: postgres.Sql, role: string): Promise<void> {
	const [known] = await sql`select 1 from pg_roles where rolname = ${role}`;
	if (!known) {
		await sql`create role ${sql(role)}`.catch((error: unknown) => {
			// Roles belong to the whole server: another database's migration made it just now.
			const isThere = error instanceof postgres.PostgresError && DUPLICATE.includes(error.code);
			if (!isThere) throw error;
		});
	}
	const [member] = await sql<{ is: boolean }[]>`select pg_has_role(${role}, 'usage') as is`;
	if (!member?.is) await sql`grant ${sql(role)} to ${sql.unsafe('current_user')}`;
}
