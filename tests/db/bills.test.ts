import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkProviderBill } from '$lib/server/bills/check-provider-bill';
import { listBillChecks } from '$lib/server/bills/list-bill-checks';
import { listBillFindings } from '$lib/server/bills/list-bill-findings';
import { listEndConflicts } from '$lib/server/bills/list-end-conflicts';
import { fetchCosts } from '$lib/server/calls/fetch-costs';
import { resolveEndConflicts } from '$lib/server/calls/resolve-end-conflicts';
import type { Person } from '$lib/server/context';
import type { ProviderBillRow } from '$lib/server/providers/types';
import { House, newSid } from '../support/house';
import { completedForm, post, statusForm } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

const DAY = '2026-11-21';
let house: House;
let admin: Person;
let provider: RecordingProvider;

beforeAll(async () => {
	provider = new RecordingProvider();
	house = await House.open({ providers: { twilio: provider } });
	admin = await house.createPerson('super_admin');
});
beforeEach(() => {
	provider.bill.length = 0;
	provider.asked.length = 0;
	provider.truths.clear();
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const job = () => house.context({ kind: 'job' });

/** A call that was talked on and charged. */
async function talk(organizationId: number, seconds = 61) {
	const call = await house.placeBound(organizationId);
	const at = house.clock.read() + (10 + seconds) * 1000;
	await post(house.services, completedForm(call.sid, at, String(seconds)), call);
	return call;
}

function billed(sid: string, part: Partial<ProviderBillRow> = {}): ProviderBillRow {
	return {
		providerCallId: sid,
		callId: null,
		status: 'completed',
		rawStatus: 'completed',
		talkSeconds: 61,
		cost: { amount: '0.028', currency: 'USD' },
		startedAtMs: house.clock.read(),
		to: '+14155550177',
		...part
	};
}

function truth(
	callId: string,
	sid: string,
	status: string,
	seconds: number | null,
	price?: string
) {
	const finding = provider.eventOf(sid, callId, status, seconds);
	if (finding.kind === 'event' && price !== undefined) {
		finding.event.facts = { cost: { amount: price, currency: 'USD' } };
	}
	provider.truths.set(callId, finding);
}

describe("a provider's late price", () => {
	it('given an ended call, when the price is not there at first, then it is asked for again later and kept, and nothing else of the call moves', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await talk(id);
		const charged = await house.callRow(callId);
		expect(charged).toMatchObject({ cost_state: 'pending', provider_cost: null });
		expect(await fetchCosts({ ctx: job() })).toMatchObject({ asked: 0 });
		truth(callId, sid, 'completed', 61);
		house.clock.advanceSeconds(200);
		expect(await fetchCosts({ ctx: job() })).toMatchObject({ asked: 1, known: 0 });
		expect(await fetchCosts({ ctx: job() })).toMatchObject({ asked: 0 });
		truth(callId, sid, 'completed', 61, '0.028');
		house.clock.advanceSeconds(121);
		expect(await fetchCosts({ ctx: job() })).toMatchObject({ asked: 1, known: 1 });
		const { provider_cost: _cost, ...row } = await house.callRow(callId);
		expect(row).toMatchObject({
			cost_state: 'known',
			provider_cost_currency: 'USD',
			duration: charged.duration,
			billed_minutes: charged.billed_minutes,
			cost: charged.cost,
			ended_at: charged.ended_at
		});
		expect(Number(_cost)).toBe(0.028);
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0 });
	});

	it('given a provider that never says it, when a day is over, then it is unavailable and nobody asks any more', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await talk(id);
		truth(callId, sid, 'completed', 61);
		house.clock.advanceSeconds(86_400 + 100);
		await fetchCosts({ ctx: job() });
		expect(await house.callRow(callId)).toMatchObject({ cost_state: 'unavailable' });
		house.clock.advanceSeconds(86_400);
		provider.asked.length = 0;
		await fetchCosts({ ctx: job() });
		expect(provider.asked).not.toContain(callId);
	});
});

