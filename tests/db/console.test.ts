/** The super admin's console: organisations, calls, audit log, rates, tokens, gaps and call events. */
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '$lib/server/audit/list-audit';
import { createToken } from '$lib/server/auth/create-token';
import { findPersonByToken } from '$lib/server/auth/find-person';
import { hangUpAsAdmin } from '$lib/server/calls/hang-up-as-admin';
import { listCallEvents } from '$lib/server/calls/list-call-events';
import { listFleetCalls } from '$lib/server/calls/list-fleet-calls';
import type { Person } from '$lib/server/context';
import { listGaps } from '$lib/server/deliveries/list-gaps';
import { listUsage } from '$lib/server/minutes/list-usage';
import { archiveOrganization } from '$lib/server/organizations/archive-organization';
import { createOrganization } from '$lib/server/organizations/create-organization';
import { getOrganization } from '$lib/server/organizations/get-organization';
import { setActive } from '$lib/server/organizations/set-active';
import { updateOrganization } from '$lib/server/organizations/update-organization';
import { importRates } from '$lib/server/rates/import-rates';
import { listRates } from '$lib/server/rates/list-rates';
import { previewRates } from '$lib/server/rates/preview-rates';
import { testRate } from '$lib/server/rates/test-rate';
import { checkAvailability } from '$lib/server/minutes/check-availability';
import { setPlatformSettings } from '$lib/server/settings/platform-settings';
import { listTokens } from '$lib/server/tokens/list-tokens';
import { revokeToken } from '$lib/server/tokens/revoke-token';
import { House, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

let house: House;
let admin: Person;
const provider = new RecordingProvider();
beforeAll(async () => {
	house = await House.open({ providers: { twilio: provider } });
	admin = await house.createPerson('super_admin');
});
afterAll(async () => {
	await house.expectBooksToBalance();
	await house.close();
});
const ctx = () => house.as(admin);

/** A call that was talked for so many seconds, as the provider tells it. */
async function talk(tenant: Tenant, seconds: number): Promise<string> {
	const { callId, sid } = await house.placeBound(tenant.id);
	for (const form of storyOf(sid, house.clock.read(), seconds)) {
		await post(house.services, form, { callId });
	}
	return callId;
}

describe('given an organisation', () => {
	it('when it is created and changed, then each is told to browsers and only what differs is audited', async () => {
		const name = `Console ${uuid()}`;
		const { id } = await createOrganization({ ctx: ctx(), input: { name, country: 'IN' } });
		const input = {
			organizationId: id,
			name,
			billingMode: 'wallet',
			overdraftAmount: '25'
		} as const;
		const changed = await updateOrganization({ ctx: ctx(), input });
		expect(changed).toMatchObject({
			billingMode: 'wallet',
			overdraftAmount: '25.00',
			country: 'IN'
		});
		const { rows } = await listAudit({ ctx: ctx(), input: { organizationId: id } });
		expect(rows.map(({ action }) => action)).toEqual([
			'organization.update',
			'organization.create'
		]);
		expect(rows[0]).toMatchObject({
			before: { billingMode: 'minutes_then_wallet', overdraftAmount: '0.00' },
			after: { billingMode: 'wallet', overdraftAmount: '25.00' },
			actorName: admin.name
		});
		const events = await house.sql`
			select seq, name, (payload->>'version')::int as version from live_events
			where organization_id = ${id} order by seq`;
		expect(events.map(({ seq, version }) => [Number(seq), version])).toEqual(
			[1, 2, 3, 4].map((n) => [n, n])
		);
		await updateOrganization({ ctx: ctx(), input });
		expect((await listAudit({ ctx: ctx(), input: { organizationId: id } })).rows).toHaveLength(2);
	});

	it('when its time zone is none, then it is refused beside the field and nothing changes', async () => {
		const tenant = await house.createTenant();
		const input = { organizationId: tenant.id, timezone: 'Asia/Nowhere' };
		await expect(updateOrganization({ ctx: ctx(), input })).rejects.toMatchObject({
			code: 'invalid',
			fields: { timezone: expect.stringContaining('Asia/Nowhere') }
		});
	});

	it('when it is archived, then it is off and cannot be switched on until it is taken out again', async () => {
		const tenant = await house.createTenant({ minutes: 5 });
		const organizationId = tenant.id;
		await archiveOrganization({ ctx: ctx(), input: { organizationId, isArchived: true } });
		const on = { ctx: ctx(), input: { organizationId, isActive: true } };
		await expect(setActive(on)).rejects.toMatchObject({ code: 'conflict' });
		await archiveOrganization({ ctx: ctx(), input: { organizationId, isArchived: false } });
		expect(await setActive(on)).toMatchObject({ isActive: true, remainingMinutes: 5 });
	});

	it('when its page is opened, then settings, credit and pace are there; the usage log names who paid', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		const callId = await talk(tenant, 61);
		const view = await getOrganization({ ctx: ctx(), input: { organizationId: tenant.id } });
		expect(view).toMatchObject({
			settings: { id: tenant.id, archivedAt: null, providers: ['twilio'] },
			minutes: { usedMinutes: 2, remainingMinutes: 48 },
			minutesLastHour: 2
		});
		const { rows } = await listUsage({ ctx: ctx(), input: { organizationId: tenant.id } });
		expect(rows).toMatchObject([
			{ callId, isOwnCall: true, minutes: 2, allocationReason: 'for a test' }
		]);
	});
});

