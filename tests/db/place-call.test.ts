import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { v7 as uuid } from 'uuid';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { placeCall } from '$lib/server/calls/place-call';
import type { Tenant } from '../support/house';
import { newNumber } from '../support/house';
import { SandboxHouse, STANDING } from '../support/house-sandbox';

let room: SandboxHouse;
let tenant: Tenant;

beforeAll(async () => {
	room = await SandboxHouse.open();
});
beforeEach(async () => {
	tenant = await room.house.createTenant({ minutes: 10 });
});
afterEach(async () => {
	room.reset();
	await room.house.expectBooksToBalance();
});
afterAll(() => room.close());

function creditOf(one: Tenant) {
	return room.house.credit(one.id);
}

async function countCharges(callId: string): Promise<number> {
	const rows = await room.house.sql`
		select 1 from call_minutes_usage_log where call_id = ${callId}`;
	return rows.length;
}

function sandboxCallsTo(to: string) {
	return room.sandbox.control.listCalls(1000).filter((call) => call.to === to);
}

describe('calls that are answered', () => {
	it('given a number that talks 61 seconds, when an agent calls it, then it is settled at two minutes and every callback was answered 200', async () => {
		const call = await room.dial(tenant, '61');
		expect(call).toMatchObject({ organizationId: tenant.id, userName: 'agent' });
		const row = await room.untilEnded(call.id);
		expect(row).toMatchObject({
			status: 'completed',
			duration: 61,
			billed_minutes: 2,
			submit_state: 'accepted',
			user_id: tenant.agent.userId
		});
		const callbacks = await room.callbacksOf(String(row.provider_call_id), 4);
		expect(callbacks.map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200]);
		expect(await creditOf(tenant)).toMatchObject({ used: 2, held: 0, live: 0 });
	});

	it('given credit for one minute, when the other side would talk 61 seconds, then the network ends it at the affordable second', async () => {
		const poor = await room.house.createTenant({ minutes: 1 });
		const call = await room.dial(poor, '61');
		expect(await room.untilEnded(call.id)).toMatchObject({ duration: 60, billed_minutes: 1 });
		expect(await creditOf(poor)).toMatchObject({ used: 1, debt: 0, held: 0 });
	});

	it.each([
		['95', 'every callback three times', 12],
		['96', 'callbacks in reverse order', 4],
		['97', 'all callbacks before create is answered', 4],
		['99', 'callbacks twenty seconds late', 4]
	])(
		'given a number ending in %s (%s), when it is called, then it is settled once at one minute',
		async (suffix, _habit, count) => {
			const call = await room.dial(tenant, suffix);
			const ended = await room.untilEnded(call.id);
			const callbacks = await room.callbacksOf(String(ended.provider_call_id), count);
			expect(new Set(callbacks.map(({ answer }) => answer.status))).toEqual(new Set([200]));
			expect(await room.house.callRow(call.id)).toMatchObject({
				status: 'completed',
				duration: 30,
				billed_minutes: 1,
				answered_estimated: false
			});
			expect(await countCharges(call.id)).toBe(1);
			expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, live: 0 });
		}
	);
});