describe('two deliveries that end one call differently', () => {
	async function conflictOf(seconds: number) {
		const { id } = await house.createTenant({ minutes: 20 });
		const call = await talk(id);
		const other = statusForm({
			sid: call.sid,
			status: 'completed',
			sequence: 9,
			atMs: house.clock.read(),
			seconds: String(seconds)
		});
		expect((await post(house.services, other, call)).body).toBe('ignored');
		return { id, ...call };
	}

	it('given a provider that confirms what was charged, when it is asked, then the delivery says so and nothing is charged', async () => {
		const { id, callId, sid } = await conflictOf(600);
		truth(callId, sid, 'completed', 61);
		expect(await resolveEndConflicts({ ctx: job() })).toEqual({ asked: 1, contradicted: 0 });
		const [delivery] = await house.sql`
			select state, note from deliveries where call_id = ${callId} and state = 'ignored'`;
		expect(delivery?.note).toBe('Asked, the provider confirms completed, 61 s.');
		expect(await house.credit(id)).toMatchObject({ used: 2 });
		expect(await resolveEndConflicts({ ctx: job() })).toEqual({ asked: 0, contradicted: 0 });
	});

	it('given a provider that contradicts it, when it is asked, then the super admin sees it with the minutes, and the charge stays', async () => {
		const { id, callId, sid } = await conflictOf(600);
		truth(callId, sid, 'completed', 600);
		expect(await resolveEndConflicts({ ctx: job() })).toEqual({ asked: 1, contradicted: 1 });
		const { rows } = await listEndConflicts({
			ctx: house.as(admin),
			input: { state: 'contradicted' }
		});
		expect(rows.filter((row) => row.callId === callId)).toMatchObject([
			{
				ourSeconds: 61,
				saidSeconds: 600,
				providerSeconds: 600,
				billedMinutes: 2,
				minutesByProvider: 10,
				ratePerMinute: '0.100000'
			}
		]);
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0 });
		expect(await house.callRow(callId)).toMatchObject({ duration: 61, billed_minutes: 2 });
	});

	it('given the same other end thirty times, when it is stored, then it is one conflict', async () => {
		const { callId, sid } = await conflictOf(600);
		for (let sequence = 10; sequence < 40; sequence++) {
			const form = {
				...completedForm(sid, house.clock.read(), '600'),
				SequenceNumber: `${sequence}`
			};
			await post(house.services, form, { callId });
		}
		expect(
			await house.sql`select count(*)::int as n from call_end_conflicts where call_id = ${callId}`
		).toEqual([{ n: 1 }]);
		truth(callId, sid, 'completed', 61);
		await resolveEndConflicts({ ctx: job() });
	});

	it('given a provider without an answer, when it is asked again and again, then less and less often, and then it is unanswered', async () => {
		const { callId } = await conflictOf(600);
		provider.truths.set(callId, { kind: 'no_answer', error: 'away' });
		let asked = 0;
		for (let hour = 0; hour < 48; hour++) {
			asked += (await resolveEndConflicts({ ctx: job() })).asked;
			house.clock.advanceSeconds(3_600);
		}
		expect(asked).toBe(8);
		expect(await house.sql`select state from call_end_conflicts where call_id = ${callId}`).toEqual(
			[{ state: 'unanswered' }]
		);
	});
});

