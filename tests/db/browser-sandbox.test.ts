/** A browser's call through the sandbox, which runs our TwiML and posts what Twilio would. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDeviceToken } from '$lib/server/calls/create-device-token';
import { getCall } from '$lib/server/calls/get-call';
import { placeCall } from '$lib/server/calls/place-call';
import { FROM_NUMBER, newNumber, type Tenant } from '../support/house';
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

describe('a call that comes in, through the sandbox', () => {
	const ask = async (path: string, token: string, body?: object) => {
		const answer = await fetch(`${sandboxHouse.sandbox.url}/_sandbox/twilio/${path}`, {
			method: body ? 'POST' : 'GET',
			headers: { authorization: `Bearer ${token}` },
			...(body && { body: JSON.stringify(body) })
		});
		return answer.json();
	};
	const callIn = (from: string) => ask('call-in', '', { from, to: FROM_NUMBER });

	it('given who was called from a browser, when they call back, then it rings at that person, can be taken, and costs nothing', async () => {
		const { house, sandbox } = sandboxHouse;
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId } = await callFromBrowser(tenant, '05');
		const { to } = await sandboxHouse.untilEnded(callId);
		const before = await house.credit(tenant.id);
		const { token } = await createDeviceToken({ ctx: house.as(tenant.agent) });
		sandbox.control.context.clock.setSpeed(1);
		const { callSid } = await callIn(String(to));
		const { calls } = await ask('incoming', token);
		expect(calls).toMatchObject([{ state: 'ringing', from: to }]);
		const [{ callSid: legSid }] = calls;
		await ask(`device-calls/${legSid}/accept`, token, {});
		expect(await ask(`device-calls/${legSid}?after=2`, token)).toMatchObject({ state: 'open' });
		await ask(`device-calls/${legSid}/hangup`, token, {});
		// The caller's leg asks what now, and ends without a word.
		const [, over] = await sandboxHouse.callbacksOf(callSid, 2);
		expect(over?.answer.body).not.toContain('<Say>');
		expect(await house.credit(tenant.id)).toEqual(before);
		expect(await house.sql`select id from calls where organization_id = ${tenant.id}`).toEqual([
			{ id: callId }
		]);
		sandboxHouse.reset();
	});

	it('given somebody nobody called, or whose organisation is switched off, when they call, then a sentence says that nobody takes it', async () => {
		const { house } = sandboxHouse;
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId } = await callFromBrowser(tenant, '05');
		const { to } = await sandboxHouse.untilEnded(callId);
		await house.sql`update organization_call_minutes set is_active = false where organization_id = ${tenant.id}`;
		for (const from of [newNumber('61'), String(to)]) {
			const { callSid } = await callIn(from);
			const [voice] = await sandboxHouse.callbacksOf(callSid, 1);
			expect(voice?.answer.body).toContain('Nobody can take your call');
		}
	});
});
