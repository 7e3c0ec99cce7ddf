/**
 * Every write of a super admin leaves a row in the audit log, in the transaction of the write: the router
 * is walked, each mutation is run once, and the rows it changed bear the number of the transaction that
 * wrote its audit row. A new mutation without a case here fails.
 */
import { callTRPCProcedure } from '@trpc/server';
import { runMigrations } from 'graphile-worker';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRIP_REASONS } from '$lib/domain/fraud/guard';
import type { Context, Person } from '$lib/server/context';
import { createToken } from '$lib/server/auth/create-token';
import { addCallerId } from '$lib/server/caller-ids/add-caller-id';
import { scheduleAllocation } from '$lib/server/minutes/schedule-allocation';
import { setActive } from '$lib/server/organizations/set-active';
import { appRouter } from '$lib/server/trpc/router';
import { House, newNumber, type Tenant } from '../support/house';
import { RecordingProvider } from '../support/house-provider';
import { post, statusForm } from '../support/house-callbacks';

let house: House;
let admin: Person;
let tenant: Tenant;
beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
	admin = await house.createPerson('super_admin');
	tenant = await house.createTenant({ minutes: 500, dollars: '50' });
	await runMigrations({ connectionString: house.databaseUrl });
});
afterAll(() => house.close());

/** Mutations that change nothing of ours by themselves, and why. */
const WITHOUT_WRITE: Record<string, string> = {
	'admin.rates.preview': 'reads a file and compares it; nothing is written'
};
/** Orders to others: the row is written before they are asked, and what they do comes back by itself. */
const ORDERS: Record<string, string> = {
	'admin.calls.hangUp': 'the provider ends the call, and says so in a delivery'
};
/** Needs a Stripe that answers: payments-money-back.test.ts looks at its row. */
const ELSEWHERE = ['admin.payments.refund'];

const reason = 'for a test';
const CASES: Record<string, () => unknown> = {
	'admin.minutes.allocate': () => ({
		...{ requestId: uuid(), organizationId: tenant.id, minutes: 10, reason }
	}),
	'admin.minutes.grant': () => ({
		...{ requestId: uuid(), organizationIds: [tenant.id], mode: 'set', minutes: 77, reason }
	}),
	'admin.minutes.revoke': async () => ({
		...{ organizationId: tenant.id, allocationId: await house.allocate(tenant.id, 5), reason }
	}),
	'admin.schedules.create': () => planned(),
	'admin.schedules.cancel': async () => {
		const { id } = await scheduleAllocation({ ctx: house.as(admin), input: planned() });
		return { organizationId: tenant.id, scheduleId: id };
	},
	'admin.callerIds.add': () => ({
		...{ organizationId: tenant.id, provider: 'twilio', number: newNumber() }
	}),
	'admin.callerIds.remove': async () => {
		const input = { organizationId: tenant.id, provider: 'twilio', number: newNumber() } as const;
		const { id } = await addCallerId({ ctx: house.as(admin), input });
		return { callerIdId: id };
	},
	'admin.deliveries.replay': async () => ({ deliveryId: await received() }),
	'admin.deliveries.replayMany': async () => {
		await received();
		return { provider: 'twilio', limit: 1 };
	},
	'admin.wallet.adjust': () => ({
		...{ requestId: uuid(), organizationId: tenant.id, amount: '5.00', reason }
	}),
	'admin.payments.setDisputeFreeze': () => ({
		...{ organizationId: tenant.id, freezesOnDispute: true }
	}),
	'admin.organizations.create': () => ({ name: `Audited ${uuid()}` }),
	'admin.organizations.update': () => ({ organizationId: tenant.id, estimateMinutes: 7 }),
	// Switched off before: else two changes of one row would follow each other, and only the second is seen.
	'admin.organizations.archive': async () => {
		const { id: organizationId } = await house.createTenant();
		await setActive({ ctx: house.as(admin), input: { organizationId, isActive: false } });
		return { organizationId, isArchived: true };
	},
	'admin.organizations.setActive': async () => ({
		...{ organizationId: (await house.createTenant()).id, isActive: false }
	}),
	'admin.organizations.setProviders': () => ({ organizationId: tenant.id, order: ['twilio'] }),
	'admin.calls.hangUp': async () => ({
		...{ callId: (await house.placeBound(tenant.id)).callId, reason }
	}),
	'admin.guard.set': () => ({ organizationId: tenant.id, allowedCountries: ['GB'] }),
	'admin.guard.release': async () => {
		await house.sql`update organization_call_minutes
			set guard_tripped_at = now(), guard_reason = ${TRIP_REASONS[0]} where organization_id = ${tenant.id}`;
		return { organizationId: tenant.id };
	},
	'admin.rates.import': () => ({ csv: 'prefix,per_minute\n4420,0.07\n' }),
	'admin.jobs.retry': async () => {
		const [job] = await house.sql<{ id: string }[]>`
			select (graphile_worker.add_job('audited')).id::text as id`;
		return { jobId: job?.id };
	},
	'admin.settings.set': () => ({ salesEmail: 'sales@audited.test', salesPhone: null }),
	'admin.settings.testMail': () => undefined,
	'tokens.create': () => ({ email: tenant.agent.email, name: 'audited', scopes: ['read'] }),
	'tokens.revoke': async () => {
		const input = { email: tenant.agent.email, name: 'to be revoked' };
		await createToken({ ctx: house.as(admin), input });
		const [token] = await house.sql<{ id: string }[]>`
			select id from api_tokens where revoked_at is null order by created_at desc, id desc limit 1`;
		return { tokenId: token?.id };
	}
};

