/** A browser's call through the sandbox, which runs our TwiML and posts what Twilio would. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDeviceToken } from '$lib/server/calls/create-device-token';
import { getCall } from '$lib/server/calls/get-call';
import { placeCall } from '$lib/server/calls/place-call';
import { newNumber, type Tenant } from '../support/house';
import { SandboxHouse } from '../support/house-sandbox';

let sandboxHouse: SandboxHouse;

beforeAll(async () => {
	sandboxHouse = await SandboxHouse.open();
});
afterEach(() => sandboxHouse.house.expectBooksToBalance());
afterAll(() => sandboxHouse.close());

/** Places a call in the browser and connects with the agent's own token. */
async function callFromBrowser(tenant: Tenant, suffix: string, named?: string) {
	const { house, sandbox } = sandboxHouse;
	const ctx = house.as(tenant.agent);
	const view = await placeCall({ ctx, input: { to: newNumber(suffix), device: 'browser' } });
	if (!view.placed) throw new Error(view.block.message);
	const { token } = await createDeviceToken({ ctx });
	const answer = await fetch(`${sandbox.url}/_sandbox/twilio/connect`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}` },
		body: JSON.stringify({ params: { call: named ?? view.call.id } })
	});
	expect(answer.status).toBe(201);
	const { callSid: parentSid }: { callSid: string } = await answer.json();
	return { callId: view.call.id, parentSid };
}

describe('a call from the browser, through the sandbox', () => {
	it("given a lead who talks 61 seconds, when it ends, then the child's seconds are billed, and it is recorded", async () => {
		const { house } = sandboxHouse;
		const tenant = await house.createTenant({ minutes: 10 });
		await house.sql`update organizations set records_calls = true, detects_machines = true
			where id = ${tenant.id}`;
		const { callId, parentSid } = await callFromBrowser(tenant, '61');
		const row = await sandboxHouse.untilEnded(callId);
		expect(row).toMatchObject({
			status: 'completed',
			duration: 61,
			billed_minutes: 2,
			parent_call_id: parentSid
		});
		expect(row.provider_call_id).not.toBe(parentSid);
		expect(await house.credit(tenant.id)).toMatchObject({ used: 2, held: 0, live: 0 });
		const readCall = () => getCall({ ctx: house.as(tenant.agent), input: { callId } });
		await expect
			.poll(async () => (await readCall()).recordings)
			.toMatchObject([{ state: 'pending' }]);
		await expect.poll(async () => (await readCall()).call.answeredBy).toBe('human');
	});

	it.each([
		['10', 'failed', 'busy'],
		['11', 'failed', 'no_answer']
	])(
		'given a number ending in %s, when it is called, then it is %s (%s) and nothing is charged',
		async (suffix, status, reason) => {
			const { house } = sandboxHouse;
			const tenant = await house.createTenant({ minutes: 10 });
			const { callId } = await callFromBrowser(tenant, suffix);
			expect(await sandboxHouse.untilEnded(callId)).toMatchObject({ status, end_reason: reason });
			expect(await house.credit(tenant.id)).toMatchObject({ used: 0, held: 0, live: 0 });
		}
	);

	it("given a browser that names another tenant's call, when it connects, then nothing is dialled", async () => {
		const { house } = sandboxHouse;
		const [mine, theirs] = [
			await house.createTenant({ minutes: 10 }),
			await house.createTenant({ minutes: 10 })
		];
		const ctx = house.as(theirs.agent);
		const foreign = await placeCall({ ctx, input: { to: newNumber('61'), device: 'browser' } });
		if (!foreign.placed) throw new Error('not placed');
		const { parentSid } = await callFromBrowser(mine, '61', foreign.call.id);
		const [voice] = await sandboxHouse.callbacksOf(parentSid, 1);
		expect(voice?.answer.body).toContain('<Say>');
		expect(await house.callRow(foreign.call.id)).toMatchObject({ parent_call_id: null });
	});
});
