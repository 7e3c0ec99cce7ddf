import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { runTalktime } from './command-line';

export interface Tenant {
	id: number;
	name: string;
	agentEmail: string;
	/** Null unless a manager was asked for. */
	managerEmail: string | null;
	password: string;
}

export interface TenantLead {
	name: string;
	phone: string;
}

const PASSWORD = 'a long test password';

/** A fresh organisation with an agent and a lead list, so that tests do not meet each other's data. */
export async function createTenant(
	sql: postgres.Sql,
	databaseUrl: string,
	options: { name: string; minutes?: number; leads?: TenantLead[]; hasManager?: boolean }
): Promise<Tenant> {
	const { name, minutes = 0, leads = [] } = options;
	const run = async (words: string[]) => {
		const { stdout, stderr, exitCode } = await runTalktime(databaseUrl, [...words, '--json']);
		if (exitCode !== 0) throw new Error(`talktime ${words.join(' ')}: ${stderr}`);
		return JSON.parse(stdout);
	};
	const { id } = await run(['org', 'create', '--name', name]);
	const agentEmail = `agent-${id}@fixture.example`;
	const managerEmail = options.hasManager ? `manager-${id}@fixture.example` : null;
	const addPerson = (email: string, role: string, as: string) =>
		run([
			...['user', 'create', '--org', String(id), '--email', email, '--role', role],
			...['--password', PASSWORD, '--name', `${as} of ${name}`]
		]);
	await addPerson(agentEmail, 'agent', 'Agent');
	if (managerEmail) await addPerson(managerEmail, 'manager', 'Manager');
	if (minutes > 0) {
		const grant = ['--minutes', String(minutes), '--reason', 'Fixture'];
		await run(['minutes', 'allocate', '--org', String(id), ...grant]);
	}
	if (leads.length > 0) await insertLeads(sql, id, leads);
	return { id, name, agentEmail, managerEmail, password: PASSWORD };
}

async function insertLeads(sql: postgres.Sql, organizationId: number, leads: TenantLead[]) {
	const listId = randomUUID();
	await sql`insert into lead_lists (id, organization_id, name)
		values (${listId}, ${organizationId}, 'Fixture list')`;
	for (const [position, lead] of leads.entries()) {
		const contactId = randomUUID();
		await sql`insert into contacts (id, organization_id, phone, name)
			values (${contactId}, ${organizationId}, ${lead.phone}, ${lead.name})`;
		await sql`insert into lead_list_members (organization_id, lead_list_id, contact_id, position)
			values (${organizationId}, ${listId}, ${contactId}, ${position})`;
	}
}
