import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getCall } from '$lib/server/calls/get-call';
import { createContact } from '$lib/server/contacts/create-contact';
import { linkCall } from '$lib/server/contacts/link-call';
import { lookupContact } from '$lib/server/contacts/lookup-contact';
import type { Context } from '$lib/server/context';
import { House, newNumber, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';

let house: House;
let mine: Tenant;
let theirs: Tenant;
let ctx: Context;

beforeAll(async () => {
	house = await House.open();
	[mine, theirs] = [
		await house.createTenant({ minutes: 500 }),
		await house.createTenant({ minutes: 500 })
	];
	ctx = house.as(mine.agent);
});
afterAll(() => house.close());

const create = (name: string, phone: string, as = ctx) =>
	createContact({ ctx: as, input: { requestId: uuid(), name, phone } });

/** A call that was answered and ended. */
async function talk(
	tenant: Tenant,
	to: string,
	contact: { id: string; name: string } | null = null
) {
	const call = await house.placeBound(tenant.id, { to, contact });
	for (const form of storyOf(call.sid, house.clock.read(), 61)) {
		await post(house.services, form, call);
	}
	return call;
}

describe('looking up a number', () => {
	it('given the same number in two organisations, when each looks it up in any format, then it finds its own contact and no other', async () => {
		const phone = '+12025550161';
		await create('Ours', phone);
		expect(await lookupContact({ ctx: house.as(theirs.agent), input: { phone } })).toBeNull();
		await create('Theirs', phone, house.as(theirs.agent));
		for (const typed of [phone, '(202) 555-0161', '1 202 555 0161']) {
			expect(await lookupContact({ ctx, input: { phone: typed } })).toMatchObject({ name: 'Ours' });
		}
		expect(await lookupContact({ ctx, input: { phone: '+12025550162' } })).toBeNull();
		await expect(lookupContact({ ctx, input: { phone: '12' } })).rejects.toMatchObject({
			code: 'invalid'
		});
	});
});

describe('when a contact was called', () => {
	it('given a call to a contact, when it is completed, then the contact was last called when it ended', async () => {
		const contact = await create('Called', newNumber());
		const { callId } = await talk(mine, contact.phone, contact);
		const { call } = await getCall({ ctx, input: { callId } });
		expect(call.status).toBe('completed');
		const found = await lookupContact({ ctx, input: { phone: contact.phone } });
		expect(found?.lastCalledAt).toBe(call.endedAt);
	});

	it('given a call before its contact was made, when it is linked, then the call is of the contact and the contact was called', async () => {
		const phone = newNumber();
		const { callId } = await talk(mine, phone);
		expect(await linkCall({ ctx, input: { phone } })).toEqual({ contact: null, callId });
		const contact = await create('Later', phone);
		const linked = await linkCall({ ctx, input: { phone, callId } });
		const { call } = await getCall({ ctx, input: { callId } });
		expect(call).toMatchObject({ contactId: contact.id, contactName: 'Later' });
		expect(linked).toMatchObject({
			callId,
			contact: { id: contact.id, lastCalledAt: call.endedAt }
		});
		await house.expectBooksToBalance();
	});

	it('given a call of another organisation or to another number, when it is named, then nothing is linked', async () => {
		const phone = newNumber();
		await create('Mine', phone);
		const foreign = await talk(theirs, phone);
		const elsewhere = await talk(mine, newNumber());
		const before = await house.fingerprint();
		for (const [callId, code] of [
			[foreign.callId, 'not_found'],
			[foreign.sid, 'not_found'],
			[elsewhere.callId, 'invalid'],
			['no call', 'not_found']
		] as const) {
			await expect(linkCall({ ctx, input: { phone, callId } })).rejects.toMatchObject({ code });
		}
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given no call to the number, when the contact is told of one, then it was called now', async () => {
		const contact = await create('By hand', newNumber());
		const { contact: told, callId } = await linkCall({ ctx, input: { phone: contact.phone } });
		expect(callId).toBeNull();
		expect(told?.lastCalledAt).toBe(new Date(house.clock.read()).toISOString());
	});
});
