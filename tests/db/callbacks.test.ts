import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCall } from '$lib/server/calls/get-call';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import type { Services } from '$lib/server/services';
import { bindCommand, House } from '../support/house';
import { completedForm, post, storyOf, type Form } from '../support/house-callbacks';
import { inTurn, openProcesses, tally } from '../support/house-lanes';

let house: House;
let processes: Services[];

beforeAll(async () => {
	house = await House.open({ providers: {} });
	processes = await openProcesses(house, 8, 2);
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function chargesOf(callId: string) {
	return house.sql`
		select minutes_consumed as minutes, settles_debt from call_minutes_usage_log where call_id = ${callId}`;
}

describe('repeated callbacks', () => {
	it('given a live call, when its completed callback comes thirty times through eight processes, then it is charged once and each is answered 200', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const form = completedForm(sid, house.clock.read() + 71_000, '61');
		const answers = await Promise.all(
			Array.from({ length: 30 }, (_, index) => post(inTurn(processes, index), form, { callId }))
		);
		expect(tally(answers.map((answer) => `${answer.status} ${answer.body}`))).toEqual({
			'200 applied': 1,
			'200 duplicate': 29
		});
		const row = await house.callRow(callId);
		expect(row).toMatchObject({ status: 'completed', duration: 61, billed_minutes: 2 });
		expect(await chargesOf(callId)).toEqual([{ minutes: 2, settles_debt: false }]);
		const events = await house.sql`
			select source, effect from call_status_events where call_id = ${callId} order by id`;
		expect(events).toEqual([
			{ source: 'placed', effect: 'advanced' },
			{ source: 'provider', effect: 'advanced' }
		]);
		expect(
			await house.sql`select state, repeats from deliveries where call_id = ${callId}`
		).toEqual([{ state: 'applied', repeats: 29 }]);

		house.clock.advanceSeconds(3600);
		for (let again = 0; again < 5; again++) await post(inTurn(processes, again), form, { callId });
		expect(await house.callRow(callId)).toEqual(row);
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0, live: 0 });
	});

	it('given an unknown call, when one callback comes sixteen times through eight processes, then it is stored once', async () => {
		const form = completedForm('CAnobodyknows', house.clock.read(), '61');
		const answers = await Promise.all(
			Array.from({ length: 16 }, (_, index) => post(inTurn(processes, index), form))
		);
		expect(tally(answers.map((answer) => `${answer.status} ${answer.body}`))).toEqual({
			'200 unmatched': 1,
			'200 duplicate': 15
		});
		const rows = await house.sql`
			select state, repeats from deliveries where provider_call_id = 'CAnobodyknows'`;
		expect(rows).toEqual([{ state: 'unmatched', repeats: 15 }]);
	});

	it('given eight calls of one owner, when all end at once in eight processes, then every counter is exact', async () => {
		const { id } = await house.createTenant({ minutes: 200 });
		await house.sql`update organizations set allowed_countries = '["US", "CA"]' where id = ${id}`;
		const calls = await Promise.all(
			Array.from({ length: 50 }, (_, index) =>
				house.placeBound(id, { country: index % 2 === 0 ? 'US' : 'CA' })
			)
		);
		const now = house.clock.read();
		await Promise.all(
			calls.map(({ callId, sid }, index) =>
				post(inTurn(processes, index), completedForm(sid, now, String(30 + index)), { callId })
			)
		);
		// 31 calls of 30 to 60 seconds, 19 of 61 to 79.
		expect(await house.credit(id)).toMatchObject({ used: 69, held: 0, live: 0, debt: 0 });
		const [day] = await house.sql`
			select sum(total)::int as total, sum(completed)::int as completed, sum(talk_seconds)::int as seconds,
				sum(billed_minutes)::int as minutes, count(*)::int as countries
			from call_stats_daily where organization_id = ${id}`;
		expect(day).toEqual({ total: 50, completed: 50, seconds: 2725, minutes: 69, countries: 2 });
	});
});

