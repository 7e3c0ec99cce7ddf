import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCall } from '$lib/server/calls/get-call';
import { consumeMinutes } from '$lib/server/minutes/consume-minutes';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { House, newSid } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(() => house.close());
afterEach(async () => {
	const { invariants } = await reconcile({ ctx: house.commandLine() });
	expect(invariants.filter(({ ok }) => !ok)).toEqual([]);
});

const OWN = { duplicate: true, shortfallMinutes: 0 };

describe('minutes told under the id of a call that was placed from here', () => {
	it('given the call is live, then nothing is taken, and its end is charged as ever', async () => {
		const { id, manager, callId, sid } = await placedCall(30);
		const told = await tell(id, manager, callId);
		expect(told).toMatchObject({ ...OWN, minutesConsumed: 0 });
		await finish(callId, sid);
		expect(await house.callRow(callId)).toMatchObject({ status: 'completed', billed_minutes: 2 });
		expect(await house.credit(id)).toMatchObject({ used: 2, held: 0 });
	});

	it.each([
		['our id', (call: Placed) => call.callId],
		['our id in capitals', (call: Placed) => call.callId.toUpperCase()],
		["the provider's id", (call: Placed) => call.sid]
	])(
		'given the call has ended and another lot would burn, when it is told under %s, then nothing is charged twice',
		async (_name, idOf) => {
			const placed = await placedCall(2);
			await finish(placed.callId, placed.sid);
			await house.allocate(placed.id, 10);
			const before = await house.credit(placed.id);
			const told = await tell(placed.id, placed.manager, idOf(placed));
			expect(told).toMatchObject({ ...OWN, minutesConsumed: 2, remainingMinutes: 10 });
			expect(await house.credit(placed.id)).toEqual(before);
		}
	);

	it("given a call made in the browser, when it is told under the browser's own leg, then nothing is charged twice", async () => {
		const { id, manager, agent } = await house.createTenant({ minutes: 30 });
		const user = { id: agent.userId, name: agent.name };
		const { id: callId } = await house.place(id, { device: 'browser', user });
		const [parentCallId, sid] = [newSid(), newSid()];
		await house.services.lane.submit({
			...{ kind: 'connect_browser', callId, userId: agent.userId, organizationId: id },
			parentCallId
		});
		for (const form of storyOf(sid, house.clock.read(), 100)) {
			const ofChild = { ...form, Direction: 'outbound-dial', ParentCallSid: parentCallId };
			await post(house.services, ofChild, { callId });
		}
		expect(await tell(id, manager, parentCallId)).toMatchObject({ ...OWN, minutesConsumed: 2 });
		expect(await house.credit(id)).toMatchObject({ used: 2 });
	});

	it('given another organisation placed it, then it is an id like any other', async () => {
		const { callId, sid } = await placedCall(30);
		const other = await house.createTenant({ minutes: 30 });
		for (const id of [callId, sid]) {
			const told = await tell(other.id, other.manager, id);
			expect(told).toMatchObject({ duplicate: false, minutesConsumed: 3 });
		}
	});

	it('given it was told before the call was placed, then the call is charged nonetheless, and each has its own line', async () => {
		const { id, manager } = await house.createTenant({ minutes: 30 });
		const callId = uuid();
		expect(await tell(id, manager, callId)).toMatchObject({ duplicate: false });
		const { sid } = await house.placeBound(id, { callId });
		await finish(callId, sid);
		expect(await house.credit(id)).toMatchObject({ used: 5, held: 0 });
		const { receipt } = await getCall({ ctx: house.as(manager), input: { callId } });
		expect(receipt).toMatchObject([{ minutes: 2 }]);
	});
});

interface Placed {
	callId: string;
	sid: string;
}

async function placedCall(minutes: number) {
	const tenant = await house.createTenant({ minutes });
	return { ...tenant, ...(await house.placeBound(tenant.id)) };
}

async function finish(callId: string, sid: string): Promise<void> {
	for (const form of storyOf(sid, house.clock.read(), 100)) {
		const { status } = await post(house.services, form, { callId });
		expect(status).toBeLessThan(300);
	}
}

function tell(organizationId: number, manager: Parameters<House['as']>[0], callId: string) {
	return consumeMinutes({
		ctx: house.as(manager),
		input: {
			organizationId,
			callId,
			minutesConsumed: 3,
			callStartTime: '2026-11-21T10:00:00Z',
			callEndTime: '2026-11-21T10:03:00Z'
		}
	});
}
