import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ApplyDelivery } from '$lib/domain/lane/commands';
import type { Person } from '$lib/server/context';
import { getDelivery } from '$lib/server/deliveries/get-delivery';
import { listDeliveries } from '$lib/server/deliveries/list-deliveries';
import { removeOldBodies } from '$lib/server/deliveries/remove-old-bodies';
import { replayDeliveries, replayDelivery } from '$lib/server/deliveries/replay-deliveries';
import { retryDeliveries } from '$lib/server/deliveries/retry-deliveries';
import { readStatusCallback } from '$lib/server/providers/twilio/read';
import { bindCommand, House, newSid } from '../support/house';
import { completedForm, post, statusForm, storyOf } from '../support/house-callbacks';
import { inTurn, openProcesses, tally } from '../support/house-lanes';

let house: House;
let admin: Person;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	admin = await house.createPerson('super_admin');
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const job = (services = house.services) => house.context({ kind: 'job' }, services);

async function rowOf(sid: string) {
	const [row] = await house.sql`
		select id, state, note, attempts, next_attempt_at, repeats, body, event, call_id from deliveries
		where provider_call_id = ${sid} order by received_at desc limit 1`;
	if (!row) throw new Error(`No delivery of ${sid}`);
	return row;
}

function deliveryOf(sid: string, callId: string | null, seconds = '61'): ApplyDelivery {
	const form = completedForm(sid, house.clock.read() + 71_000, seconds);
	const read = readStatusCallback(form, callId);
	if (!read) throw new Error('The form names no call.');
	return { kind: 'apply_delivery', deliveryId: uuid(), body: form, ...read };
}

/** While it stands, the database refuses calls of one provider id. */
async function whileRefused(sid: string, work: () => Promise<void>): Promise<void> {
	const name = `refused_${sid.toLowerCase()}`;
	await house.sql.unsafe(
		`alter table calls add constraint ${name} check (provider_call_id <> '${sid}' or ended_at is null)`
	);
	try {
		await work();
	} finally {
		await house.sql.unsafe(`alter table calls drop constraint ${name}`);
	}
}

describe('a verified delivery whose applying failed', () => {
	it('given a database that refuses it, when the trouble is over, then the worker applies it, once, with back-off between the tries', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		await whileRefused(sid, async () => {
			const form = completedForm(sid, house.clock.read() + 71_000, '61');
			expect(await post(house.services, form, { callId })).toEqual({ status: 200, body: 'failed' });
			expect(await retryDeliveries({ ctx: job() })).toEqual({ tried: 0, applied: 0 });
			house.clock.advanceSeconds(16);
			expect(await retryDeliveries({ ctx: job() })).toEqual({ tried: 1, applied: 0 });
			expect(await retryDeliveries({ ctx: job() })).toEqual({ tried: 0, applied: 0 });
		});
		expect(await rowOf(sid)).toMatchObject({ state: 'failed', attempts: 2 });
		house.clock.advanceSeconds(61);
		const processes = await openProcesses(house, 2);
		const runs = await Promise.all(processes.map((one) => retryDeliveries({ ctx: job(one) })));
		expect(runs.reduce((sum, run) => sum + run.applied, 0)).toBe(1);
		expect(await rowOf(sid)).toMatchObject({
			state: 'applied',
			attempts: 3,
			next_attempt_at: null,
			repeats: 0
		});
		expect(await house.callRow(callId)).toMatchObject({ duration: 61, billed_minutes: 2 });
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0, live: 0 });
		expect(await retryDeliveries({ ctx: job() })).toEqual({ tried: 0, applied: 0 });
	});

	it('given one that says nonsense, when it is stored, then it is failed and never tried again by itself', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const form = completedForm(sid, house.clock.read(), '-7');
		expect((await post(house.services, form, { callId })).body).toBe('failed');
		expect(await rowOf(sid)).toMatchObject({ state: 'failed', next_attempt_at: null });
	});
});

