import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHouse, sdkFor, FROM, type SandboxHouse } from './test-support';

let house: SandboxHouse;
beforeEach(async () => void (house = await openHouse({ speed: 1_000 })));
afterEach(() => house.close());

const ANSWERED = '+12025550105';
const LONG_TALK = '+12025550185';

test('a plan with next counts calls; the call after it is well', async () => {
	await house.ask('POST', '/faults', { outcome: 'busy', next: 1 });
	const [first, second] = [await house.dial(ANSWERED), await house.dial(ANSWERED)];
	expect((await house.receiver.allOf(first.sid)).at(-1)?.CallStatus).toBe('busy');
	expect((await house.receiver.allOf(second.sid)).at(-1)?.CallStatus).toBe('completed');
	expect(house.sandbox.control.context.faults.list()).toEqual([]);
});

test('duplicate, reorder and talkSeconds bend the callbacks', async () => {
	await house.ask('POST', '/faults', { duplicate: 1, reorder: true, talkSeconds: 77 });
	const { sid } = await house.dial(ANSWERED);
	const all = await house.receiver.waitFor((one) => one.fields.CallSid === sid, 8);
	expect(all.map((one) => one.fields.SequenceNumber).join('')).toBe('33221100');
	expect(all[0]?.fields.CallDuration).toBe('77');
});

async function statusesSent(sid: string): Promise<(string | undefined)[]> {
	await expect
		.poll(async () => (await house.sdk.calls(sid).fetch()).status, { timeout: 5_000 })
		.toBe('completed');
	const later = await house.dial(ANSWERED);
	await house.receiver.allOf(later.sid);
	return house.receiver.received
		.filter((one) => one.fields.CallSid === sid)
		.map((one) => one.fields.CallStatus);
}

test('dropFinal 1 drops the final callback only, dropAll every one', async () => {
	await house.ask('POST', '/faults', { dropFinal: 1, next: 1 });
	const { sid: withoutFinal } = await house.dial(ANSWERED);
	expect(await statusesSent(withoutFinal)).toEqual(['initiated', 'ringing', 'in-progress']);
	await house.ask('POST', '/faults', { dropAll: true, next: 1 });
	const { sid: silent } = await house.dial(ANSWERED);
	expect(await statusesSent(silent)).toEqual([]);
});

test('dropFinal is a probability that the seed decides', () => {
	const { faults } = house.sandbox.control.context;
	const dropped = (): boolean[] =>
		Array.from({ length: 1_000 }, (_, index) => faults.happens(0.3, 'drop-final', index));
	expect(dropped()).toEqual(dropped());
	expect(dropped().filter(Boolean).length).toBeGreaterThan(240);
	expect(dropped().filter(Boolean).length).toBeLessThan(360);
});

test('create faults: refused, ambiguous and hanging', async () => {
	await house.ask('POST', '/faults', { createStatus: 503, next: 1 });
	await expect(house.dial(ANSWERED)).rejects.toMatchObject({ status: 503 });
	expect(await house.sdk.calls.list()).toEqual([]);
	await house.ask('POST', '/faults', { ambiguousCreate: true, next: 1 });
	await expect(house.dial(ANSWERED)).rejects.toThrow(/socket hang up|ECONNRESET|aborted/);
	expect(await house.sdk.calls.list()).toHaveLength(1);
	await house.ask('POST', '/faults', { createStatus: 500, ambiguousCreate: true, next: 1 });
	await expect(house.dial(ANSWERED)).rejects.toMatchObject({ status: 500 });
	expect(await house.sdk.calls.list()).toHaveLength(2);
	await house.ask('POST', '/faults', { createHangSeconds: 30, next: 1 });
	const impatient = sdkFor(house.sandbox.url, undefined, 200);
	await expect(
		impatient.calls.create({ to: ANSWERED, from: FROM, twiml: '<Response/>' })
	).rejects.toThrow(/timeout/);
	expect(await house.sdk.calls.list()).toHaveLength(2);
});

