import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeCall } from '$lib/server/calls/place-call';
import { archiveContact } from '$lib/server/contacts/archive-contact';
import { createContact } from '$lib/server/contacts/create-contact';
import { getContact } from '$lib/server/contacts/get-contact';
import { getTimeline } from '$lib/server/contacts/get-timeline';
import { listContacts } from '$lib/server/contacts/list-contacts';
import { lookupContact } from '$lib/server/contacts/lookup-contact';
import { mergeContacts } from '$lib/server/contacts/merge-contacts';
import { restoreContact } from '$lib/server/contacts/restore-contact';
import { setContactList } from '$lib/server/contacts/set-contact-list';
import { setDoNotCall } from '$lib/server/contacts/set-do-not-call';
import { undoMerge } from '$lib/server/contacts/undo-merge';
import { updateContact } from '$lib/server/contacts/update-contact';
import type { Context } from '$lib/server/context';
import { House, newNumber, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

let house: House;
let tenant: Tenant;
let ctx: Context;

beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
	tenant = await house.createTenant({ minutes: 500 });
	ctx = house.as(tenant.agent);
});
afterAll(() => house.close());

const create = (name: string, phone = newNumber(), more = {}, as = ctx) =>
	createContact({ ctx: as, input: { requestId: uuid(), name, phone, ...more } });

async function createList(name: string, contactIds: string[]): Promise<string> {
	const id = uuid();
	await house.sql`insert into lead_lists (id, organization_id, name) values (${id}, ${tenant.id}, ${name})`;
	for (const contactId of contactIds) {
		await setContactList({ ctx, input: { contactId, listId: id, isOn: true } });
	}
	return id;
}

const membersOf = async (listId: string) =>
	(
		await house.sql<{ id: string }[]>`select contact_id as id from lead_list_members
			where lead_list_id = ${listId} order by position`
	).map(({ id }) => id);

const namesFound = async (search: string, as = ctx) =>
	(await listContacts({ ctx: as, input: { search } })).rows.map(({ name }) => name);

describe('finding contacts', () => {
	it('given contacts in two organisations, when one searches by name, company, e-mail or number in any format, then it finds its own', async () => {
		const other = await house.createTenant();
		await create('Tomás Rivera', '+919845000161', { company: 'Cobalt Freight' });
		await create('Rosa Tomasini', '+442079460958', { email: 'rosa@kite.example' });
		await create('प्रिया नायर', '+12025550179');
		await create('Tomás Foreign', '+919845000161', {}, house.as(other.agent));
		expect(await namesFound('tomas')).toEqual(['Tomás Rivera', 'Rosa Tomasini']);
		expect(await namesFound('TOMÁS riv')).toEqual(['Tomás Rivera']);
		expect(await namesFound('freight')).toEqual(['Tomás Rivera']);
		expect(await namesFound('co')).toEqual(['Tomás Rivera']);
		expect(await namesFound('kite.ex')).toEqual(['Rosa Tomasini']);
		expect(await namesFound('नायर')).toEqual(['प्रिया नायर']);
		for (const number of ['+91 98450-00161', '0091 98450 00161', '98450 00161', '0984500']) {
			expect(await namesFound(number), number).toEqual(['Tomás Rivera']);
		}
		expect(await namesFound('(202) 555-0179')).toEqual(['प्रिया नायर']);
		expect(await namesFound('100%_')).toEqual([]);
		expect(await namesFound('tomas', house.as(other.agent))).toEqual(['Tomás Foreign']);
	});

	it.each([
		[{}, ['Ann', 'Bea', 'Cem', 'Dee', 'Eve']],
		[{ sort: 'newest' as const }, ['Eve', 'Dee', 'Cem', 'Bea', 'Ann']],
		[{ sort: 'company' as const }, ['Eve', 'Dee', 'Cem', 'Bea', 'Ann']],
		[{ search: 'Works' }, ['Ann', 'Bea', 'Cem', 'Dee', 'Eve']]
	])(
		'given more than a page, when pages are read with %j, then each comes once in order',
		async (filters, names) => {
			const one = await house.createTenant();
			const as = house.as(one.agent);
			for (const [index, name] of ['Cem', 'Ann', 'Eve', 'Bea', 'Dee'].sort().entries()) {
				house.clock.advanceSeconds(1);
				const company = `Works ${9 - index}`;
				await create(name, newNumber(), { company }, house.as(one.agent));
			}
			const read: string[] = [];
			let cursor: string | undefined;
			do {
				const page = await listContacts({ ctx: as, input: { ...filters, limit: 2, cursor } });
				read.push(...page.rows.map(({ name }) => name));
				cursor = page.nextCursor ?? undefined;
			} while (cursor);
			expect(read).toEqual(names);
			await expect(listContacts({ ctx: as, input: { cursor: 'x' } })).rejects.toMatchObject({
				code: 'invalid'
			});
		}
	);

	it('given filters, when contacts are listed, then only those that meet them come', async () => {
		const one = await house.createTenant();
		const as = house.as(one.agent);
		const kim = await create('Kim', newNumber(), {}, as);
		await create('Lee', newNumber(), {}, as);
		await setDoNotCall({ ctx: as, input: { contactId: kim.id, isOn: true, reason: 'Asked us' } });
		const names = async (input: object) =>
			(await listContacts({ ctx: as, input })).rows.map(({ name }) => name);
		expect(await names({ doNotCall: true })).toEqual(['Kim']);
		expect(await names({ doNotCall: false })).toEqual(['Lee']);
		expect(await names({ isCalled: true })).toEqual([]);
		await archiveContact({ ctx: as, input: { contactId: kim.id } });
		expect(await names({})).toEqual(['Lee']);
		expect(await names({ isArchived: true })).toEqual(['Kim']);
		expect(await names({ isArchived: true, search: 'ki' })).toEqual(['Kim']);
	});
});