function planned() {
	const when = { kind: 'once', at: '2026-12-01' } as const;
	return { requestId: uuid(), organizationId: tenant.id, minutes: 5, reason, when };
}

/** A delivery that was applied. */
async function received(): Promise<string> {
	const { callId, sid, to } = await house.placeBound(tenant.id);
	const form = statusForm({
		...{ sid, status: 'ringing', sequence: 1, atMs: house.clock.read(), to }
	});
	await post(house.services, form, { callId });
	const [delivery] = await house.sql<{ id: string }[]>`
		select id from deliveries where provider_call_id = ${sid}`;
	if (!delivery) throw new Error('nothing was received');
	return delivery.id;
}

// Its type keeps the nesting; what is there has one entry per path.
const flat = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;
const MUTATIONS = Object.entries(flat)
	.filter(([path, { _def }]) => _def.type === 'mutation' && /^(admin|tokens)\./.test(path))
	.map(([path]) => path);

/** Tables in which a transaction left a row, apart from the log itself and what browsers are told. */
async function tablesWrittenBy(transactionId: string): Promise<string[]> {
	const tables = await house.sql<{ name: string }[]>`
		select format('%I.%I', schemaname, tablename) as name from pg_tables
		where schemaname in ('public', 'graphile_worker')
			and tablename not in ('audit_log', 'live_events')`;
	const written: string[] = [];
	for (const { name } of tables) {
		const found = await house.sql.unsafe(`select 1 from ${name} where xmin::text = $1 limit 1`, [
			transactionId
		]);
		if (found.length > 0) written.push(name);
	}
	return written;
}

describe('given every mutation of a super admin', () => {
	it('then each has a case here, or a reason to have none', () => {
		const known = [...Object.keys(CASES), ...Object.keys(WITHOUT_WRITE), ...ELSEWHERE];
		expect(MUTATIONS.length).toBeGreaterThan(20);
		expect(MUTATIONS.filter((path) => !known.includes(path))).toEqual([]);
	});

	it.each(Object.keys(CASES))(
		'when %s is done, then who, from where and what is in the audit log, by the transaction of the change',
		async (path) => {
			const input = await CASES[path]?.();
			const request = { address: '192.0.2.44', requestId: uuid() };
			const ctx: Context = { ...house.as(admin), request };
			const [newest] = await house.sql<{ id: string }[]>`
				select coalesce(max(id), 0)::text as id from audit_log`;
			await callTRPCProcedure({
				...{ router: appRouter, path, type: 'mutation', ctx, batchIndex: 0 },
				getRawInput: () => Promise.resolve(input),
				signal: undefined
			});
			const rows = await house.sql<{ xid: string; by: string; address: string; request: string }[]>`
				select xmin::text as xid, actor_user_id as by, address, request_id as request
				from audit_log where id > ${newest?.id ?? '0'}::bigint`;
			expect(rows.length).toBeGreaterThan(0);
			for (const { xid, by, ...from } of rows) {
				expect(by).toBe(admin.userId);
				expect(from).toEqual({ address: request.address, request: request.requestId });
				if (path in ORDERS) continue;
				expect(await tablesWrittenBy(xid), `${path}, transaction ${xid}`).not.toEqual([]);
			}
		}
	);
});
