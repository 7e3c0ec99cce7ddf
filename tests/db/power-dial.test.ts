import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PlaceCall } from '$lib/domain/lane/commands';
import { changePowerDial } from '$lib/server/dialer/change-power-dial';
import { getDialer } from '$lib/server/dialer/get-dialer';
import { lookUpNumber } from '$lib/server/dialer/look-up-number';
import { nextLead } from '$lib/server/dialer/next-lead';
import { startPowerDial } from '$lib/server/dialer/start-power-dial';
import { listDispositions } from '$lib/server/outcomes/list-dispositions';
import { recordOutcome } from '$lib/server/outcomes/record-outcome';
import { House, newNumber, TestClock, type Tenant } from '../support/house';

/** Noon in New York, night in Tokyo. */
const NOON = '2026-11-24T17:00:00Z';
const NOON_MS = Date.parse(NOON);

let house: House;
let mine: Tenant;
let theirs: Tenant;

beforeAll(async () => {
	house = await House.open({ clock: new TestClock(() => NOON_MS) });
});
beforeEach(async () => {
	[mine, theirs] = [
		await house.createTenant({ minutes: 50 }),
		await house.createTenant({ minutes: 50 })
	];
});
afterAll(() => house.close());

interface Lead {
	id: string;
	phone: string;
}

/** A list of leads with names in order, each as given. */
async function listOf(tenant: Tenant, ...leads: { timezone?: string; doNotCall?: boolean }[]) {
	const listId = uuid();
	await house.sql`insert into lead_lists (id, organization_id, name)
		values (${listId}, ${tenant.id}, ${`List ${listId}`})`;
	const made: Lead[] = [];
	for (const [position, lead] of leads.entries()) {
		const phone = newNumber();
		const id = await house.createContact(tenant.id, phone);
		await house.sql`update contacts set timezone = ${lead.timezone ?? 'America/New_York'},
			do_not_call = ${lead.doNotCall ?? false} where id = ${id}`;
		await house.sql`insert into lead_list_members (organization_id, lead_list_id, contact_id, position)
			values (${tenant.id}, ${listId}, ${id}, ${position})`;
		made.push({ id, phone });
	}
	return { listId, leads: made };
}

let callsMade = 0;

/** A call of the agent's that the provider refused, placed by the house's clock, one after the other. */
async function callOf(changes: Partial<PlaceCall> = {}): Promise<string> {
	const callId = uuid({ msecs: NOON_MS + callsMade++ });
	const user = { id: mine.agent.userId, name: 'agent' };
	await house.place(mine.id, { callId, user, ...changes });
	const ended = { outcome: 'refused', endReason: 'provider_error' } as const;
	await house.services.lane.submit({ kind: 'close_submit', callId, ...ended });
	return callId;
}

/** The agent has called the lead, and says what came of it. */
async function speakOf({ id, phone }: Lead, kind: string, at?: string) {
	const callId = await callOf({ to: phone, contact: { id, name: 'Lead' } });
	const ctx = house.as(mine.agent);
	const chosen = (await listDispositions({ ctx })).find((one) => one.kind === kind);
	await recordOutcome({
		ctx,
		input: {
			callId,
			dispositionId: chosen?.id ?? '',
			...(at !== undefined && { callBack: { at, timezone: 'America/New_York' } })
		}
	});
}

const start = (leadListId: string, by = mine.agent, powerDialId = uuid()) =>
	startPowerDial({ ctx: house.as(by), input: { powerDialId, leadListId } });
const next = (powerDialId: string, afterContactId: string | null, isSkipped = false) =>
	nextLead({ ctx: house.as(mine.agent), input: { powerDialId, afterContactId, isSkipped } });