describe('writing contacts', () => {
	it('given a number somebody has, when it is given to another, then the field says whose it is and nothing changes', async () => {
		const ana = await create('Ana Lima');
		const bob = await create('Bob Ott');
		const sentence = 'Ana Lima has this number already. Open that contact, or merge the two.';
		await expect(create('Other', ana.phone)).rejects.toMatchObject({ fields: { phone: sentence } });
		await expect(
			updateContact({ ctx, input: { contactId: bob.id, phone: ana.phone } })
		).rejects.toMatchObject({ code: 'invalid', fields: { phone: sentence } });
		await expect(create('Bad', '123')).rejects.toMatchObject({ code: 'invalid' });
		expect(await lookupContact({ ctx, input: { phone: bob.phone } })).toMatchObject({ id: bob.id });
	});

	it('given the same request twice, when it is sent, then there is one contact', async () => {
		const input = { requestId: uuid(), name: 'Once', phone: newNumber() };
		const [first, second] = await Promise.all([
			createContact({ ctx, input }),
			createContact({ ctx, input })
		]);
		expect(second.id).toBe(first.id);
	});

	it('given changes, when the timeline is read, then it tells who changed what, with the calls', async () => {
		const made = await create('Zed Old', newNumber('61'), { company: 'Ace' });
		const placed = await placeCall({ ctx, input: { to: made.phone } });
		if (!placed.placed) throw new Error('The call was refused.');
		expect(placed.call.contactId).toBe(made.id);
		house.clock.advanceSeconds(5);
		const later = house.as(tenant.agent);
		await updateContact({
			ctx: later,
			input: { contactId: made.id, name: 'Zed New', company: null, about: undefined }
		});
		const { events } = await getTimeline({ ctx: later, input: { contactId: made.id } });
		expect(events.map((event) => (event.kind === 'change' ? event.action : event.kind))).toEqual([
			'contact.updated',
			...['call', 'contact.created'].sort((first) => (first === events[1]?.kind ? -1 : 1))
		]);
		expect(events[0]).toMatchObject({
			userName: 'agent',
			changes: [
				{ field: 'name', before: 'Zed Old', after: 'Zed New' },
				{ field: 'company', before: 'Ace', after: null }
			]
		});
	});

	it('given a contact on a list, when it is archived and restored, then it is off the list and back in its place', async () => {
		const [first, second, third] = [await create('A'), await create('B'), await create('C')];
		const listId = await createList('Places', [first.id, second.id, third.id]);
		await archiveContact({ ctx, input: { contactId: second.id } });
		expect(await membersOf(listId)).toEqual([first.id, third.id]);
		expect(await lookupContact({ ctx, input: { phone: second.phone } })).toBeNull();
		await restoreContact({ ctx, input: { contactId: second.id } });
		expect(await membersOf(listId)).toEqual([first.id, second.id, third.id]);
	});

	it('given an archived contact whose number another has now, when it is restored, then the refusal names the other', async () => {
		const old = await create('Old Holder');
		await archiveContact({ ctx, input: { contactId: old.id } });
		await create('New Holder', old.phone);
		await expect(restoreContact({ ctx, input: { contactId: old.id } })).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('New Holder has the number')
		});
	});

	it('given a number that must not be called, when its contact is archived, then it is not called, and a new contact of it is marked', async () => {
		const barred = await create('Barred');
		await setDoNotCall({
			ctx,
			input: { contactId: barred.id, isOn: true, reason: 'Complained in writing' }
		});
		await archiveContact({ ctx, input: { contactId: barred.id } });
		await expect(placeCall({ ctx, input: { to: barred.phone } })).rejects.toMatchObject({
			code: 'invalid'
		});
		const again = await create('Barred again', barred.phone);
		expect(again).toMatchObject({ doNotCall: true, doNotCallReason: 'Complained in writing' });
	});
});

