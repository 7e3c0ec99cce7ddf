import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCall } from '$lib/server/calls/get-call';
import { House } from '../support/house';
import { completedForm, post, statusForm, storyOf } from '../support/house-callbacks';

let house: House;

beforeAll(async () => {
	house = await House.open({ providers: {} });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

/** A line of a receipt that an allocation paid: no money in it. */
const FREE_LINE = {
	settlesDebt: false,
	paidBy: 'allocation',
	reason: 'for a test',
	amount: null,
	seconds: null,
	ratePerMinute: null
};

async function complete(callId: string, sid: string, seconds: number): Promise<void> {
	for (const form of storyOf(sid, house.clock.read(), seconds)) {
		expect((await post(house.services, form, { callId })).status).toBe(200);
	}
}

describe('a completed call', () => {
	it('given ten minutes, when a call completes after 61 seconds, then the verification SQL shows two minutes used', async () => {
		const { id } = await house.createTenant();
		const allocationId = await house.allocate(id, 10);
		const { callId, sid } = await house.placeBound(id);
		await complete(callId, sid, 61);

		const [credit] = await house.sql`
			select organization_id, total_minutes, used_minutes, is_active
			from organization_call_minutes where organization_id = ${id}`;
		expect(credit).toEqual({
			organization_id: id,
			total_minutes: 10,
			used_minutes: 2,
			is_active: true
		});
		const usage = await house.sql`
			select organization_id, call_id, allocation_id, minutes_consumed,
				extract(epoch from call_end_time - call_start_time)::int as seconds
			from call_minutes_usage_log where organization_id = ${id} order by created_at desc`;
		expect(usage).toEqual([
			{
				organization_id: id,
				call_id: callId,
				allocation_id: allocationId,
				minutes_consumed: 2,
				seconds: 61
			}
		]);
		const history = await house.sql`
			select organization_id, allocation_id, kind, minutes, reason
			from call_minutes_allocation_history where organization_id = ${id} order by allocated_at desc`;
		expect(history).toEqual([
			{
				organization_id: id,
				allocation_id: allocationId,
				kind: 'allocate',
				minutes: 10,
				reason: 'for a test'
			}
		]);
	});

	it.each([
		[0, 0],
		[1, 1],
		[59, 1],
		[60, 1],
		[61, 2],
		[120, 2],
		[121, 3],
		[180, 3]
	])(
		'given a talk of %i seconds, when it completes, then %i minutes are used',
		async (seconds, minutes) => {
			const { id } = await house.createTenant({ minutes: 10 });
			const { callId, sid } = await house.placeBound(id);
			await complete(callId, sid, seconds);
			expect(await house.callRow(callId)).toMatchObject({
				duration: seconds,
				billed_minutes: minutes
			});
			expect(await house.credit(id)).toMatchObject({ used: minutes, held: 0, debt: 0, live: 0 });
		}
	);

	it.each([
		['busy', 'failed', 'busy'],
		['no-answer', 'failed', 'no_answer'],
		['failed', 'failed', 'provider_error'],
		['canceled', 'cancelled', 'cancelled']
	])(
		'given a ringing call, when it ends as %s, then it is %s with its reason, nothing is billed and the hold is released',
		async (word, status, reason) => {
			const { id, agent } = await house.createTenant({ minutes: 10 });
			const { callId, sid } = await house.placeBound(id);
			const atMs = house.clock.read() + 9000;
			await post(house.services, statusForm({ sid, status: 'ringing', sequence: 1, atMs }), {
				callId
			});
			const final = statusForm({ sid, status: word, sequence: 2, atMs, seconds: '0' });
			expect((await post(house.services, final, { callId })).body).toBe('applied');
			expect(await house.callRow(callId)).toMatchObject({
				status,
				end_reason: reason,
				duration: 0,
				billed_minutes: 0
			});
			expect(await house.sql`select state from credit_holds where call_id = ${callId}`).toEqual([
				{ state: 'released' }
			]);
			expect(await house.credit(id)).toMatchObject({ used: 0, held: 0, live: 0 });
			const detail = await getCall({ ctx: house.as(agent), input: { callId } });
			expect(detail.receipt).toEqual([]);
			expect(detail.events.map((event) => event.rawStatus)).toEqual([
				'held 3 min',
				'ringing',
				word
			]);
		}
	);

	it('given two allocations, when a call is longer than the first, then its receipt names both in burn order', async () => {
		const { id, agent } = await house.createTenant();
		const first = await house.allocate(id, 1);
		house.clock.advanceSeconds(1);
		const second = await house.allocate(id, 10);
		const { callId, sid } = await house.placeBound(id);
		await complete(callId, sid, 170);
		const { receipt } = await getCall({ ctx: house.as(agent), input: { callId } });
		expect(receipt).toEqual([
			{ ...FREE_LINE, allocationId: first, minutes: 1 },
			{ ...FREE_LINE, allocationId: second, minutes: 2 }
		]);
	});

	it('given an expiring and a lasting allocation, when one is spent, then the expiring one burns first and expired minutes pay for nothing', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const expiresAtMs = house.clock.read() + 3_600_000;
		const soon = crypto.randomUUID();
		await house.services.lane.submit({
			kind: 'allocate',
			allocationId: soon,
			organizationId: id,
			minutes: 10,
			reason: 'expires',
			priority: 100,
			expiresAtMs,
			actor: { kind: 'command_line' }
		});
		const { callId, sid } = await house.placeBound(id);
		await complete(callId, sid, 61);
		const remaining = async () => {
			const [row] = await house.sql`
				select remaining_minutes as left from minute_allocations where id = ${soon}`;
			return row?.left;
		};
		expect(await remaining()).toBe(8);
		house.clock.advanceSeconds(3600);
		const later = await house.placeBound(id);
		await complete(later.callId, later.sid, 61);
		expect(await remaining()).toBe(8);
		expect(await house.credit(id)).toMatchObject({ used: 4, total: 20 });
	});
});

describe('a call longer than its credit', () => {
	it('given three minutes and no wallet, when a call talks five, then two are debt, and the next allocation pays them first', async () => {
		const { id, agent } = await house.createTenant({ minutes: 3, mode: 'minutes' });
		const { callId, sid } = await house.placeBound(id);
		await complete(callId, sid, 290);
		expect(await house.credit(id)).toMatchObject({ total: 3, used: 3, debt: 2, held: 0 });
		const readReceipt = async () => {
			const detail = await getCall({ ctx: house.as(agent), input: { callId } });
			return detail.receipt.map(({ paidBy, minutes }) => ({ paidBy, minutes }));
		};
		expect(await readReceipt()).toEqual([
			{ paidBy: 'allocation', minutes: 3 },
			{ paidBy: 'debt', minutes: 2 }
		]);
		await expect(house.place(id)).rejects.toThrow(/blocked/);

		await house.allocate(id, 1);
		expect(await house.credit(id)).toMatchObject({ total: 4, used: 4, debt: 1 });
		await expect(house.place(id)).rejects.toThrow(/blocked/);
		await house.allocate(id, 10);
		expect(await house.credit(id)).toMatchObject({ total: 14, used: 5, debt: 0 });
		expect(await readReceipt()).toEqual([
			{ paidBy: 'allocation', minutes: 3 },
			{ paidBy: 'allocation', minutes: 1 },
			{ paidBy: 'allocation', minutes: 1 }
		]);
		await house.place(id);
	});

	it('given two calls in debt, when one allocation covers one and a half, then the older call is paid first', async () => {
		const { id } = await house.createTenant({ minutes: 2, mode: 'minutes' });
		const older = await house.placeBound(id, { estimateMinutes: 1 });
		const younger = await house.placeBound(id, { estimateMinutes: 1 });
		await post(house.services, completedForm(older.sid, house.clock.read(), '180'), older);
		house.clock.advanceSeconds(1);
		await post(house.services, completedForm(younger.sid, house.clock.read(), '180'), younger);
		expect(await house.credit(id)).toMatchObject({ used: 2, debt: 4 });
		await house.allocate(id, 3);
		const debts = await house.sql`
			select call_id, remaining_minutes as left from debts where organization_id = ${id} order by created_at`;
		expect(debts).toEqual([
			{ call_id: older.callId, left: 0 },
			{ call_id: younger.callId, left: 1 }
		]);
	});

	it('given minutes held by another live call, when a call overruns, then it takes only what is free and owes the rest', async () => {
		const { id } = await house.createTenant({ minutes: 5, mode: 'minutes' });
		const long = await house.placeBound(id, { estimateMinutes: 3 });
		const other = await house.placeBound(id, { estimateMinutes: 2 });
		await complete(long.callId, long.sid, 300);
		expect(await house.credit(id)).toMatchObject({ used: 3, held: 2, debt: 2 });
		await complete(other.callId, other.sid, 60);
		expect(await house.credit(id)).toMatchObject({ used: 4, held: 0, debt: 2 });
	});
});
