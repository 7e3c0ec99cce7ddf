import { afterAll, beforeAll, expect, test } from 'vitest';
import { FROM, openHouse, type ReceivedCallback, type SandboxHouse } from '../test-support';

let house: SandboxHouse;
beforeAll(async () => void (house = await openHouse({ speed: 50 })));
afterAll(() => house.close());

const LONG_TALK = '+12025550185';

function hasStatus(sid: string, status: string): (one: ReceivedCallback) => boolean {
	return ({ fields }) => fields.CallSid === sid && fields.CallStatus === status;
}

async function dialAndTalk(): Promise<string> {
	const { sid } = await house.dial(LONG_TALK);
	await house.receiver.waitFor(hasStatus(sid, 'in-progress'));
	return sid;
}

test('Status=completed hangs up a talk with the seconds it had', async () => {
	const sid = await dialAndTalk();
	const updated = await house.sdk.calls(sid).update({ status: 'completed' });
	expect(updated.status).toBe('completed');
	const [final] = await house.receiver.waitFor(hasStatus(sid, 'completed'));
	expect(final?.fields.CallDuration).toBe(updated.duration);
	expect(Number(updated.duration)).toBeLessThan(600);
	expect(final?.fields.SequenceNumber).toBe('3');
});

test('Status=canceled cancels a ringing call and leaves a talking one alone', async () => {
	const { sid } = await house.dial('+12025550111');
	await house.receiver.waitFor(hasStatus(sid, 'ringing'));
	expect((await house.sdk.calls(sid).update({ status: 'canceled' })).status).toBe('canceled');
	const [final] = await house.receiver.waitFor(hasStatus(sid, 'canceled'));
	expect(final?.fields).toMatchObject({ CallDuration: '0', SipResponseCode: '487' });
	const talking = await dialAndTalk();
	const untouched = await house.sdk.calls(talking).update({ status: 'canceled' });
	expect(untouched.status).toBe('in-progress');
	await house.sdk.calls(talking).update({ status: 'completed' });
});

test('TimeLimit of a live call can be raised, and one that has passed ends it', async () => {
	const { sid } = await house.dial(LONG_TALK, { timeLimit: 60 });
	await house.receiver.waitFor(hasStatus(sid, 'in-progress'));
	const raised = await house.sdk.calls(sid).update({ timeLimit: 75 });
	expect(raised.status).toBe('in-progress');
	const [final] = await house.receiver.waitFor(hasStatus(sid, 'completed'));
	expect(final?.fields.CallDuration).toBe('75');
	const other = await dialAndTalk();
	const ended = await house.sdk.calls(other).update({ timeLimit: 0 });
	expect(ended.status).toBe('completed');
});

test('an ended call cannot be updated: 400 with code 21220', async () => {
	const sid = await dialAndTalk();
	await house.sdk.calls(sid).update({ status: 'completed' });
	await expect(house.sdk.calls(sid).update({ status: 'completed' })).rejects.toMatchObject({
		status: 400,
		code: 21220
	});
});

test('lists page by page, newest first, each call once while new ones arrive', async () => {
	const to = '+12025550110';
	const created: string[] = [];
	for (let count = 0; count < 7; count++) created.push((await house.dial(to)).sid);
	const first = await house.sdk.calls.page({ to, pageSize: 3 });
	expect(first.instances.map((call) => call.sid)).toEqual(created.slice(-3).reverse());
	await house.dial(to);
	const second = await first.nextPage();
	const third = await second?.nextPage();
	const seen = [first, second, third].flatMap((page) => page?.instances ?? []);
	expect(seen.map((call) => call.sid)).toEqual([...created].reverse());
	expect(await third?.nextPage()).toBeUndefined();
	expect(await house.sdk.calls.list({ to, pageSize: 3 })).toHaveLength(8);
});

test('filters by From, Status and StartTime', async () => {
	const before = new Date(Date.now() - 60_000);
	const after = new Date(Date.now() + 60_000);
	const sid = await dialAndTalk();
	const live = await house.sdk.calls.list({ status: 'in-progress', from: FROM });
	expect(live.map((call) => call.sid)).toContain(sid);
	const since = await house.sdk.calls.list({ to: LONG_TALK, startTimeAfter: before });
	expect(since.map((call) => call.sid)).toContain(sid);
	expect(await house.sdk.calls.list({ startTimeAfter: after })).toEqual([]);
	expect(await house.sdk.calls.list({ startTimeBefore: before })).toEqual([]);
	expect(await house.sdk.calls.list({ from: '+12025550199' })).toEqual([]);
	expect(await house.sdk.calls.list({ parentCallSid: sid })).toEqual([]);
	await house.sdk.calls(sid).update({ status: 'completed' });
});