describe('merging contacts', () => {
	it('given two contacts with calls and lists, when they are merged, then both numbers find the one, and the undo parts them as they were', async () => {
		const kept = await create('Priya Nair', newNumber(), { company: 'Lotus' });
		const other = await create('P. Nair', newNumber(), { email: 'p@lotus.example', company: 'L' });
		const listId = await createList('Merging', [other.id]);
		const call = await house.placeBound(tenant.id, {
			to: other.phone,
			contact: { id: other.id, name: other.name }
		});
		for (const form of storyOf(call.sid, house.clock.read(), 61)) {
			await post(house.services, form, call);
		}
		const before =
			await house.sql`select * from contacts where id in (${kept.id}, ${other.id}) order by id`;
		const merge = await mergeContacts({
			ctx,
			input: { requestId: uuid(), keepId: kept.id, mergeId: other.id, take: ['name'] }
		});
		expect(await lookupContact({ ctx, input: { phone: other.phone } })).toMatchObject({
			id: kept.id,
			name: 'P. Nair',
			email: 'p@lotus.example',
			company: 'Lotus',
			lastCalledAt: expect.any(String)
		});
		expect(await membersOf(listId)).toEqual([kept.id]);
		const { events } = await getTimeline({ ctx, input: { contactId: kept.id } });
		expect(events.filter(({ kind }) => kind === 'call')).toHaveLength(1);
		expect((await getContact({ ctx, input: { contactId: kept.id } })).merged).toMatchObject([
			{ mergeId: merge.mergeId, phone: other.phone }
		]);

		await undoMerge({ ctx, input: { mergeId: merge.mergeId } });
		await undoMerge({ ctx, input: { mergeId: merge.mergeId } });
		expect(await membersOf(listId)).toEqual([other.id]);
		const after =
			await house.sql`select * from contacts where id in (${kept.id}, ${other.id}) order by id`;
		const plain = (rows: typeof before) =>
			rows.map(({ updated_at: _updated, last_called_at: _called, ...row }) => row);
		expect(plain(after)).toEqual(plain(before));
		expect(await lookupContact({ ctx, input: { phone: other.phone } })).toMatchObject({
			id: other.id
		});
	});

	it('given a chain of merges, when the first is undone before the second, then it is refused, and the other way round all are back', async () => {
		const [one, two, three] = [await create('One'), await create('Two'), await create('Three')];
		const merge = (keepId: string, mergeId: string) =>
			mergeContacts({ ctx, input: { requestId: uuid(), keepId, mergeId } });
		const first = await merge(two.id, one.id);
		const second = await merge(three.id, two.id);
		expect(await lookupContact({ ctx, input: { phone: one.phone } })).toMatchObject({
			id: three.id
		});
		await expect(undoMerge({ ctx, input: { mergeId: first.mergeId } })).rejects.toMatchObject({
			code: 'conflict'
		});
		await undoMerge({ ctx, input: { mergeId: second.mergeId } });
		expect(await lookupContact({ ctx, input: { phone: one.phone } })).toMatchObject({ id: two.id });
		await undoMerge({ ctx, input: { mergeId: first.mergeId } });
		expect(await lookupContact({ ctx, input: { phone: one.phone } })).toMatchObject({ id: one.id });
	});
});