describe('given a live call', () => {
	it('when a super admin hangs it up, then the reason is written before the provider is asked', async () => {
		const tenant = await house.createTenant({ minutes: 5 });
		const { callId, sid } = await house.placeBound(tenant.id);
		const live = await listFleetCalls({ ctx: ctx(), input: { organizationId: tenant.id } });
		expect(live.rows.map(({ id }) => id)).toEqual([callId]);
		await hangUpAsAdmin({ ctx: ctx(), input: { callId, reason: 'Line left open' } });
		expect(provider.hungUp).toContain(sid);
		const { rows } = await listAudit({
			ctx: ctx(),
			input: { organizationId: tenant.id, action: 'call' }
		});
		expect(rows).toMatchObject([
			{ action: 'call.hang_up', after: { callId, reason: 'Line left open' } }
		]);
	});

	it('when it has ended, then nothing is hung up and nothing audited', async () => {
		const tenant = await house.createTenant({ minutes: 5 });
		const callId = await talk(tenant, 5);
		const input = { callId, reason: 'Too late' };
		await expect(hangUpAsAdmin({ ctx: ctx(), input })).rejects.toMatchObject({ code: 'conflict' });
		const audit = { organizationId: tenant.id, action: 'call' };
		expect((await listAudit({ ctx: ctx(), input: audit })).rows).toEqual([]);
	});

	it('when its next delivery does not come, then it is a gap until it does', async () => {
		const tenant = await house.createTenant({ minutes: 5 });
		const { callId, sid } = await house.placeBound(tenant.id);
		const gapsOf = async () =>
			(await listGaps({ ctx: ctx() })).filter((gap) => gap.callId === callId);
		expect(await gapsOf()).toEqual([]);
		house.clock.advanceSeconds(90);
		expect(await gapsOf()).toMatchObject([{ kind: 'overdue', expected: 'ringing, or the end' }]);
		for (const form of storyOf(sid, house.clock.read() - 90_000, 10)) {
			await post(house.services, form, { callId });
		}
		expect(await gapsOf()).toEqual([]);
	});
});

describe('given events of calls', () => {
	it('when a program reads from its cursor, then it sees each once, and of its own organisation only', async () => {
		const [mine, theirs] = [
			await house.createTenant({ minutes: 20 }),
			await house.createTenant({ minutes: 20 })
		];
		await talk(mine, 61);
		await talk(theirs, 61);
		const as = house.as(mine.agent);
		const first = await listCallEvents({ ctx: as, input: { limit: 500 } });
		expect(first.rows.map(({ status }) => status)).toEqual([
			...['initiated', 'initiated', 'ringing', 'in_progress', 'completed']
		]);
		const since = first.cursor ?? '0';
		expect((await listCallEvents({ ctx: as, input: { since, limit: 500 } })).rows).toEqual([]);
		await talk(mine, 10);
		const seen: number[] = [];
		let cursor = since;
		for (let hasMore = true; hasMore;) {
			const page = await listCallEvents({ ctx: as, input: { since: cursor, limit: 2 } });
			seen.push(...page.rows.map(({ id }) => id));
			hasMore = page.hasMore;
			cursor = page.cursor ?? cursor;
		}
		expect(seen).toHaveLength(5);
		expect([...new Set(seen)].sort((a, b) => a - b)).toEqual(seen);
	});
});

describe('given the audit log', () => {
	it('when it is paged through and narrowed, then each row comes once and only what was asked for', async () => {
		const tenant = await house.createTenant();
		for (let time = 0; time < 60; time++) {
			await updateOrganization({
				ctx: ctx(),
				input: { organizationId: tenant.id, estimateMinutes: time + 10 }
			});
		}
		const filter = { organizationId: tenant.id, action: 'organization.update' };
		const first = await listAudit({ ctx: ctx(), input: filter });
		const cursor = first.nextCursor ?? '';
		const second = await listAudit({ ctx: ctx(), input: { ...filter, cursor } });
		expect(first.rows).toHaveLength(50);
		expect(second.rows).toHaveLength(10);
		const ids = [...first.rows, ...second.rows].map(({ id }) => id);
		expect(ids).toEqual([...ids].sort((one, other) => other - one));
		const nobody = { ...filter, actorUserId: uuid() };
		expect((await listAudit({ ctx: ctx(), input: nobody })).rows).toEqual([]);
	});
});