describe('a delivery that is held back', () => {
	it('given one that could not be confirmed, when it is stored, then it changes nothing; when it is tried again it applies', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const heldBack = 'The provider could not be asked.';
		const delivery = deliveryOf(sid, callId);
		const stored = await house.services.lane.submit({ ...delivery, heldBack });
		expect(stored).toEqual({ kind: 'received', callId, note: heldBack });
		expect(await rowOf(sid)).toMatchObject({ state: 'received', attempts: 1, note: heldBack });
		expect(await house.callRow(callId)).toMatchObject({ status: 'initiated' });
		// The provider posts it again meanwhile: its claim holds, the retry is ours.
		const repeat = await house.services.lane.submit({ ...delivery, deliveryId: uuid() });
		expect(repeat.kind).toBe('duplicate');
		house.clock.advanceSeconds(16);
		expect(await retryDeliveries({ ctx: job() })).toEqual({ tried: 1, applied: 1 });
		expect(await rowOf(sid)).toMatchObject({ state: 'applied', attempts: 2, repeats: 1 });
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0 });
	});

	it('given one that can never be confirmed, when every try was made, then it is failed and waits no longer', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const delivery = deliveryOf(sid, callId);
		const heldBack = 'The provider could not be asked.';
		const again = {
			kind: 'retry',
			receivedAtMs: house.clock.read(),
			actor: { kind: 'job' }
		} as const;
		await house.services.lane.submit({ ...delivery, heldBack });
		for (let attempts = 1; attempts < 8; attempts++) {
			await house.services.lane.submit({ ...delivery, heldBack, again: { ...again, attempts } });
		}
		expect(await rowOf(sid)).toMatchObject({ state: 'failed', attempts: 8, next_attempt_at: null });
		expect(await house.callRow(callId)).toMatchObject({ status: 'initiated' });
	});
});

describe('replay', () => {
	it('given a whole call, when every delivery is replayed again and again through two processes, then nothing changes but the audit log', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		for (const form of storyOf(sid, house.clock.read(), 61)) {
			await post(house.services, form, { callId });
		}
		const call = await house.callRow(callId);
		const events =
			await house.sql`select count(*)::int as n from call_status_events where call_id = ${callId}`;
		const processes = await openProcesses(house, 2);
		const rounds = await Promise.all(
			[0, 1, 2].map((round) =>
				replayDeliveries({
					ctx: house.as(admin, inTurn(processes, round)),
					input: { callId, limit: 100 }
				})
			)
		);
		for (const { replayed, emptied } of rounds) {
			expect(emptied).toBe(0);
			expect(replayed).toHaveLength(4);
			for (const { before, after } of replayed) {
				expect(after).toMatchObject({
					state: 'applied',
					callStatus: 'completed',
					billedMinutes: before.billedMinutes
				});
			}
		}
		expect(await house.callRow(callId)).toEqual(call);
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0, live: 0 });
		expect(
			await house.sql`select count(*)::int as n from call_status_events where call_id = ${callId}`
		).toEqual(events);
		const audited = await house.sql`
			select actor_kind, actor_user_id from audit_log where action = 'delivery.replay' and organization_id = ${id}`;
		expect(audited).toHaveLength(12);
		expect(audited[0]).toEqual({ actor_kind: 'user', actor_user_id: admin.userId });
	});

	it('given an unmatched delivery, when its call is known and it is replayed, then it settles the call, and says what was and is', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const sid = newSid();
		expect((await post(house.services, completedForm(sid, house.clock.read(), '61'))).body).toBe(
			'unmatched'
		);
		const { id: deliveryId } = await rowOf(sid);
		const call = await house.place(id);
		await house.sql`update calls set provider_call_id = ${sid}, submit_state = 'accepted' where id = ${call.id}`;
		const replayed = await replayDelivery({ ctx: house.as(admin), input: { deliveryId } });
		expect(replayed).toMatchObject({
			deliveryId,
			before: { state: 'unmatched', callStatus: null },
			after: { state: 'applied', callStatus: 'completed', billedMinutes: 2 }
		});
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0, live: 0 });
	});

	it('given a filter that names nothing, an unknown delivery or an agent, when a replay is asked for, then it is refused', async () => {
		const { agent } = await house.createTenant();
		const input = { deliveryId: uuid() };
		await expect(replayDelivery({ ctx: house.as(admin), input })).rejects.toMatchObject({
			code: 'not_found'
		});
		await expect(replayDelivery({ ctx: house.as(agent), input })).rejects.toMatchObject({
			code: 'forbidden'
		});
	});
});

