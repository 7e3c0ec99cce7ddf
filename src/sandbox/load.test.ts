import { expect, test } from 'vitest';
import { ACCOUNT_SID, AUTH_TOKEN, FROM, openHouse } from './test-support';

const CALLS = 1_500;
const AT_ONCE = 500;

test('1,500 calls, 500 at once, lose no callback and leave nothing behind', async () => {
	const house = await openHouse({ speed: 200 });
	const endpoint = `${house.sandbox.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Calls.json`;
	const authorization = `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`;
	const form = (number: number): URLSearchParams => {
		const fields = new URLSearchParams({
			To: `+12025${String(number).padStart(4, '0')}05`,
			From: FROM,
			Twiml: '<Response/>',
			StatusCallback: `${house.receiver.url}/status`
		});
		for (const event of ['initiated', 'ringing', 'answered', 'completed']) {
			fields.append('StatusCallbackEvent', event);
		}
		return fields;
	};
	for (let first = 0; first < CALLS; first += AT_ONCE) {
		const numbers = Array.from({ length: AT_ONCE }, (_, index) => first + index);
		const responses = await Promise.all(
			numbers.map((number) =>
				fetch(endpoint, { method: 'POST', headers: { authorization }, body: form(number) })
			)
		);
		expect(responses.every((response) => response.status === 201)).toBe(true);
		await Promise.all(responses.map((response) => response.arrayBuffer()));
	}
	await house.receiver.waitFor((one) => one.fields.CallStatus === 'completed', CALLS);
	const { received } = house.receiver;
	expect(received).toHaveLength(CALLS * 4);
	expect(received.every((one) => one.isSigned)).toBe(true);
	const finals = received.filter((one) => one.fields.CallDuration !== undefined);
	expect(new Set(finals.map((one) => one.fields.CallDuration))).toEqual(new Set(['5']));
	const { clock, callbacks } = house.sandbox.control.context;
	await expect.poll(() => callbacks.counters.inFlight, { timeout: 5_000 }).toBe(0);
	await expect.poll(() => clock.waitingSteps, { timeout: 5_000 }).toBe(0);
	await house.close();
}, 90_000);
