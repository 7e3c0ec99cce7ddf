import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DispositionKind } from '$lib/domain/outcomes/dispositions';
import { placeCall } from '$lib/server/calls/place-call';
import type { Person } from '$lib/server/context';
import { changeCallBack } from '$lib/server/outcomes/change-call-back';
import { getCallNotes } from '$lib/server/outcomes/get-call-notes';
import { getContactNotes } from '$lib/server/outcomes/get-contact-notes';
import { listCallBacks } from '$lib/server/outcomes/list-call-backs';
import { listDispositions } from '$lib/server/outcomes/list-dispositions';
import { recordOutcome } from '$lib/server/outcomes/record-outcome';
import { saveNote } from '$lib/server/outcomes/save-note';
import { setDispositions } from '$lib/server/outcomes/set-dispositions';
import { House, newNumber, type Tenant } from '../support/house';

let house: House;
let mine: Tenant;
let theirs: Tenant;

beforeAll(async () => {
	house = await House.open();
});
beforeEach(async () => {
	[mine, theirs] = [
		await house.createTenant({ minutes: 50 }),
		await house.createTenant({ minutes: 50 })
	];
});
afterAll(() => house.close());

async function dispositionOf(person: Person, kind: DispositionKind): Promise<string> {
	const offered = await listDispositions({ ctx: house.as(person) });
	const found = offered.find((one) => one.kind === kind);
	if (!found) throw new Error(`Nothing of kind ${kind} is offered.`);
	return found.id;
}

/** A call of the agent's, to a contact where one is named. */
async function callOf(tenant: Tenant, to = newNumber(), contactId?: string, by = tenant.agent) {
	const { callId } = await house.placeBound(tenant.id, {
		to,
		user: { id: by.userId, name: by.name },
		contact: contactId === undefined ? null : { id: contactId, name: 'Lead' }
	});
	await house.services.lane.submit({
		kind: 'close_submit',
		callId,
		outcome: 'cancelled',
		endReason: 'cancelled'
	});
	await house.sql`update calls set status = 'cancelled', ended_at = now() where id = ${callId} and ended_at is null`;
	return callId;
}

async function record(
	callId: string,
	kind: DispositionKind,
	more: { text?: string; at?: string; by?: Person } = {}
) {
	const by = more.by ?? mine.agent;
	return recordOutcome({
		ctx: house.as(by),
		input: {
			callId,
			dispositionId: await dispositionOf(by, kind),
			...(more.text !== undefined && { note: { noteId: uuid(), text: more.text } }),
			...(more.at !== undefined && {
				callBack: { at: more.at, timezone: 'America/New_York' }
			})
		}
	});
}

const told = async (tenant: Tenant) =>
	(
		await house.sql<{ seq: string; name: string }[]>`
			select seq, name from live_events where organization_id = ${tenant.id} order by seq`
	).map(({ seq, name }) => ({ seq: Number(seq), name }));

const audited = async (tenant: Tenant) =>
	(
		await house.sql<{ action: string }[]>`
			select action from audit_log where organization_id = ${tenant.id}
				and action like any (array['outcome%', 'contact%', 'dispositions%']) order by id`
	).map(({ action }) => action);

describe('given a new organisation', () => {
	it('when its outcomes are listed, then there are six, in the order of the keys', async () => {
		const offered = await listDispositions({ ctx: house.as(mine.agent) });
		expect(offered.map(({ position, kind }) => [position, kind])).toEqual([
			[1, 'interested'],
			[2, 'call_back'],
			[3, 'not_interested'],
			[4, 'wrong_number'],
			[5, 'voicemail'],
			[6, 'do_not_call']
		]);
	});
});