describe('given rates', () => {
	const csv =
		'prefix,description,per_minute,increment\n44,United Kingdom,0.05,60/60\n4420,London,0.04,30/6\n';

	it('when a file is previewed, imported and previewed again, then first it is new, then unchanged', async () => {
		const before = await previewRates({ ctx: ctx(), input: { csv } });
		expect(before).toMatchObject({ rows: 2, added: 2, changed: 0, unchanged: 0, errors: [] });
		expect((await importRates({ ctx: ctx(), input: { csv } })).imported).toBe(2);
		const after = await previewRates({ ctx: ctx(), input: { csv: csv.replace('0.05', '0.06') } });
		expect(after).toMatchObject({ added: 0, changed: 1, unchanged: 1 });
		expect(after.changes).toEqual([
			{ prefix: '44', description: 'United Kingdom', before: '0.050000', after: '0.060000' }
		]);
		expect(await testRate({ ctx: ctx(), input: { phone: '+442071838750' } })).toMatchObject({
			...{
				prefix: '4420',
				description: 'London',
				perMinute: '0.040000',
				costOfOneMinute: '0.040000'
			}
		});
		const { rows } = await listRates({ ctx: ctx(), input: { search: '44' } });
		expect(rows.map(({ prefix, state }) => [prefix, state])).toEqual([
			['44', 'current'],
			['4420', 'current']
		]);
	});

	it('when lines are wrong, then each is named and nothing is imported', async () => {
		const wrong =
			'prefix,per_minute,increment\nabc,0.05,\n49,cheap,\n49,0.05,0/60\n33,0.01,\n33,0.02,\n';
		const { errors } = await previewRates({ ctx: ctx(), input: { csv: wrong } });
		expect(errors.map(({ line }) => line)).toEqual([2, 3, 4, 6]);
		await expect(importRates({ ctx: ctx(), input: { csv: wrong } })).rejects.toMatchObject({
			code: 'invalid',
			message: 'Line 2: prefix must be up to 15 digits.'
		});
		expect(await house.sql`select 1 from rates where prefix = '33'`).toEqual([]);
	});

	it('when some are to come and some replaced, then the list says which', async () => {
		const dated =
			'prefix,per_minute,effective_from\n81,0.2,2026-01-01\n81,0.3,2026-06-01\n81,0.4,2027-01-01\n';
		await importRates({ ctx: ctx(), input: { csv: dated } });
		const { rows } = await listRates({ ctx: ctx(), input: { search: '81', show: 'all' } });
		expect(rows.map(({ perMinute, state }) => [perMinute, state])).toEqual([
			['0.400000', 'to_come'],
			['0.300000', 'current'],
			['0.200000', 'replaced']
		]);
	});
});

describe('given API tokens', () => {
	it('when a manager makes one within limits, then it is listed, speaks for its person, and is refused once revoked', async () => {
		const tenant = await house.createTenant();
		const as = house.as(tenant.manager);
		const { email } = tenant.agent;
		const input = { email, name: 'CRM', scopes: ['read' as const] };
		const { token } = await createToken({ ctx: as, input });
		const found = await findPersonByToken(house.services, token);
		expect(found).toMatchObject({ person: { userId: tenant.agent.userId }, scopes: ['read'] });
		const [listed] = await listTokens({ ctx: as, input: {} });
		expect(listed).toMatchObject({ name: 'CRM', scopes: ['read'], userEmail: email });
		expect(listed?.lastUsedAt).not.toBeNull();
		await revokeToken({ ctx: as, input: { tokenId: listed?.id ?? '' } });
		expect(await findPersonByToken(house.services, token)).toBeNull();
	});

	it('when a manager asks for another organisation, then there is no such account and no such token', async () => {
		const [mine, theirs] = [await house.createTenant(), await house.createTenant()];
		const as = house.as(mine.manager);
		const { email } = theirs.agent;
		const input = { email, name: 'Mine' };
		await expect(createToken({ ctx: as, input })).rejects.toMatchObject({ code: 'not_found' });
		await createToken({ ctx: ctx(), input });
		const [token] = await listTokens({ ctx: ctx(), input: { organizationId: theirs.id } });
		const tokenId = token?.id ?? '';
		await expect(revokeToken({ ctx: as, input: { tokenId } })).rejects.toMatchObject({
			code: 'not_found'
		});
	});
});

describe('given the sales contact of the platform', () => {
	it('when it is set, then people without minutes are told it, unless their organisation names another', async () => {
		const [plain, own] = [await house.createTenant(), await house.createTenant()];
		const contact = { salesEmail: 'help@platform.test', salesPhone: '+1 202 555 0100' };
		await setPlatformSettings({ ctx: ctx(), input: contact });
		const named = { organizationId: own.id, salesEmail: 'our@sales.test' };
		await updateOrganization({ ctx: ctx(), input: named });
		const ask = async (tenant: Tenant) => {
			const input = { organizationId: tenant.id, estimatedDurationMinutes: 3 };
			return (await checkAvailability({ ctx: house.as(tenant.agent), input })).salesContact;
		};
		expect(await ask(plain)).toEqual({ email: 'help@platform.test', phone: '+1 202 555 0100' });
		expect(await ask(own)).toEqual({ email: 'our@sales.test', phone: '+1 202 555 0100' });
	});
});
