/** Calls paid from the wallet, or by both, through the real lane. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getCall } from '$lib/server/calls/get-call';
import { meterCalls } from '$lib/server/calls/meter-calls';
import { expireAllocations } from '$lib/server/minutes/expire-allocations';
import { House, type Tenant } from '../support/house';
import { completedForm, post, statusForm, storyOf } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

interface Dialled {
	callId: string;
	sid: string;
}

let house: House;
let provider: RecordingProvider;

beforeAll(async () => {
	provider = new RecordingProvider();
	house = await House.open({ providers: { twilio: provider } });
});
beforeEach(() => {
	provider.hungUp.length = 0;
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const at = () => house.clock.read();
const answer = (call: Dialled) =>
	post(
		house.services,
		statusForm({ sid: call.sid, status: 'in-progress', sequence: 2, atMs: at() }),
		call
	);
const complete = (call: Dialled, seconds: number) =>
	post(house.services, completedForm(call.sid, at(), String(seconds)), call);
const meter = () => meterCalls({ ctx: house.commandLine() });

async function play(call: Dialled, seconds: number): Promise<void> {
	for (const form of storyOf(call.sid, at(), seconds)) await post(house.services, form, call);
}

async function receiptOf(tenant: Tenant, callId: string) {
	const { receipt } = await getCall({ ctx: house.as(tenant.agent), input: { callId } });
	return receipt.map(({ paidBy, minutes, amount, seconds }) => [paidBy, minutes, amount, seconds]);
}

function transactionsOf(organizationId: number) {
	return house.sql`
		select type, call_id, trim_scale(amount)::text as amount, trim_scale(balance_before)::text as before,
			trim_scale(balance_after)::text as after
		from balance_transactions where organization_id = ${organizationId} order by created_at, balance_before`;
}

describe('a call paid by both', () => {
	it('given one minute and dollars, when a call talks 150 seconds, then the usage log and one transaction pay it', async () => {
		const tenant = await house.createTenant({ minutes: 1, dollars: '1' });
		house.clock.advanceSeconds(1);
		const call = await house.placeBound(tenant.id);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 1 });
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '1', held: '0.2' });
		await play(call, 150);
		await play(call, 150);

		const usage = await house.sql`
			select minutes_consumed as minutes from call_minutes_usage_log where call_id = ${call.callId}`;
		expect(usage).toEqual([{ minutes: 1 }]);
		expect(await transactionsOf(tenant.id)).toEqual([
			{ type: 'credit', call_id: null, amount: '1', before: '0', after: '1' },
			{ type: 'debit', call_id: call.callId, amount: '0.2', before: '1', after: '0.8' }
		]);
		expect(await house.wallet(tenant.id)).toEqual({
			balance: '0.8',
			held: '0',
			debt: '0',
			lent: '0'
		});
		expect(await receiptOf(tenant, call.callId)).toEqual([
			['allocation', 1, null, null],
			['wallet', null, '0.200000', 90]
		]);
	});

	it('given dollars for a minute, when a call talks three, then the rest is debt in dollars and the next payment pays it first', async () => {
		const tenant = await house.createTenant({ dollars: '0.10' });
		house.clock.advanceSeconds(1);
		const call = await house.placeBound(tenant.id);
		await play(call, 170);
		house.clock.advanceSeconds(1);
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '0', held: '0', debt: '0.2' });
		expect(await receiptOf(tenant, call.callId)).toEqual([
			['wallet', null, '0.100000', 170],
			['debt', null, '0.200000', null]
		]);
		await house.pay(tenant.id, '0.15');
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '0', debt: '0.05' });
		house.clock.advanceSeconds(1);
		await house.pay(tenant.id, '1');
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '0.95', debt: '0' });
		const debits = (await transactionsOf(tenant.id)).filter((row) => row.type === 'debit');
		expect(debits.map((row) => [row.call_id, row.amount])).toEqual([
			[call.callId, '0.1'],
			[call.callId, '0.15'],
			[call.callId, '0.05']
		]);
	});

	it('given a call without an answer, when it ends, then its dollars are free again and nothing is booked', async () => {
		const { id } = await house.createTenant({ dollars: '0.30' });
		const call = await house.placeBound(id);
		expect(await house.wallet(id)).toMatchObject({ held: '0.3' });
		const busy = { sid: call.sid, status: 'busy', sequence: 2, atMs: at(), seconds: '0' };
		await post(house.services, statusForm(busy), call);
		expect(await house.wallet(id)).toMatchObject({ balance: '0.3', held: '0', debt: '0' });
		expect(await transactionsOf(id)).toHaveLength(1);
	});
});

describe('the end of credit', () => {
	it('given dollars for five minutes, when two talk and three ring as they end, then all five are accounted', async () => {
		const { id } = await house.createTenant({ dollars: '0.50', mode: 'wallet' });
		const calls: Dialled[] = [];
		for (let index = 0; index < 5; index++) {
			calls.push(await house.placeBound(id, { estimateMinutes: 1 }));
		}
		const talking = calls.slice(0, 2);
		const ringing = calls.slice(2);
		for (const call of talking) await answer(call);
		expect(await house.wallet(id)).toMatchObject({ held: '0.5' });
		await expect(house.place(id)).rejects.toThrow(/blocked/);

		house.clock.advanceSeconds(40);
		expect(await meter()).toEqual({ looked: 2, cut: 0 });
		house.clock.advanceSeconds(20);
		expect(await meter()).toEqual({ looked: 2, cut: 2 });
		expect([...provider.hungUp].sort()).toEqual(talking.map((call) => call.sid).sort());
		for (const call of talking) await complete(call, 60);
		for (const { sid, callId } of ringing) {
			const end = { sid, status: 'no-answer', sequence: 2, atMs: at(), seconds: '0' };
			await post(house.services, statusForm(end), { callId });
		}
		expect(await house.wallet(id)).toEqual({ balance: '0.3', held: '0', debt: '0', lent: '0' });
		expect(await house.credit(id)).toMatchObject({ live: 0, held: 0, debt: 0 });
		const holds = await house.sql`
			select state, count(*)::int as count from credit_holds where organization_id = ${id} group by 1 order by 1`;
		expect(holds).toEqual([
			{ state: 'released', count: 3 },
			{ state: 'settled', count: 2 }
		]);
	});

	it('given a call in its last slice, when a top-up arrives, then the call goes on and is paid by it', async () => {
		const tenant = await house.createTenant({ dollars: '0.10' });
		const call = await house.placeBound(tenant.id);
		await answer(call);
		house.clock.advanceSeconds(45);
		await meter();
		const readHold = async () => {
			const [row] = await house.sql`
				select is_draining as draining, wallet_seconds as seconds from credit_holds
				where call_id = ${call.callId} and state = 'open'`;
			return row;
		};
		expect(await readHold()).toEqual({ draining: true, seconds: 60 });
		house.clock.advanceSeconds(5);
		await house.pay(tenant.id, '5');
		house.clock.advanceSeconds(1);
		await Promise.all([meter(), meterCalls({ ctx: house.commandLine() })]);
		expect(await readHold()).toEqual({ draining: false, seconds: 240 });
		house.clock.advanceSeconds(20);
		expect(await meter()).toEqual({ looked: 0, cut: 0 });
		expect(provider.hungUp).toEqual([]);
		house.clock.advanceSeconds(60);
		await complete(call, 131);
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '4.8', held: '0', debt: '0' });
	});

	it('given a provider that ignores hang-ups, when a call talks on, then what it talked beyond its slice is debt', async () => {
		const { id } = await house.createTenant({ dollars: '0.10' });
		const call = await house.placeBound(id);
		await answer(call);
		for (const seconds of [45, 15, 3]) {
			house.clock.advanceSeconds(seconds);
			await meter();
		}
		expect(provider.hungUp).toEqual([call.sid, call.sid]);
		await complete(call, 119);
		expect(await house.wallet(id)).toMatchObject({ balance: '0', debt: '0.1', held: '0' });
	});

	it('given an allocation that expires during a call, when the call goes on, then its held part stays and the next slice is of the next one', async () => {
		const { id } = await house.createTenant();
		const soon = crypto.randomUUID();
		await house.services.lane.submit({
			kind: 'allocate',
			allocationId: soon,
			organizationId: id,
			minutes: 9,
			reason: 'expires',
			priority: 100,
			expiresAtMs: at() + 60_000,
			actor: { kind: 'command_line' }
		});
		const next = await house.allocate(id, 9);
		const call = await house.placeBound(id);
		await answer(call);
		house.clock.advanceSeconds(100);
		expect(await expireAllocations({ ctx: house.commandLine() })).toEqual({ expired: 1 });
		house.clock.advanceSeconds(61);
		await meter();
		house.clock.advanceSeconds(60);
		await complete(call, 221);
		const usage = await house.sql`
			select allocation_id as id, minutes_consumed as minutes from call_minutes_usage_log
			where organization_id = ${id} order by id`;
		expect(usage).toEqual(
			expect.arrayContaining([
				{ id: soon, minutes: 3 },
				{ id: next, minutes: 1 }
			])
		);
		expect(await house.credit(id)).toMatchObject({ total: 12, used: 4, held: 0 });
	});

	it('given two talking and one ringing call, when the organisation is switched off with cut_now, then all three are hung up', async () => {
		const { id } = await house.createTenant({ minutes: 30 });
		const calls = [
			await house.placeBound(id),
			await house.placeBound(id),
			await house.placeBound(id)
		];
		for (const call of calls.slice(0, 2)) await answer(call);
		await house.services.lane.submit({
			kind: 'set_active',
			organizationId: id,
			isActive: false,
			policy: 'cut_now',
			actor: { kind: 'command_line' }
		});
		await meter();
		expect([...provider.hungUp].sort()).toEqual(calls.map((call) => call.sid).sort());
	});
});
