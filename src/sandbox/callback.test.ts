import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHouse, type SandboxHouse } from './test-support';

let house: SandboxHouse;
beforeEach(async () => void (house = await openHouse({ speed: 1_000 })));
afterEach(() => house.close());

const onlyFinal = (path: string): object => ({
	statusCallback: `${house.receiver.url}${path}`,
	statusCallbackEvent: ['completed']
});

async function settled(sid: string): Promise<void> {
	const isSent = (): boolean =>
		house.sandbox.control.listCalls(10).some((call) => call.sid === sid && call.callbacksSent > 0);
	await expect.poll(isSent, { timeout: 5_000 }).toBe(true);
}

test('retries by the fragment: the same bytes and token, at least 250 ms apart', async () => {
	house.receiver.answers.push(500, 404);
	const { sid } = await house.dial('+12025550105', onlyFinal('/status?x=1#rc=3&rp=all'));
	const all = await house.receiver.waitFor((one) => one.fields.CallSid === sid, 3);
	await settled(sid);
	expect(house.receiver.received).toHaveLength(3);
	expect(new Set(all.map((one) => one.headers['i-twilio-idempotency-token'])).size).toBe(1);
	expect(new Set(all.map((one) => JSON.stringify(one.fields))).size).toBe(1);
	expect(all.every((one) => one.isSigned)).toBe(true);
	const [first, second, third] = all.map((one) => one.receivedAtMs);
	expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(200);
	expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(200);
});

test('by default an error answer is lost', async () => {
	house.receiver.answers.push(500);
	const { sid } = await house.dial('+12025550105', onlyFinal('/status'));
	await settled(sid);
	expect(house.receiver.received).toHaveLength(1);
	expect(house.sandbox.control.context.callbacks.counters).toMatchObject({ failed: 1, retried: 0 });
});

test('stops after rc retries', async () => {
	house.receiver.answers.push(503, 503, 503);
	const { sid } = await house.dial('+12025550105', onlyFinal('/status#rc=1&rp=5xx'));
	await settled(sid);
	expect(house.receiver.received).toHaveLength(2);
	expect(house.sandbox.control.context.callbacks.counters).toMatchObject({ failed: 1, retried: 1 });
});

test('a refused connection is tried once more by default', async () => {
	await house.receiver.close();
	const { sid } = await house.dial('+12025550105', onlyFinal('/status'));
	await settled(sid);
	expect(house.sandbox.control.context.callbacks.counters).toMatchObject({
		attempts: 2,
		failed: 1
	});
});

test('a host beyond this machine is never called, and one line says so', async () => {
	const { callbacks } = house.sandbox.control.context;
	const job = { url: 'http://example.com/status', method: 'POST' as const, headers: {}, body: '' };
	expect(await callbacks.send(job).finished).toMatchObject({ isDelivered: false, attempts: 0 });
	expect(callbacks.counters.refused).toBe(1);
	expect(house.log).toEqual([
		'sandbox: refused callback to example.com: only loopback addresses are called'
	]);
});

test('localhost is this machine without asking a resolver', async () => {
	const url = house.receiver.url.replace('127.0.0.1', 'app.localhost');
	const { callbacks } = house.sandbox.control.context;
	const outcome = await callbacks.send({ url, method: 'POST', headers: {}, body: '' }).finished;
	expect(outcome).toMatchObject({ isDelivered: true, lastStatus: 204 });
});
