/** Late prices and the bill of a day over the real SDK, against the sandbox. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkProviderBill } from '$lib/server/bills/check-provider-bill';
import { fetchCosts } from '$lib/server/calls/fetch-costs';
import { getCall } from '$lib/server/calls/get-call';
import type { Tenant } from '../support/house';
import { SandboxHouse } from '../support/house-sandbox';

let room: SandboxHouse;
let tenant: Tenant;

beforeAll(async () => {
	room = await SandboxHouse.open();
});
beforeEach(async () => {
	tenant = await room.house.createTenant({ minutes: 20 });
});
afterEach(async () => {
	await room.house.expectBooksToBalance();
});
afterAll(() => room.close());

function jobLater(seconds: number) {
	const ctx = room.house.context({ kind: 'job' });
	return { ...ctx, nowMs: ctx.nowMs + seconds * 1000 };
}

describe("Twilio's price and bill", () => {
	it('given a price that comes late, when it is asked for before and after, then it is kept when it is there, as a positive amount', async () => {
		room.sandbox.control.context.faults.add({ latePriceSeconds: 86_400 * 20, next: 1 });
		const late = await room.dial(tenant, '61');
		const soon = await room.dial(tenant, '05');
		await room.untilEnded(late.id);
		await room.untilEnded(soon.id);
		// Twenty simulated seconds from the end, soon's price is there; late's is weeks away.
		await expect
			.poll(async () => {
				await fetchCosts({ ctx: jobLater(300) });
				return (await room.house.callRow(soon.id)).cost_state;
			})
			.toBe('known');
		expect(await room.house.callRow(late.id)).toMatchObject({ cost_state: 'pending' });
		const { facts } = await getCall({
			ctx: room.house.as(tenant.agent),
			input: { callId: soon.id }
		});
		expect(facts).toMatchObject({ costState: 'known', providerCostCurrency: 'USD' });
		expect(Number(facts.providerCost)).toBeGreaterThan(0);
	});

	it('given calls that ended in every way, when the bill of the day is listed, then every call of ours is on it and agrees', async () => {
		const calls = [];
		for (const suffix of ['61', '10', '11', '12', '13', '05']) {
			calls.push(await room.dial(tenant, suffix));
		}
		for (const call of calls) await room.untilEnded(call.id);
		const ctx = room.house.context({ kind: 'job' });
		const day = new Date(ctx.nowMs).toISOString().slice(0, 10);
		const check = await checkProviderBill({ ctx, input: { provider: 'twilio', day } });
		expect(check).toMatchObject({ state: 'done', mismatches: 0 });
		const [row] = await room.house.sql`
			select count(*)::int as n from provider_bill_findings f
			where f.check_id = ${check.id} and f.organization_id = ${tenant.id} and f.kind = 'match'`;
		expect(row).toEqual({ n: 6 });
	});
});
