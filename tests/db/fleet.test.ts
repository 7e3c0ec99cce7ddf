/** The fleet: who runs out first, in pages, with its totals, and minutes for many at once. */
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '$lib/server/context';
import { getFleetTotals } from '$lib/server/fleet/get-fleet-totals';
import { listFleet } from '$lib/server/fleet/list-fleet';
import { grantMinutes } from '$lib/server/minutes/grant-minutes';
import { consumeMinutes } from '$lib/server/minutes/consume-minutes';
import type { FleetInput, GrantMinutesInput } from '$lib/inputs';
import { House, type Tenant } from '../support/house';

let house: House;
let admin: Person;
beforeAll(async () => {
	house = await House.open();
	admin = await house.createPerson('super_admin');
});
afterAll(() => house.close());

const list = (input: FleetInput) => listFleet({ ctx: house.as(admin), input });
const grant = (input: Partial<GrantMinutesInput>) =>
	grantMinutes({
		ctx: house.as(admin),
		input: {
			...{ requestId: uuid(), organizationIds: [], mode: 'add', minutes: 10 },
			...{ reason: 'for a test', ...input }
		}
	});

/** Used within the last hour, as an integration reports it. */
async function use(tenant: Tenant, minutes: number): Promise<void> {
	const at = new Date(house.clock.read()).toISOString();
	await consumeMinutes({
		ctx: house.as(tenant.manager),
		input: {
			...{ organizationId: tenant.id, callId: uuid(), minutesConsumed: minutes },
			...{ callStartTime: at, callEndTime: at }
		}
	});
	await house.sql`update consumptions set created_at = ${at} where organization_id = ${tenant.id}`;
}

describe('given organisations that talk at their own pace', () => {
	let slow: Tenant, fast: Tenant, still: Tenant, off: Tenant;
	beforeAll(async () => {
		const tag = uuid().slice(-6);
		slow = await house.createTenant({ minutes: 100, name: `Pace slow ${tag}` });
		fast = await house.createTenant({ minutes: 100, name: `Pace fast ${tag}` });
		still = await house.createTenant({ minutes: 5, name: `Pace still ${tag}` });
		off = await house.createTenant({ minutes: 1, name: `Pace off ${tag}` });
		await house.sql`update organization_call_minutes set is_active = false where organization_id = ${off.id}`;
		await use(slow, 10);
		await use(fast, 60);
	});

	it('when they are listed, then who runs out first is on top and who is switched off last', async () => {
		const { rows, nextCursor } = await list({ search: 'Pace ' });
		expect(rows.map((row) => row.organizationId)).toEqual([fast.id, slow.id, still.id, off.id]);
		expect(nextCursor).toBeNull();
		expect(rows[0]).toMatchObject({
			minutesLastHour: 60,
			minutes: { remainingMinutes: 40, usedMinutes: 60 },
			credits: { balance: '0.00' },
			stuckHolds: 0,
			hasFailedRefill: false
		});
	});

	it.each([
		['name', ['fast', 'off', 'slow', 'still']],
		['remaining', ['off', 'still', 'fast', 'slow']],
		['burn', ['fast', 'slow', 'still', 'off']]
	] as const)('when they are sorted by %s, then so they come', async (sort, names) => {
		const { rows } = await list({ search: 'Pace ', sort });
		const shown = rows.map(({ minutes }) => minutes.organizationName.split(' ')[1]);
		expect(shown).toEqual(names);
	});

	it('when the totals are read, then those who run out within the hour are counted', async () => {
		const totals = await getFleetTotals({ ctx: house.as(admin) });
		expect(totals).toMatchObject({ runningOut: 1, inactive: 1, liveCalls: 0, stuckHolds: 0 });
		expect(totals.organizations).toBeGreaterThanOrEqual(4);
	});

	it('when one is searched by its number, then it alone comes', async () => {
		const { rows } = await list({ search: String(still.id) });
		expect(rows.map((row) => row.organizationId)).toContain(still.id);
	});

	it('when a cursor is of another sort or made up, then it is refused', async () => {
		const cursor = Buffer.from('["a",1]').toString('base64url');
		await expect(list({ sort: 'burn', cursor })).rejects.toMatchObject({ code: 'invalid' });
		await expect(list({ cursor: 'bm9wZQ' })).rejects.toMatchObject({ code: 'invalid' });
	});
});

describe('given more organisations than a page has', () => {
	it.each(['empties', 'name', 'wallet'] as const)(
		'when they are paged through by %s, then each comes once',
		async (sort) => {
			await house.sql`
				with made as (insert into organizations (name, slug)
					select 'Many ' || n, 'many-' || n from generate_series(1, 230) n
					on conflict do nothing returning id),
				minutes as (insert into organization_call_minutes (organization_id) select id from made)
				insert into call_balance (organization_id) select id from made`;
			const seen: number[] = [];
			let cursor: string | undefined;
			do {
				const page = await list({ search: 'Many ', sort, ...(cursor && { cursor }) });
				seen.push(...page.rows.map((row) => row.organizationId));
				cursor = page.nextCursor ?? undefined;
			} while (cursor !== undefined);
			expect(seen).toHaveLength(230);
			expect(new Set(seen).size).toBe(230);
		}
	);
});

describe('given minutes for many organisations at once', () => {
	it('when the same request comes twice, then each gets them once', async () => {
		const [one, other] = [await house.createTenant(), await house.createTenant({ minutes: 5 })];
		const input = { requestId: uuid(), organizationIds: [one.id, other.id], minutes: 100 };
		const grants = await grant(input);
		expect(grants.map(({ minutes }) => minutes.remainingMinutes)).toEqual([100, 105]);
		await grant(input);
		expect(await house.credit(one.id)).toMatchObject({ total: 100 });
		expect(await house.credit(other.id)).toMatchObject({ total: 105 });
	});

	it('when what is left is set, then some are given minutes, some lose them, and every change is audited', async () => {
		const [few, many] = [
			await house.createTenant({ minutes: 3 }),
			await house.createTenant({ minutes: 500 })
		];
		const ctx = {
			...house.as(admin),
			request: { address: '192.0.2.7', requestId: uuid() }
		};
		const grants = await grantMinutes({
			ctx,
			input: {
				...{ requestId: uuid(), organizationIds: [few.id, many.id], mode: 'set', minutes: 120 },
				reason: 'As agreed'
			}
		});
		expect(grants).toMatchObject([
			{ grantedMinutes: 117, takenMinutes: 0, minutes: { remainingMinutes: 120 } },
			{
				grantedMinutes: 0,
				takenMinutes: 380,
				allocationId: null,
				minutes: { remainingMinutes: 120 }
			}
		]);
		const audited = await house.sql`
			select actor_user_id as by, address, request_id from audit_log
			where organization_id in (${few.id}, ${many.id}) and actor_kind = 'user'`;
		const from = { by: admin.userId, address: '192.0.2.7', request_id: ctx.request.requestId };
		expect([...audited]).toEqual([from, from]);
		await house.expectBooksToBalance();
	});

	it('when one of them is unknown, then nobody gets any', async () => {
		const tenant = await house.createTenant();
		const organizationIds = [tenant.id, 2_147_483_000];
		await expect(grant({ organizationIds })).rejects.toMatchObject({ code: 'not_found' });
		expect(await house.credit(tenant.id)).toMatchObject({ total: 0 });
	});
});