describe('calls that nobody answers', () => {
	it.each([
		['10', 'failed', 'busy'],
		['11', 'failed', 'no_answer'],
		['12', 'failed', 'provider_error'],
		['13', 'cancelled', 'cancelled']
	])(
		'given a number ending in %s, when it is called, then it is %s (%s), nothing is billed and the hold is back',
		async (suffix, status, reason) => {
			const call = await room.dial(tenant, suffix);
			expect(await room.untilEnded(call.id)).toMatchObject({
				status,
				end_reason: reason,
				billed_minutes: 0
			});
			expect(await countCharges(call.id)).toBe(0);
			expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
		}
	);

	it('given a number Twilio refuses, when it is called, then the agent is told why and the hold is back', async () => {
		await expect(room.dial(tenant, '90')).rejects.toMatchObject({
			code: 'provider_failed',
			message: expect.stringMatching(/not a valid phone number/)
		});
		const [call] = await room.house.sql`
			select status, end_reason, submit_state, billed_minutes from calls where organization_id = ${tenant.id}`;
		expect(call).toEqual({
			status: 'failed',
			end_reason: 'invalid_number',
			submit_state: 'refused',
			billed_minutes: 0
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});

	it('given wrong credentials at Twilio, when a number is called, then the agent is told and nothing stays held', async () => {
		room.sandbox.control.context.faults.add({ apiStatus: 401 });
		await expect(room.dial(tenant, '61')).rejects.toMatchObject({ code: 'provider_failed' });
		expect(await creditOf(tenant)).toMatchObject({ held: 0, live: 0 });
	});
});

describe('what is dialled', () => {
	it('given one request id, when it is sent ten times at once, then the provider dials once', async () => {
		const to = newNumber('61');
		const input = { to, requestId: uuid() };
		const ctx = room.house.as(tenant.agent);
		const views = await Promise.all(Array.from({ length: 10 }, () => placeCall({ ctx, input })));
		const ids = views.map((view) => (view.placed ? view.call.id : 'blocked'));
		expect(new Set(ids)).toEqual(new Set([input.requestId]));
		expect(sandboxCallsTo(to)).toHaveLength(1);
		await room.untilEnded(input.requestId);
		expect(await creditOf(tenant)).toMatchObject({ used: 2, held: 0 });
	});

	it('given a number as it is written at home, when it is called, then the one of that country is dialled', async () => {
		const abroad = await room.house.createTenant({ minutes: 10 });
		await room.house.sql`update organizations set country = 'IN' where id = ${abroad.id}`;
		const ctx = room.house.as(abroad.agent);
		const view = await placeCall({ ctx, input: { to: '98765 43261' } });
		expect(view).toMatchObject({ placed: true, call: { to: '+919876543261' } });
		expect(sandboxCallsTo('+919876543261')).toHaveLength(1);
		if (view.placed) await room.untilEnded(view.call.id);
	});

	it('given a request id of another organisation, when it is sent, then it is refused and neither call changes', async () => {
		const other = await room.house.createTenant({ minutes: 10 });
		const call = await room.dial(other, '61');
		const row = await room.untilEnded(call.id);
		const ctx = room.house.as(tenant.agent);
		const input = { to: newNumber('61'), requestId: call.id };
		await expect(placeCall({ ctx, input })).rejects.toMatchObject({ code: 'conflict' });
		expect(await room.house.callRow(call.id)).toEqual(row);
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0 });
	});

	it('given no minutes, when a number is called, then the block names sales and the provider hears nothing', async () => {
		const empty = await room.house.createTenant();
		const to = newNumber('61');
		const view = await placeCall({ ctx: room.house.as(empty.agent), input: { to } });
		expect(view).toMatchObject({
			placed: false,
			block: {
				code: 'minutes_exhausted',
				salesContact: { email: 'sales@talktime.example', phone: '+1 202 555 0100' }
			}
		});
		expect(sandboxCallsTo(to)).toEqual([]);
	});

	it.each([['no phone number'], ['12'], ['+1 000 000 0000'], ['+999 555 12345']])(
		'given "%s" as number, when it is called, then the field is named and nothing is stored',
		async (to) => {
			const before = await room.house.fingerprint();
			await expect(
				placeCall({ ctx: room.house.as(tenant.agent), input: { to } })
			).rejects.toMatchObject({ code: 'invalid', fields: { to: expect.any(String) } });
			expect(await room.house.fingerprint()).toEqual(before);
		}
	);

	it('given a contact that must not be called, when it or its number is called, then it is refused', async () => {
		const phone = newNumber('61');
		const contactId = await room.house.createContact(tenant.id, phone);
		await room.house.sql`update contacts set do_not_call = true where id = ${contactId}`;
		const ctx = room.house.as(tenant.agent);
		for (const input of [{ contactId }, { to: phone }]) {
			await expect(placeCall({ ctx, input })).rejects.toMatchObject({ code: 'invalid' });
		}
		expect(sandboxCallsTo(phone)).toEqual([]);
	});

	it.each(['the contact', 'its number'])(
		'given a booking of its organisation under way, when the contact asks meanwhile not to be called, then the call to %s that waited is refused',
		async (named) => {
			const { sql } = room.house;
			const to = newNumber('61');
			const contactId = await room.house.createContact(tenant.id, to);
			const input = named === 'the contact' ? { contactId } : { to };
			const waiting = async () => {
				const rows = await sql`
					select pid from pg_stat_activity
					where datname = current_database() and wait_event_type = 'Lock'`;
				return rows.length;
			};
			let placing: Promise<unknown> = Promise.resolve();
			await sql.begin(async (booking) => {
				await booking`
					select from organization_call_minutes where organization_id = ${tenant.id} for update`;
				placing = placeCall({ ctx: room.house.as(tenant.agent), input });
				placing.catch(() => {});
				await expect.poll(waiting).toBe(1);
				await sql`update contacts set do_not_call = true where id = ${contactId}`;
			});
			await expect(placing).rejects.toMatchObject({ code: 'invalid' });
			expect(sandboxCallsTo(to)).toEqual([]);
			expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
		}
	);

	it.each([
		['completes', '61'],
		['is not answered', '10']
	])(
		'given a contact, when it is called and the call %s, then its last call is noted',
		async (_how, suffix) => {
			const contactId = await room.house.createContact(tenant.id, newNumber(suffix));
			const view = await placeCall({ ctx: room.house.as(tenant.agent), input: { contactId } });
			if (!view.placed) throw new Error('blocked');
			await room.untilEnded(view.call.id);
			const [contact] = await room.house.sql`
			select k.last_called_at = c.ended_at as noted from contacts k join calls c on c.contact_id = k.id
			where k.id = ${contactId}`;
			expect(contact?.noted).toBe(true);
		}
	);
});

describe('hanging up', () => {
	it('given a call in progress, when the agent hangs up, then it completes and is billed for what was talked', async () => {
		const call = await room.dial(tenant, '85');
		await room.until(call.id, (row) => row.status === 'in_progress');
		room.sandbox.control.context.clock.setSpeed(1);
		const ctx = room.house.as(tenant.agent);
		await hangUpCall({ ctx, input: { callId: call.id } });
		const row = await room.untilEnded(call.id);
		expect(row.status).toBe('completed');
		expect(row.billed_minutes).toBe(Math.ceil(Number(row.duration) / 60));
		expect(await hangUpCall({ ctx, input: { callId: call.id } })).toEqual({ requested: true });
	});

	it('given a create without an answer, when the agent hangs up, then the agent is asked to try again', async () => {
		room.sandbox.control.context.clock.setSpeed(STANDING);
		const call = await room.dial(tenant, '93');
		await expect(
			hangUpCall({ ctx: room.house.as(tenant.agent), input: { callId: call.id } })
		).rejects.toMatchObject({ code: 'conflict' });
		await room.sweep(61);
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});
});