describe('the bill of a day', () => {
	let early: number;

	beforeEach(() => {
		// Each test has a day of its own, so that it meets no calls of another.
		house.clock.advanceSeconds(86_400);
		early = house.clock.read();
	});
	const today = () => new Date(house.clock.read()).toISOString().slice(0, 10);
	const check = () =>
		checkProviderBill({ ctx: job(), input: { provider: 'twilio', day: today() } });

	it('given a match, a mismatch, a stranger and a call the provider forgot, when pages repeat their rows, then each is told once, with the money, and again the same', async () => {
		const wallet = await house.createTenant({ mode: 'wallet', dollars: '10' });
		const minutes = await house.createTenant({ minutes: 20 });
		const match = await talk(wallet.id);
		const differs = await talk(minutes.id);
		const forgotten = await talk(minutes.id);
		const live = await house.placeBound(minutes.id);
		const stranger = newSid();
		provider.bill.push(
			billed(match.sid),
			billed(match.sid),
			billed(differs.sid, { talkSeconds: 600 }),
			billed(newSid(), {
				parentProviderCallId: match.sid,
				cost: { amount: '0.004', currency: 'USD' }
			}),
			billed(stranger, { callId: null, cost: { amount: '1', currency: 'USD' } }),
			billed(live.sid, { status: 'in_progress', rawStatus: 'in-progress', cost: null }),
			billed(match.sid)
		);
		const first = await check();
		expect(first).toMatchObject({
			state: 'done',
			day: new Date(early).toISOString().slice(0, 10),
			matches: 1,
			mismatches: 1,
			providerOnly: 1,
			oursOnly: 1,
			providerCost: '1.060000',
			charged: '0.200000',
			chargedMinutes: 4
		});
		const findings = await listBillFindings({
			ctx: house.as(admin),
			input: { checkId: first.id }
		});
		expect(Object.fromEntries(findings.rows.map((row) => [row.kind, row]))).toMatchObject({
			match: {
				callId: match.callId,
				providerCost: '0.032000',
				charged: '0.200000',
				margin: '0.168000'
			},
			mismatch: { callId: differs.callId, ourSeconds: 61, providerSeconds: 600, margin: null },
			provider_only: { providerCallId: stranger, callId: null, margin: '-1.000000' },
			ours_only: { callId: forgotten.callId, providerCost: null }
		});
		expect(Number((await house.callRow(match.callId)).provider_cost)).toBe(0.032);
		const again = await check();
		expect(again).toEqual(first);
		expect(
			await house.sql`select count(*)::int as n from provider_bill_findings where check_id = ${first.id}`
		).toEqual([{ n: 4 }]);
		provider.bill.splice(0, provider.bill.length, billed(match.sid));
		expect(await check()).toMatchObject({ id: first.id, matches: 1, mismatches: 0, oursOnly: 2 });
	});

	it('given a call that we gave up as never placed, when the provider bills it all the same, then it is a mismatch', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const call = await house.place(id);
		house.clock.advanceSeconds(60);
		await house.services.lane.submit({
			kind: 'apply_sweep',
			callId: call.id,
			asked: { provider: 'twilio', providerCallId: null },
			finding: { kind: 'never_existed' }
		});
		provider.bill.push(billed(newSid(), { callId: call.id }));
		const { id: checkId, mismatches } = await check();
		expect(mismatches).toBe(1);
		const { rows } = await listBillFindings({ ctx: house.as(admin), input: { checkId } });
		expect(rows[0]?.note).toMatch(/We have failed, the provider completed/);
	});

	it('given a listing that breaks off, when it is checked, then it is refused with the reason, and what was found before stays', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const call = await talk(id);
		provider.bill.push(billed(call.sid));
		await check();
		const listBill = provider.listBill.bind(provider);
		provider.listBill = async function* () {
			yield* listBill();
			throw new Error('503 for page 2');
		};
		await expect(check()).rejects.toMatchObject({ code: 'provider_failed' });
		provider.listBill = listBill;
		const { rows } = await listBillChecks({ ctx: house.as(admin), input: {} });
		const kept = rows.find((row) => row.day === today());
		expect(kept).toMatchObject({ state: 'failed', matches: 1 });
		expect(kept?.note).toMatch(/503 for page 2/);
		await check();
	});

	it('given a day to come or a provider that is not set up, when it is asked for, then it is refused by the name of the field', async () => {
		const ctx = job();
		await expect(
			checkProviderBill({ ctx, input: { provider: 'twilio', day: '2099-01-01' } })
		).rejects.toMatchObject({ code: 'invalid', fields: { day: expect.any(String) } });
		await expect(
			checkProviderBill({ ctx, input: { provider: 'bolna', day: DAY } })
		).rejects.toMatchObject({ code: 'invalid', fields: { provider: expect.any(String) } });
	});
});