describe('given a call that has ended', () => {
	it('when its agent says what became of it, then call and contact tell of it, and so does the feed, without a gap', async () => {
		const to = newNumber();
		const contactId = await house.createContact(mine.id, to);
		const callId = await callOf(mine, to, contactId);
		const { outcome } = await record(callId, 'interested', { text: 'Wants an offer.' });
		expect(outcome).toMatchObject({ callId, contactId, kind: 'interested', label: 'Interested' });
		const ctx = house.as(mine.manager);
		expect(await getCallNotes({ ctx, input: { callId } })).toMatchObject({
			outcome: { kind: 'interested' },
			notes: [{ text: 'Wants an offer.', userId: mine.agent.userId }]
		});
		expect(await getContactNotes({ ctx, input: { contactId } })).toMatchObject({
			lastOutcome: { callId },
			notes: [{ callId, text: 'Wants an offer.' }]
		});
		const events = await told(mine);
		expect(events.at(-1)?.name).toBe('outcome:updated');
		expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
		// The lane goes on counting where it ended.
		await house.place(mine.id);
		expect((await told(mine)).map(({ seq }) => seq)).toEqual(
			(await told(mine)).map((_event, index) => index + 1)
		);
	});

	it('when another agent speaks of it, then they may not, and a manager may', async () => {
		const callId = await callOf(mine);
		const other = await house.createPerson('agent', mine);
		await expect(record(callId, 'interested', { by: other })).rejects.toMatchObject({
			code: 'forbidden'
		});
		await record(callId, 'interested');
		await record(callId, 'not_interested', { by: mine.manager });
		expect(await audited(mine)).toEqual(['outcome.change']);
	});

	it('when an outcome of another organisation is given, then there is no such one', async () => {
		const callId = await callOf(mine);
		const dispositionId = await dispositionOf(theirs.agent, 'interested');
		const input = { callId, dispositionId };
		await expect(recordOutcome({ ctx: house.as(mine.agent), input })).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('when the lead must not be called again, then nobody can, and a correction takes that back', async () => {
		const to = newNumber();
		const callId = await callOf(mine, to);
		const { outcome } = await record(callId, 'do_not_call');
		const ctx = house.as(mine.agent);
		await expect(placeCall({ ctx, input: { to } })).rejects.toMatchObject({ code: 'invalid' });
		const theirContact = await house.sql`select 1 from contacts
			where phone = ${to} and organization_id = ${theirs.id}`;
		expect(theirContact).toHaveLength(0);
		await record(callId, 'interested');
		const [contact] =
			await house.sql`select do_not_call from contacts where id = ${outcome.contactId}`;
		expect(contact).toEqual({ do_not_call: false });
		expect(await audited(mine)).toEqual([
			'contact.do_not_call',
			'contact.do_not_call',
			'outcome.change'
		]);
	});

	it('when the contact was marked before, then correcting the outcome leaves the mark', async () => {
		const to = newNumber();
		const contactId = await house.createContact(mine.id, to);
		const callId = await callOf(mine, to, contactId);
		await house.sql`update contacts set do_not_call = true where id = ${contactId}`;
		await record(callId, 'do_not_call');
		await record(callId, 'interested');
		const [contact] = await house.sql`select do_not_call from contacts where id = ${contactId}`;
		expect(contact).toEqual({ do_not_call: true });
	});
});

describe('given a lead who wants to be called back', () => {
	it('when no time is given, or a past or a far one, or no zone, then the sentence names the field and nothing is kept', async () => {
		const callId = await callOf(mine);
		const before = await house.fingerprint();
		for (const at of [undefined, '2026-11-21T04:00', '2028-01-01T10:00', 'tomorrow']) {
			await expect(record(callId, 'call_back', { at })).rejects.toMatchObject({
				code: 'invalid',
				fields: { at: expect.any(String) }
			});
		}
		expect(await house.fingerprint()).toEqual(before);
	});

	it('when a time in their zone is given, then it is a task of the agent until the next call keeps it', async () => {
		const to = newNumber();
		const contactId = await house.createContact(mine.id, to);
		const callId = await callOf(mine, to, contactId);
		const text = 'After lunch.';
		const { callBack } = await record(callId, 'call_back', { at: '2026-11-24T14:30', text });
		expect(callBack).toMatchObject({
			to,
			contactName: 'Lead',
			dueAt: '2026-11-24T19:30:00.000Z',
			timezone: 'America/New_York',
			note: text
		});
		const list = (by: Person, input = {}) => listCallBacks({ ctx: house.as(by), input });
		expect(await list(mine.agent)).toEqual([callBack]);
		expect(await list(mine.manager)).toEqual([]);
		expect(await list(mine.manager, { ofEveryone: true })).toEqual([callBack]);
		expect(await list(theirs.manager, { ofEveryone: true })).toEqual([]);

		await record(await callOf(mine, to, contactId), 'voicemail');
		expect(await list(mine.agent)).toHaveLength(1);
		await record(await callOf(mine, to, contactId), 'interested');
		expect(await list(mine.agent)).toEqual([]);
	});

	it('when the outcome is corrected, then what was promised moves or is taken back', async () => {
		const callId = await callOf(mine);
		await record(callId, 'call_back', { at: '2026-11-24T14:30' });
		await record(callId, 'call_back', { at: '2026-11-25T14:30' });
		const ctx = house.as(mine.agent);
		const tasks = await listCallBacks({ ctx, input: {} });
		expect(tasks.map(({ dueAt }) => dueAt)).toEqual(['2026-11-25T19:30:00.000Z']);
		await record(callId, 'not_interested');
		expect(await listCallBacks({ ctx, input: {} })).toEqual([]);
	});

	it('when the agent closes it and thinks again, then it is open, and another agent may not touch it', async () => {
		const { callBack } = await record(await callOf(mine), 'call_back', { at: '2026-11-24T14:30' });
		const taskId = callBack?.id ?? '';
		const ctx = house.as(mine.agent);
		await changeCallBack({ ctx, input: { taskId, state: 'done' } });
		const when = { at: '2026-11-24T15:00', timezone: 'America/New_York' };
		const moved = await changeCallBack({ ctx, input: { taskId, state: 'open', when } });
		expect(moved).toMatchObject({ state: 'open', dueAt: '2026-11-24T20:00:00.000Z' });
		const input = { taskId, state: 'done' as const };
		const other = await house.createPerson('agent', mine);
		await expect(changeCallBack({ ctx: house.as(other), input })).rejects.toMatchObject({
			code: 'forbidden'
		});
		await expect(changeCallBack({ ctx: house.as(theirs.manager), input })).rejects.toMatchObject({
			code: 'not_found'
		});
	});
});

describe('given a note', () => {
	it('when it is written again under its id, then it changes; empty, it goes; from another person, it is refused', async () => {
		const callId = await callOf(mine);
		const noteId = uuid();
		const ctx = house.as(mine.agent);
		await saveNote({ ctx, input: { noteId, callId, text: 'First' } });
		const note = await saveNote({ ctx, input: { noteId, callId, text: 'Second' } });
		expect(note).toMatchObject({ id: noteId, text: 'Second' });
		for (const by of [mine.manager, theirs.agent]) {
			const theirCall = by === mine.manager ? callId : await callOf(theirs);
			const input = { noteId, callId: theirCall, text: 'Mine now' };
			await expect(saveNote({ ctx: house.as(by), input })).rejects.toMatchObject({
				code: 'conflict'
			});
		}
		expect(await saveNote({ ctx, input: { noteId, callId, text: '' } })).toBeNull();
	});
});

describe('given a manager who sets what is offered', () => {
	it('when one is renamed, one added and the rest left out, then agents see those, and old calls keep theirs', async () => {
		const callId = await callOf(mine);
		await record(callId, 'wrong_number');
		const ctx = house.as(mine.manager);
		const [first] = await listDispositions({ ctx });
		const dispositions = [
			{ kind: 'other' as const, label: 'Left a message' },
			{ id: first?.id, kind: 'interested' as const, label: 'Hot' }
		];
		const offered = await setDispositions({ ctx, input: { dispositions } });
		expect(offered.map(({ position, label }) => [position, label])).toEqual([
			[1, 'Left a message'],
			[2, 'Hot']
		]);
		const { outcome } = await getCallNotes({ ctx, input: { callId } });
		expect(outcome?.label).toBe('Wrong number');
		await expect(
			recordOutcome({
				ctx: house.as(mine.agent),
				input: { callId, dispositionId: outcome?.dispositionId ?? '' }
			})
		).rejects.toMatchObject({ code: 'invalid' });
		expect(await audited(mine)).toEqual(['dispositions.set']);
	});

	it('when two are named alike, or what follows from one is to change, then it is refused and nothing changes', async () => {
		const ctx = house.as(mine.manager);
		const [first] = await listDispositions({ ctx });
		const before = await house.fingerprint();
		const twins = ['Hot', 'hot'].map((label) => ({ kind: 'other' as const, label }));
		const turned = [{ id: first?.id, kind: 'do_not_call' as const, label: 'Interested' }];
		for (const dispositions of [twins, turned]) {
			await expect(setDispositions({ ctx, input: { dispositions } })).rejects.toMatchObject({
				code: 'invalid'
			});
		}
		expect(await house.fingerprint()).toEqual(before);
	});

	it('when another organisation has its own, then theirs stay', async () => {
		await setDispositions({
			ctx: house.as(mine.manager),
			input: { dispositions: [{ kind: 'other', label: 'Spoken' }] }
		});
		expect(await listDispositions({ ctx: house.as(theirs.agent) })).toHaveLength(6);
	});
});