describe('given a lead list', () => {
	it('when an agent goes through it, then those who may not be called now are passed over, and counted', async () => {
		const { listId, leads } = await listOf(
			mine,
			{ doNotCall: true },
			{},
			{ timezone: 'Asia/Tokyo' },
			{},
			{},
			{},
			{}
		);
		const [, first, , second, refused, promised, onCall] = leads;
		if (!first || !second || !refused || !promised || !onCall) throw new Error('No leads.');
		await speakOf(refused, 'not_interested');
		await speakOf(promised, 'call_back', '2026-11-25T10:00');
		await house.place(mine.id, { to: onCall.phone });

		const begun = await start(listId);
		expect(begun).toMatchObject({ state: 'running', total: 7, seen: 2, offered: 1 });
		expect(begun.lead?.contactId).toBe(first.id);
		const then = await next(begun.id, first.id);
		expect(then.lead?.contactId).toBe(second.id);
		// An answer that was lost is asked for again: nobody is left out.
		expect(await next(begun.id, first.id)).toEqual(then);
		const end = await next(begun.id, second.id, true);
		expect(end).toMatchObject({
			state: 'finished',
			lead: null,
			seen: 7,
			offered: 2,
			skipped: { byAgent: 1, doNotCall: 1, hours: 1, done: 1, taken: 2 }
		});
	});

	it('when two agents go through it, then nobody is called twice', async () => {
		const { listId, leads } = await listOf(mine, {}, {});
		const other = await house.createPerson('agent', mine);
		const first = await start(listId);
		const second = await start(listId, other);
		expect(first.lead?.contactId).toBe(leads[0]?.id);
		// The colleague has called the second one by now.
		await house.sql`update contacts set last_called_at = ${NOON} where id = ${leads[1]?.id ?? ''}`;
		expect(second.lead?.contactId).toBe(leads[0]?.id);
		expect(await next(first.id, leads[0]?.id ?? '')).toMatchObject({
			state: 'finished',
			skipped: { taken: 1 }
		});
	});

	it('when it is paused, then it stays at its lead until it goes on; stopped, it is over', async () => {
		const { listId, leads } = await listOf(mine, {}, {});
		const { id } = await start(listId);
		const change = (action: 'pause' | 'resume' | 'stop') =>
			changePowerDial({ ctx: house.as(mine.agent), input: { powerDialId: id, action } });
		expect(await change('pause')).toMatchObject({ state: 'paused' });
		await expect(next(id, leads[0]?.id ?? '')).rejects.toMatchObject({ code: 'conflict' });
		const page = await getDialer({ ctx: house.as(mine.agent) });
		expect(page.powerDial).toMatchObject({
			id,
			state: 'paused',
			lead: { contactId: leads[0]?.id }
		});
		expect(await change('resume')).toMatchObject({ state: 'running' });
		expect(await change('stop')).toMatchObject({ state: 'stopped', lead: null });
		await expect(change('resume')).rejects.toMatchObject({ code: 'conflict' });
	});

	it('when another list is started, then the one before stops; the same request starts once', async () => {
		const [one, other] = [await listOf(mine, {}, {}), await listOf(mine, {}, {})];
		const first = await start(one.listId);
		const second = await start(other.listId);
		expect(await start(other.listId, mine.agent, second.id)).toEqual(second);
		await expect(next(first.id, null)).rejects.toMatchObject({ code: 'conflict' });
		const { powerDial } = await getDialer({ ctx: house.as(mine.agent) });
		expect(powerDial?.id).toBe(second.id);
	});

	it('when it is another’s, or goes through another’s leads, then it is as absent as one that never was', async () => {
		const { listId } = await listOf(theirs, {}, {});
		await expect(start(listId)).rejects.toMatchObject({ code: 'not_found' });
		const { id } = await start((await listOf(mine, {})).listId);
		const input = { powerDialId: id, action: 'stop' as const };
		for (const by of [theirs.agent, mine.manager]) {
			await expect(changePowerDial({ ctx: house.as(by), input })).rejects.toMatchObject({
				code: 'not_found'
			});
		}
	});
});

describe('given a number', () => {
	it('when it is a contact’s, then the dialer knows who it is, what was said and what it costs, and only there', async () => {
		const { leads } = await listOf(mine, {});
		const [lead] = leads;
		if (!lead) throw new Error('No lead.');
		await speakOf(lead, 'interested');
		const national = lead.phone.replace('+1', '');
		const known = await lookUpNumber({ ctx: house.as(mine.agent), input: { phone: national } });
		expect(known).toMatchObject({
			estimate: { to: lead.phone, affordableMinutes: 50, paidBy: 'minutes' },
			contact: { id: lead.id, name: 'Lead' },
			lastOutcome: { label: 'Interested' },
			zones: ['America/New_York'],
			isCallingHour: true
		});
		const foreign = await lookUpNumber({ ctx: house.as(theirs.agent), input: { phone: national } });
		expect(foreign).toMatchObject({ contact: null, lastCall: null, lastOutcome: null, notes: [] });
		await expect(
			lookUpNumber({ ctx: house.as(mine.agent), input: { phone: '12' } })
		).rejects.toMatchObject({ code: 'invalid', fields: { phone: expect.any(String) } });
	});
});

describe('given calls of an agent', () => {
	it('when the dialer opens, then it shows their own, and the one nobody has spoken of', async () => {
		const { leads } = await listOf(mine, {}, {});
		for (const lead of leads) await speakOf(lead, 'interested');
		const callId = await callOf();
		await house.place(mine.id, { user: { id: mine.manager.userId, name: 'manager' } });
		const page = await getDialer({ ctx: house.as(mine.agent) });
		expect(page.calls).toHaveLength(3);
		expect(Object.values(page.outcomes).map(({ label }) => label)).toEqual([
			'Interested',
			'Interested'
		]);
		expect(page.unspoken?.id).toBe(callId);
		expect(page.setup).toMatchObject({ country: 'US', problem: null });
		house.clock.advanceSeconds(3_600);
		expect((await getDialer({ ctx: house.as(mine.agent) })).unspoken).toBeNull();
		house.clock.advanceSeconds(-3_600);
	});
});
