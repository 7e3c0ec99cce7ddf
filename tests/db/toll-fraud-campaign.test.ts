/** The other side of the toll-fraud guard: a campaign of a thousand leads, on an organisation's first day. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getGuard } from '$lib/server/fraud/get-guard';
import { House } from '../support/house';
import { Campaigns } from '../support/house-campaigns';
import { RecordingProvider } from '../support/house-provider';

const LEADS = 1_000;
let house: House;
let campaigns: Campaigns;

beforeAll(async () => {
	const provider = new RecordingProvider();
	house = await House.open({ providers: { twilio: provider } });
	// Organisations are made in the house's present, at noon where the leads are.
	const noon = new Date();
	noon.setUTCHours(20, 0, 0, 0);
	house.clock.advanceSeconds((noon.getTime() - house.clock.read()) / 1_000);
	campaigns = new Campaigns(house, provider);
});
afterAll(() => house.close());

it('given a campaign of a thousand leads and nobody who vouches for it, when it runs, then every lead is called and the guard stays quiet', async () => {
	const tenant = await house.createTenant({ minutes: 4_000, dollars: '100' });
	const leads = await campaigns.leads(tenant, LEADS);
	const id = await campaigns.start(tenant, leads, { concurrency: 20 });
	const done = await campaigns.runToEnd(tenant, id);
	expect(done).toMatchObject({
		status: 'finished',
		counts: { total: LEADS, answered: LEADS, waiting: 0, calling: 0 },
		attempts: LEADS
	});
	const admin = house.as(await house.createPerson('super_admin'));
	const guard = await getGuard({ ctx: admin, input: { organizationId: tenant.id } });
	expect(guard).toMatchObject({ pausedAt: null, isTrusted: false });
	const blocks = await house.sql`
		select code, count(*)::int from blocks where organization_id = ${tenant.id} group by 1`;
	expect(blocks).toEqual([]);
	await house.expectBooksToBalance();
});