describe('unmatched deliveries', () => {
	it("given the document's curl example, when it is signed, then it is kept, listed and billed to no one; the call placed under its id claims it", async () => {
		const sid = `CA123${uuid().slice(-6)}`;
		const form = {
			...statusForm({ sid, status: 'completed', sequence: 0, atMs: house.clock.read() }),
			CallDuration: '120',
			To: '+447911123456'
		};
		expect(await post(house.services, form)).toEqual({ status: 200, body: 'unmatched' });
		const listed = await listDeliveries({
			ctx: house.as(admin),
			input: { state: 'unmatched', providerCallId: sid }
		});
		expect(listed.rows).toMatchObject([
			{ providerCallId: sid, organizationId: null, callId: null, status: 'completed', repeats: 0 }
		]);
		expect(await house.sql`select 1 from calls where provider_call_id = ${sid}`).toEqual([]);
		const { id } = await house.createTenant({ minutes: 10 });
		const call = await house.place(id);
		await house.services.lane.submit(bindCommand(call.id, sid));
		expect(await rowOf(sid)).toMatchObject({ state: 'applied', call_id: call.id });
		expect(await house.callRow(call.id)).toMatchObject({ status: 'completed', billed_minutes: 2 });
	});
});

describe('what is kept of a delivery', () => {
	it('given fields that open doors, when it is stored, then their values are not', async () => {
		const sid = newSid();
		const form = {
			...completedForm(sid, house.clock.read(), '61'),
			StirPassportToken: 'secret-1',
			key: 'secret-2',
			RecordingUrl: 'https://x.example/a?X-Amz-Signature=secret-3'
		};
		expect((await post(house.services, form)).status).toBe(200);
		const [row] =
			await house.sql`select body::text from deliveries where provider_call_id = ${sid}`;
		expect(row?.body).toContain(sid);
		expect(row?.body).not.toContain('secret');
	});

	it('given deliveries of two ages and states, when the old ones are emptied, then those that still matter stay, and a repeat is a repeat', async () => {
		const { id } = await house.createTenant({ minutes: 20 });
		const { callId, sid } = await house.placeBound(id);
		const form = completedForm(sid, house.clock.read(), '61');
		await post(house.services, form, { callId });
		const waiting = newSid();
		await post(house.services, completedForm(waiting, house.clock.read(), '61'));
		house.clock.advanceSeconds(31 * 86_400);
		const young = await house.placeBound(id);
		await post(house.services, completedForm(young.sid, house.clock.read(), '61'), young);
		expect((await removeOldBodies({ ctx: job() })).removed).toBeGreaterThan(0);
		expect(await removeOldBodies({ ctx: job() })).toEqual({ removed: 0 });
		expect(await rowOf(sid)).toMatchObject({ body: {}, event: null, state: 'applied' });
		expect((await rowOf(waiting)).event).not.toBeNull();
		expect((await rowOf(young.sid)).event).not.toBeNull();
		expect((await post(house.services, form, { callId })).body).toBe('duplicate');
		const { id: deliveryId } = await rowOf(sid);
		await expect(
			replayDelivery({ ctx: house.as(admin), input: { deliveryId } })
		).rejects.toMatchObject({ code: 'conflict' });
		expect(await getDelivery({ ctx: house.as(admin), input: { deliveryId } })).toMatchObject({
			body: {},
			bodyRemovedAt: expect.any(String)
		});
	});

	it('given more deliveries than a page, when they are listed, then every one comes once, newest first', async () => {
		const sid = newSid();
		for (let sequence = 0; sequence < 55; sequence++) {
			await post(
				house.services,
				statusForm({ sid, status: 'ringing', sequence, atMs: house.clock.read() })
			);
		}
		const ctx = house.as(admin);
		const first = await listDeliveries({ ctx, input: { providerCallId: sid } });
		const cursor = first.nextCursor ?? '';
		const second = await listDeliveries({ ctx, input: { providerCallId: sid, cursor } });
		const ids = [...first.rows, ...second.rows].map((row) => row.id);
		expect(
			tally(ids.map((id) => (ids.indexOf(id) === ids.lastIndexOf(id) ? 'once' : 'twice')))
		).toEqual({
			once: 55
		});
		expect(ids).toEqual([...ids].sort().reverse());
		expect(second.nextCursor).toBeNull();
	});
});
