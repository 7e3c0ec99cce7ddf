import { afterAll, beforeAll, expect, test } from 'vitest';
import { FROM, openHouse, sdkFor, type SandboxHouse } from '../test-support';
import { OUTCOMES, outcomeForNumber } from '../outcomes';

let house: SandboxHouse;
beforeAll(async () => void (house = await openHouse({ speed: 2_000 })));
afterAll(() => house.close());

const numberFor = (suffix: string): string => `+120255501${suffix}`;

// suffix, CallStatus, CallDuration, Duration (minutes), SipResponseCode, SequenceNumber
test.each([
	['05', 'completed', '5', '1', '200', '3'],
	['10', 'busy', '0', '0', '487', '2'],
	['11', 'no-answer', '0', '0', '487', '2'],
	['12', 'failed', '0', '0', '404', '1'],
	['13', 'canceled', '0', '0', '487', '2'],
	['14', 'completed', '30', '1', '200', '3'],
	['59', 'completed', '59', '1', '200', '3'],
	['60', 'completed', '60', '1', '200', '3'],
	['61', 'completed', '61', '2', '200', '3'],
	['62', 'completed', '62', '2', '200', '3'],
	['80', 'completed', '180', '3', '200', '3'],
	['81', 'completed', '181', '4', '200', '3'],
	['85', 'completed', '1200', '20', '200', '3'],
	['95', 'completed', '30', '1', '200', '3'],
	['96', 'completed', '30', '1', '200', '3'],
	['99', 'completed', '30', '1', '200', '3'],
	['98', 'exploded', '-7', '1', '200', '3']
])('…%s ends %s', async (suffix, status, seconds, minutes, sip, sequence) => {
	const { sid } = await house.dial(numberFor(suffix));
	const callbacks = await house.receiver.allOf(sid);
	const final = callbacks.find((one) => one.CallDuration !== undefined);
	expect(final).toMatchObject({
		CallStatus: status,
		CallDuration: seconds,
		Duration: minutes,
		SipResponseCode: sip,
		SequenceNumber: sequence
	});
	expect(house.receiver.received.every((one) => one.isSigned)).toBe(true);
});

test('…98: REST keeps to the truth', async () => {
	const { sid } = await house.dial(numberFor('98'));
	await house.receiver.allOf(sid);
	expect(await house.sdk.calls(sid).fetch()).toMatchObject({ status: 'completed', duration: '42' });
});

test('…91 answers 500 and places nothing', async () => {
	await expect(house.dial(numberFor('91'))).rejects.toMatchObject({ status: 500, code: 20500 });
	expect(await house.sdk.calls.list({ to: numberFor('91') })).toEqual([]);
});

test.each([
	['92', 1],
	['93', 0]
])('…%s hangs and places %i', async (suffix, placed) => {
	const impatient = sdkFor(house.sandbox.url, undefined, 300);
	const dialled = impatient.calls.create({
		to: numberFor(suffix),
		from: FROM,
		twiml: '<Response/>',
		statusCallback: `${house.receiver.url}/status`
	});
	await expect(dialled).rejects.toThrow(/timeout/);
	const calls = await house.sdk.calls.list({ to: numberFor(suffix) });
	expect(calls).toHaveLength(placed);
	if (placed > 0) await house.receiver.allOf(calls[0]?.sid ?? '');
});

test('…94 never sends its final callback; REST has it', async () => {
	const { sid } = await house.dial(numberFor('94'));
	await expect
		.poll(async () => (await house.sdk.calls(sid).fetch()).status, { timeout: 5_000 })
		.toBe('completed');
	const { sid: later } = await house.dial(numberFor('05'));
	await house.receiver.allOf(later);
	const statuses = house.receiver.received
		.filter((one) => one.fields.CallSid === sid)
		.map((one) => one.fields.CallStatus);
	expect(statuses).toEqual(['initiated', 'ringing', 'in-progress']);
});

test('…95 sends every callback three times, the same each time', async () => {
	const { sid } = await house.dial(numberFor('95'));
	const all = await house.receiver.waitFor((one) => one.fields.CallSid === sid, 12);
	expect(all.map((one) => one.fields.SequenceNumber).join('')).toBe('000111222333');
	expect(new Set(all.map((one) => one.headers['i-twilio-idempotency-token'])).size).toBe(4);
});

test('…96 sends in reverse order', async () => {
	const { sid } = await house.dial(numberFor('96'));
	const all = await house.receiver.waitFor((one) => one.fields.CallSid === sid, 4);
	expect(all.map((one) => one.fields.SequenceNumber)).toEqual(['3', '2', '1', '0']);
});

test('…97 is over before create is answered', async () => {
	const created = await house.dial(numberFor('97'));
	expect(created.status).toBe('queued');
	const before = house.receiver.received.filter((one) => one.fields.CallSid === created.sid);
	expect(before.map((one) => one.fields.CallStatus)).toEqual([
		'initiated',
		'ringing',
		'in-progress',
		'completed'
	]);
});

test('…99: callbacks come 20 simulated seconds after the event', async () => {
	const { clock } = house.sandbox.control.context;
	const dialledAtMs = clock.nowMs();
	const { sid } = await house.dial(numberFor('99'));
	await house.receiver.waitFor((one) => one.fields.CallSid === sid);
	expect(clock.nowMs() - dialledAtMs).toBeGreaterThanOrEqual(20_200);
	await house.receiver.allOf(sid);
	expect(clock.nowMs() - dialledAtMs).toBeGreaterThanOrEqual(20_800 + 33_000);
});

test('any other number is answered, the same way each time', () => {
	const first = outcomeForNumber('+12025550177', 'one');
	expect(outcomeForNumber('+12025550177', 'one')).toEqual(first);
	for (let subscriber = 0; subscriber < 500; subscriber++) {
		const { end, ringSeconds, talkSeconds } = outcomeForNumber(`+12025${subscriber}0000`, 'one');
		expect(end).toBe('completed');
		expect(ringSeconds).toBeGreaterThanOrEqual(2);
		expect(ringSeconds).toBeLessThanOrEqual(5);
		expect(talkSeconds).toBeGreaterThanOrEqual(15);
		expect(talkSeconds).toBeLessThanOrEqual(95);
	}
});

test('every magic number has one line of two digits', () => {
	const suffixes = OUTCOMES.map((outcome) => outcome.suffix);
	expect(new Set(suffixes).size).toBe(suffixes.length);
	expect(suffixes.every((suffix) => /^\d\d$/.test(suffix))).toBe(true);
	expect(OUTCOMES.every((outcome) => outcome.description.length > 3)).toBe(true);
});
