import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forecastBatch } from '$lib/server/campaigns/forecast-batch';
import { createCampaign } from '$lib/server/campaigns/create-campaign';
import { listCampaignLeads } from '$lib/server/campaigns/list-campaign-leads';
import { getLeadsPage } from '$lib/server/contacts/get-leads-page';
import { addLeads } from '$lib/server/leads/add-leads';
import { createLeadList } from '$lib/server/leads/create-lead-list';
import { removeLeads } from '$lib/server/leads/remove-leads';
import { renameLeadList } from '$lib/server/leads/rename-lead-list';
import { CreateCampaignInput, type LeadsPageInput } from '$lib/inputs';
import { House, TestClock, type Tenant } from '../support/house';
import { Campaigns } from '../support/house-campaigns';
import { RecordingProvider } from '../support/house-provider';

/** Noon in San Francisco, where the leads are. */
const NOON_MS = Date.parse('2026-11-21T20:00:00Z');

let house: House;
let campaigns: Campaigns;
let tenant: Tenant;
let leads: { id: string; phone: string }[];
let listId: string;

beforeAll(async () => {
	const provider = new RecordingProvider();
	const clock = new TestClock(() => NOON_MS);
	house = await House.open({ clock, providers: { twilio: provider } });
	campaigns = new Campaigns(house, provider);
});
beforeEach(async () => {
	tenant = await house.createTenant({ minutes: 100 });
	leads = await campaigns.leads(tenant, 8);
	listId = uuid();
	const choice = { kind: 'contacts' as const, contactIds: leads.map(({ id }) => id) };
	const input = { requestId: listId, name: 'Spring', choice };
	const made = await createLeadList({ ctx: house.as(tenant.agent), input });
	expect(made).toEqual({ listId, added: 8 });
	// The same request again makes nothing new.
	expect(await createLeadList({ ctx: house.as(tenant.agent), input })).toEqual({
		listId,
		added: 0
	});
});
afterAll(() => house.close());

const ctx = () => house.as(tenant.agent);
const idsOf = async (input: Partial<LeadsPageInput>) =>
	new Set(
		(await getLeadsPage({ ctx: ctx(), input: { listId, ...input } })).leads.rows.map(
			(lead) => lead.contactId
		)
	);
const setOf = (...indexes: number[]) => new Set(indexes.map((index) => leads[index]?.id));

describe('given a list of leads', () => {
	it('when it is filtered, then those that fit are shown, and a batch is made of the same', async () => {
		const [first, second, third, fourth] = leads;
		await house.sql`update contacts set do_not_call = true where id = ${first?.id ?? ''}`;
		await house.sql`update contacts set timezone = 'Asia/Kolkata' where id = ${second?.id ?? ''}`;
		for (const [lead, ending] of [
			[third, 'completed'],
			[fourth, 'busy']
		] as const) {
			const contact = { id: lead?.id ?? '', name: 'Lead' };
			await house.placeBound(tenant.id, { to: lead?.phone, contact });
			await campaigns.endCalls(tenant, ending);
		}
		expect(await idsOf({ status: 'do_not_call' })).toEqual(setOf(0));
		expect(await idsOf({ status: 'called' })).toEqual(setOf(2, 3));
		expect(await idsOf({ status: 'new' })).toEqual(setOf(1, 4, 5, 6, 7));
		expect(await idsOf({ outcome: 'completed' })).toEqual(setOf(2));
		expect(await idsOf({ outcome: 'busy' })).toEqual(setOf(3));
		expect(await idsOf({ outcome: 'failed' })).toEqual(setOf());
		// It is half past one at night in India.
		expect(await idsOf({ isCallable: true })).toEqual(setOf(0, 2, 3, 4, 5, 6, 7));

		const choice = { kind: 'list' as const, listId, filters: { status: 'new' as const } };
		const forecast = await forecastBatch({
			ctx: ctx(),
			input: { choice, kind: 'server', attemptsMax: 1 }
		});
		expect(forecast).toMatchObject({ leads: 5, doNotCall: 0, fromCalls: 0, block: null });
		const requestId = uuid();
		const input = CreateCampaignInput.parse({
			requestId,
			name: 'New ones',
			kind: 'server',
			choice
		});
		await createCampaign({ ctx: ctx(), input });
		await createCampaign({ ctx: ctx(), input });
		const { rows } = await listCampaignLeads({ ctx: ctx(), input: { campaignId: requestId } });
		expect(new Set(rows.map((lead) => lead.contactId))).toEqual(setOf(1, 4, 5, 6, 7));
		expect(rows.map((lead) => lead.position)).toEqual([0, 1, 2, 3, 4]);
	});

	it('when leads are taken off and put on again, then the list follows, and the contacts stay', async () => {
		const some = [leads[1]?.id ?? '', leads[2]?.id ?? ''];
		const choice = { kind: 'contacts' as const, contactIds: some };
		const { removedContactIds } = await removeLeads({ ctx: ctx(), input: { listId, choice } });
		expect(new Set(removedContactIds)).toEqual(setOf(1, 2));
		expect((await idsOf({})).size).toBe(6);
		const add = () => addLeads({ ctx: ctx(), input: { listId, choice } });
		// Two at once give no position twice, and no lead is there twice.
		const added = await Promise.all([add(), add()]);
		expect(added.map((answer) => answer.added).sort()).toEqual([0, 2]);
		expect((await idsOf({})).size).toBe(8);
	});

	it('when its name is another list of the organisation already, then it is refused beside the field', async () => {
		const other = uuid();
		await createLeadList({ ctx: ctx(), input: { requestId: other, name: 'Autumn' } });
		const input = { listId, name: 'Autumn' };
		await expect(renameLeadList({ ctx: ctx(), input })).rejects.toMatchObject({
			code: 'invalid',
			fields: { name: 'There is a list with the name Autumn already: choose another.' }
		});
		await renameLeadList({ ctx: ctx(), input: { listId, name: 'Summer' } });
		const stranger = await house.createTenant();
		const same = { requestId: uuid(), name: 'Autumn' };
		await createLeadList({ ctx: house.as(stranger.agent), input: same });
	});
});
