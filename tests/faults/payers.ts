/** Organisations whose calls are placed under faults, each paying in one way only, so that anyone can reckon. */
import { randomUUID } from 'node:crypto';
import { parseMicros } from '$lib/domain/money';
import { createToken } from '$lib/server/auth/create-token';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { createOrganization } from '$lib/server/organizations/create-organization';
import type { Context } from '$lib/server/context';

export interface Payer {
	organizationId: number;
	mode: 'minutes' | 'wallet';
	token: string;
}

export const MINUTES_AT_FIRST = 1_000_000;
export const DOLLARS_AT_FIRST = 100_000;

/** Makes organisations with a manager each, who calls and pays, and credit that outlasts the run. */
export async function createPayers(ctx: Context, count: number): Promise<Payer[]> {
	const payers: Payer[] = [];
	for (let number = 0; number < count; number++) {
		payers.push(await createPayer(ctx, number % 2 === 0 ? 'minutes' : 'wallet', number));
	}
	return payers;
}

async function createPayer(ctx: Context, mode: Payer['mode'], number: number): Promise<Payer> {
	const { lane, database } = ctx.services;
	const { id } = await createOrganization({ ctx, input: { name: `Faults ${number}` } });
	// What is tested is not how fast a new organisation may call.
	await database.sql`
		update organizations set billing_mode = ${mode}, is_trusted = true where id = ${id}`;
	const email = `caller-${number}@faults.example`;
	await database.sql`
		insert into users (id, organization_id, email, name, role, password_hash)
		values (${randomUUID()}, ${id}, ${email}, 'Caller', 'manager', '-')`;
	if (mode === 'minutes') {
		const input = { requestId: randomUUID(), organizationId: id, minutes: MINUTES_AT_FIRST };
		await allocateMinutes({ ctx, input: { ...input, reason: 'faults' } });
	} else {
		await lane.submit({
			kind: 'move_money',
			transactionId: randomUUID(),
			organizationId: id,
			type: 'credit',
			amountMicros: parseMicros(String(DOLLARS_AT_FIRST)),
			description: 'faults',
			metadata: {},
			actor: { kind: 'command_line' }
		});
	}
	const { token } = await createToken({ ctx, input: { email, name: 'faults' } });
	return { organizationId: id, mode, token };
}