test('an unlimited plan reaches live calls and ends with DELETE', async () => {
	await house.ask('POST', '/speed', { speed: 10 });
	const { sid } = await house.dial(LONG_TALK);
	await house.receiver.waitFor((one) => one.fields.CallStatus === 'in-progress');
	await house.ask('POST', '/faults', { ignoreHangUp: true });
	expect((await house.sdk.calls(sid).update({ status: 'completed' })).status).toBe('in-progress');
	await house.ask('DELETE', '/faults');
	expect((await house.sdk.calls(sid).update({ status: 'completed' })).status).toBe('completed');
});

test('apiStatus counts REST requests and leaves the control API alone', async () => {
	await house.ask('POST', '/faults', { apiStatus: 429, next: 2 });
	await expect(house.sdk.calls.list()).rejects.toMatchObject({ status: 429, code: 20429 });
	expect((await house.ask('GET', '/state')).status).toBe(200);
	await expect(house.dial(ANSWERED)).rejects.toMatchObject({ code: 20429 });
	expect(await house.sdk.calls.list()).toEqual([]);
});

test('apiHang gives no answer', async () => {
	await house.ask('POST', '/faults', { apiHang: true, next: 1 });
	const impatient = sdkFor(house.sandbox.url, undefined, 150);
	await expect(impatient.calls.list()).rejects.toThrow(/timeout/);
});

test('finish ends a live call with the seconds given; a second time is 409, a stranger 404', async () => {
	await house.ask('POST', '/speed', { speed: 1 });
	const { sid } = await house.dial(LONG_TALK);
	const finished = await house.ask('POST', `/calls/${sid}/finish`, { seconds: 125 });
	expect(finished.status).toBe(200);
	const final = (await house.receiver.allOf(sid)).at(-1);
	expect(final).toMatchObject({ CallStatus: 'completed', CallDuration: '125', Duration: '3' });
	expect((await house.ask('POST', `/calls/${sid}/finish`)).status).toBe(409);
	expect((await house.ask('POST', '/calls/CA0/finish')).status).toBe(404);
});

test.each([
	['/faults', { dropFinal: 2 }, 'dropFinal must be a number from 0 to 1.'],
	['/faults', { outcome: 'ok' }, /^outcome must be one of completed, busy/],
	['/faults', { reorder: 'yes' }, 'reorder must be true or false.'],
	['/faults', { next: 0, dropAll: true }, /^next must be a number from 1/],
	['/faults', { bogus: 1 }, /^bogus is not a field/],
	['/faults', {}, 'The plan must name at least one fault.'],
	['/faults', { apiStatus: 500, dropAll: true }, /^apiStatus must be in a plan of its own/],
	['/faults', [], 'The body must be a JSON object.'],
	['/speed', { speed: 0 }, /^speed must be a number from 0.1/],
	['/speed', {}, 'speed is missing.'],
	['/calls/CA0/finish', { seconds: -1 }, /^seconds must be a number from 0/]
])('POST %s %j is 422: %s', async (path, value, message) => {
	const { status, body } = await house.ask('POST', path, value);
	expect(status).toBe(422);
	expect(body).toEqual({ error: { message: expect.stringMatching(message) } });
});

test('state and calls tell what happened; reset forgets it', async () => {
	const { sid } = await house.dial(ANSWERED);
	await house.receiver.allOf(sid);
	await expect
		.poll(async () => (await house.ask('GET', '/calls?limit=5')).body, { timeout: 5_000 })
		.toMatchObject({ calls: [{ sid, status: 'completed', callbacksSent: 4, callbacksFailed: 0 }] });
	expect((await house.ask('GET', '/state')).body).toMatchObject({
		speed: 1_000,
		seed: 'test',
		calls: { twilio: { total: 1, live: 0, byStatus: { completed: 1 } } },
		callbacks: { delivered: 4, failed: 0 }
	});
	await house.ask('POST', '/reset');
	expect((await house.ask('GET', '/calls')).body).toEqual({ calls: [] });
});

test('the page is self-contained, and other sites cannot steer the sandbox', async () => {
	const url = `${house.sandbox.url}/_sandbox`;
	const html = await (await fetch(url)).text();
	expect(html).toContain('Magic numbers');
	expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
	const foreign = { method: 'POST', headers: { origin: 'http://evil.example' } };
	expect((await fetch(`${url}/reset`, foreign)).status).toBe(403);
});