describe('callbacks in any order', () => {
	const orders = [0, 1, 2, 3].flatMap((first) =>
		[0, 1, 2, 3].flatMap((second) =>
			[0, 1, 2, 3].flatMap((third) => {
				const fourth = 6 - first - second - third;
				const order = [first, second, third, fourth];
				return new Set(order).size === 4 && fourth >= 0 && fourth <= 3 ? [order] : [];
			})
		)
	);

	/** Plays one story to a new call, callback after callback, and returns the row without its own ids. */
	async function play(organizationId: number, order: number[], together: boolean) {
		const { callId, sid } = await house.placeBound(organizationId, { to: '+14155550161' });
		const story = storyOf(sid, house.clock.read(), 61);
		const pick = (index: number): Form => story[index] ?? {};
		if (together) {
			const posts = order.map((index, at) => post(inTurn(processes, at), pick(index), { callId }));
			expect(tally((await Promise.all(posts)).map(({ status }) => String(status)))).toEqual({
				'200': order.length
			});
		} else {
			for (const index of order) {
				expect((await post(house.services, pick(index), { callId })).status).toBe(200);
			}
		}
		const { id: _id, provider_call_id: _sid, ...row } = await house.callRow(callId);
		const charges = await house.sql`
			select minutes_consumed, allocation_id, settles_debt, call_start_time, call_end_time
			from call_minutes_usage_log where call_id = ${callId}`;
		return { row, charges: [...charges] };
	}

	it('given the four callbacks of a call, when they come in each of 24 orders, then call row and charge are the same', async () => {
		expect(orders).toHaveLength(24);
		const { id } = await house.createTenant({ minutes: 1000 });
		const expected = await play(id, [0, 1, 2, 3], false);
		expect(expected.row).toMatchObject({
			status: 'completed',
			duration: 61,
			billed_minutes: 2,
			answered_estimated: false,
			end_reason: null
		});
		for (const order of orders) {
			expect(await play(id, order, false), `order ${order}`).toEqual(expected);
		}
		expect(await house.credit(id)).toMatchObject({ used: 50, held: 0 });
	});

	/** Plays the story in which the call ends a second after its seconds have passed, to a tenant of its own. */
	async function playAlone(credit: { minutes?: number; dollars?: string }, order: number[]) {
		const tenant = await house.createTenant(credit);
		const { callId, sid } = await house.placeBound(tenant.id, { to: '+14155550161' });
		const placedAtMs = house.clock.read();
		const story = [
			...storyOf(sid, placedAtMs, 250).slice(0, 3),
			completedForm(sid, placedAtMs + 261_000, '250')
		];
		for (const index of order) {
			expect((await post(house.services, story[index] ?? {}, { callId })).status).toBe(200);
		}
		const { call, receipt, hold } = await getCall({
			ctx: house.as(tenant.agent),
			input: { callId }
		});
		const times = await house.sql`
			select call_start_time, call_end_time from call_minutes_usage_log where call_id = ${callId}
			union all select call_start_time, call_end_time from debts where call_id = ${callId}`;
		return {
			ended: [call.status, call.answeredAt, call.endedAt, call.billedMinutes, call.cost],
			receipt: receipt.map(({ allocationId: _id, ...line }) => line),
			hold,
			times: [...times]
		};
	}

	it.each([
		['minutes', { minutes: 10 }],
		['the wallet', { dollars: '1' }],
		['both', { minutes: 1, dollars: '1' }],
		['minutes and then debt', { minutes: 1 }],
		['the wallet and then debt', { dollars: '0.10' }]
	])(
		'given a call paid by %s, when its callbacks come in several orders, then its receipt and its times are the same',
		async (_name, credit) => {
			const expected = await playAlone(credit, [0, 1, 2, 3]);
			for (const order of orders.filter((_order, index) => index % 5 === 2)) {
				expect(await playAlone(credit, order), `order ${order}`).toEqual(expected);
			}
		}
	);

	it('given any order with any repetition, when the callbacks come at once through eight processes, then call row and charge are the same', async () => {
		const { id } = await house.createTenant({ minutes: 10_000 });
		const expected = await play(id, [0, 1, 2, 3], false);
		const withRepeats = fc
			.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 12 })
			.chain((extra) =>
				fc.shuffledSubarray([0, 1, 2, 3, ...extra], { minLength: 4 + extra.length })
			);
		await fc.assert(
			fc.asyncProperty(withRepeats, fc.boolean(), async (order, together) => {
				expect(await play(id, order, together)).toEqual(expected);
			}),
			{ numRuns: 40 }
		);
	});

	it('given a completed call, when late queued, in-progress, busy and failed callbacks come, then it stays as it ended', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		for (const form of storyOf(sid, house.clock.read(), 61)) {
			await post(house.services, form, { callId });
		}
		const row = await house.callRow(callId);
		const late = ['queued', 'in-progress', 'busy', 'failed', 'completed', 'canceled'];
		for (const [index, status] of late.entries()) {
			const form = completedForm(sid, house.clock.read() + 900_000, '600');
			const sequence = String(4 + index);
			const answer = await post(
				house.services,
				{ ...form, CallStatus: status, SequenceNumber: sequence },
				{ callId }
			);
			expect(answer.status).toBe(200);
		}
		expect(await house.callRow(callId)).toEqual(row);
		expect(await chargesOf(callId)).toHaveLength(1);
	});
});

describe('callbacks before their call is known', () => {
	it('given a create answer still under way, when the final callback names our call, then it is applied and the late answer changes nothing', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const call = await house.place(id);
		const sid = 'CAbeforeanswer';
		const answer = await post(
			house.services,
			completedForm(sid, house.clock.read() + 61_000, '61'),
			{ callId: call.id }
		);
		expect(answer).toEqual({ status: 200, body: 'applied' });
		const row = await house.callRow(call.id);
		expect(row).toMatchObject({ status: 'completed', provider_call_id: sid, billed_minutes: 2 });
		const { lane } = house.services;
		const callId = call.id;
		await lane.submit(bindCommand(callId, sid));
		const late = { kind: 'close_submit', callId, outcome: 'refused', endReason: 'late' } as const;
		expect(await lane.submit(late)).toEqual({ kind: 'call_went_on' });
		expect(await house.callRow(callId)).toEqual(row);
	});

	it.each([['forwards'], ['backwards']])(
		'given callbacks of an unknown call, when they came %s and the call is bound, then they are claimed and it settles once',
		async (direction) => {
			const { id } = await house.createTenant({ minutes: 10 });
			const call = await house.place(id);
			const sid = `CA${direction}`;
			const story = storyOf(sid, house.clock.read(), 61);
			for (const form of direction === 'forwards' ? story : story.reverse()) {
				expect(await post(house.services, form)).toEqual({ status: 200, body: 'unmatched' });
			}
			expect(await house.callRow(call.id)).toMatchObject({ status: 'initiated' });
			const bind = bindCommand(call.id, sid);
			expect(await house.services.lane.submit(bind)).toEqual({ kind: 'bound' });
			expect(await house.callRow(call.id)).toMatchObject({
				status: 'completed',
				duration: 61,
				billed_minutes: 2,
				answered_estimated: false
			});
			const states = await house.sql`
				select distinct state, organization_id from deliveries where provider_call_id = ${sid}`;
			expect(states).toEqual([{ state: 'applied', organization_id: id }]);
			expect(await chargesOf(call.id)).toEqual([{ minutes: 2, settles_debt: false }]);
		}
	);

	it('given a bind and a final callback at the same moment in two processes, when the sweeper has run, then the call is settled once', async () => {
		const { id } = await house.createTenant({ minutes: 300 });
		const calls = await Promise.all(Array.from({ length: 20 }, () => house.place(id)));
		await Promise.all(
			calls.flatMap((call, index) => {
				const sid = `CAatonce${index}`;
				const bind = bindCommand(call.id, sid);
				return [
					inTurn(processes, index).lane.submit(bind),
					post(inTurn(processes, index + 1), completedForm(sid, house.clock.read(), '61'))
				];
			})
		);
		const ctx = house.context({ kind: 'job' });
		await sweepCalls({ ctx, input: { everyLiveCall: false } });
		expect(await house.credit(id)).toMatchObject({ used: 40, held: 0, live: 0 });
	});
});
