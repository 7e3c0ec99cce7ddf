import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallEvent } from '$lib/domain/call/event';
import { listBlocks } from '$lib/server/calls/list-blocks';
import { listStuckCalls } from '$lib/server/calls/list-stuck-calls';
import { placeCall } from '$lib/server/calls/place-call';
import type { Context, Person } from '$lib/server/context';
import { House, newNumber, newSid, placeCommand, TestClock } from '../support/house';
import { post, statusForm, storyOf } from '../support/house-callbacks';
import { runTalktime } from '../support/house-command-line';
import { RecordingProvider } from '../support/house-provider';

const MINUTE_SECONDS = 60;

let house: House;
let clock: TestClock;

beforeAll(async () => {
	// Today, so that the command line, which reads the real clock, sees the same.
	const startMs = Date.now();
	clock = new TestClock(() => startMs);
	house = await House.open({ clock, providers: { twilio: new RecordingProvider() } });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const stuckFor = (ctx: Context, organizationId?: number) =>
	listStuckCalls({ ctx, input: { organizationId, minutes: 5 } });

/** What the provider answered when it was asked: nothing, or that the call talks on or has ended. */
async function sweep(
	callId: string,
	sid: string | null,
	change: Partial<CallEvent> = {}
): Promise<void> {
	await house.services.lane.submit({
		kind: 'apply_sweep',
		callId,
		asked: { provider: 'twilio', providerCallId: sid },
		finding:
			sid === null
				? { kind: 'no_answer', error: 'timed out' }
				: {
						kind: 'event',
						event: {
							...{ provider: 'twilio', providerCallId: sid, callId, status: 'in_progress' },
							...{ kind: 'status', facts: {} },
							...{ rawStatus: 'in-progress', endReason: null, talkSeconds: null, problems: [] },
							occurredAtMs: clock.read(),
							...change
						}
					}
	});
}

describe('what is stuck', () => {
	it('given a live call, when nobody confirms it for five minutes, then it is listed until the provider answers', async () => {
		const { id, manager } = await house.createTenant({ minutes: 100 });
		const call = await house.placeBound(id, { estimateMinutes: 10 });
		const [, , answered] = storyOf(call.sid, clock.read(), 0);
		await post(house.services, answered ?? {}, call);
		clock.advanceSeconds(4 * MINUTE_SECONDS);
		await sweep(call.callId, null);
		expect(await stuckFor(house.as(manager))).toEqual([]);
		clock.advanceSeconds(2 * MINUTE_SECONDS);
		await sweep(call.callId, null);
		const [stuck] = await stuckFor(house.as(manager));
		expect(stuck).toMatchObject({
			kind: 'silent',
			callId: call.callId,
			to: call.to,
			known: 'Twilio has not confirmed that it is still there.',
			next: 'Twilio is asked about it again.',
			nextAt: new Date(clock.read() + 45_000).toISOString(),
			since: new Date(clock.read() - 6 * MINUTE_SECONDS * 1_000).toISOString()
		});
		await sweep(call.callId, call.sid);
		expect(await stuckFor(house.as(manager))).toEqual([]);
	});

	it('given a create request without an answer, when it is asked, then it is listed at once', async () => {
		const { id, manager } = await house.createTenant({ minutes: 10 });
		const { id: callId } = await house.place(id);
		await house.services.lane.submit({
			kind: 'close_submit',
			callId,
			outcome: 'unknown',
			endReason: 'unknown'
		});
		expect(await stuckFor(house.as(manager))).toMatchObject([
			{ kind: 'unknown_submit', next: expect.stringContaining('neither dialled again nor billed') }
		]);
	});

	it('given a call past the end of its hold, when it is asked, then it is listed as such', async () => {
		const { id, manager } = await house.createTenant({ minutes: 1 });
		const { callId } = await house.placeBound(id);
		clock.advanceSeconds(131);
		expect(await stuckFor(house.as(manager))).toMatchObject([{ kind: 'expired_hold', callId }]);
	});

	it('given a delivery of no known call, when five minutes pass, then the fleet lists it and no organisation does', async () => {
		const admin = await house.createPerson('super_admin');
		const { manager } = await house.createTenant();
		const form = statusForm({
			...{ sid: newSid(), status: 'ringing', sequence: 1 },
			atMs: clock.read()
		});
		await post(house.services, form);
		const unmatched = async (person: Person) =>
			(await stuckFor(house.as(person))).filter(({ kind }) => kind === 'unmatched');
		expect(await unmatched(admin)).toEqual([]);
		clock.advanceSeconds(6 * MINUTE_SECONDS);
		expect(await unmatched(admin)).toMatchObject([
			{ organizationId: null, callId: null, nextAt: null, known: expect.stringContaining('Twilio') }
		]);
		expect(await unmatched(manager)).toEqual([]);
		clock.advanceSeconds(8 * 86_400);
		expect(await unmatched(admin)).toEqual([]);
		clock.advanceSeconds(-8 * 86_400);
	});

	it('given nonsense about a live call, when five minutes pass, then it is listed until the call has ended', async () => {
		const { id, manager } = await house.createTenant({ minutes: 10 });
		const call = await house.placeBound(id);
		const nonsense = storyOf(call.sid, clock.read(), 5).at(-1) ?? {};
		await post(house.services, { ...nonsense, CallDuration: 'many' }, call);
		clock.advanceSeconds(6 * MINUTE_SECONDS);
		const failed = async () =>
			(await stuckFor(house.as(manager))).filter(({ kind }) => kind === 'failed_delivery');
		expect(await failed()).toMatchObject([
			{ callId: call.callId, next: 'Twilio is asked about it again.' }
		]);
		await sweep(call.callId, call.sid, { status: 'completed', talkSeconds: 61 });
		expect(await failed()).toEqual([]);
	});

	it('given two organisations, when a manager asks, then only their own is listed', async () => {
		const [mine, theirs] = [
			await house.createTenant({ minutes: 10 }),
			await house.createTenant({ minutes: 10 })
		];
		await house.placeBound(mine.id);
		await house.placeBound(theirs.id);
		clock.advanceSeconds(20 * MINUTE_SECONDS);
		const rows = await stuckFor(house.as(mine.manager));
		expect(rows.map(({ organizationId }) => organizationId)).toEqual([mine.id]);
		const admin = house.as(await house.createPerson('super_admin'));
		expect((await stuckFor(admin, theirs.id)).map((row) => row.organizationId)).toEqual([
			theirs.id
		]);
	});

	it('given the command line, when it asks, then it answers as JSON and in lines', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { id: callId } = await house.place(id);
		await house.services.lane.submit({
			kind: 'close_submit',
			callId,
			outcome: 'unknown',
			endReason: 'unknown'
		});
		const words = ['calls', 'stuck', '--org', String(id)];
		const json = await runTalktime(house.databaseUrl, ...words, '--json');
		expect(JSON.parse(json.stdout)).toMatchObject([{ kind: 'unknown_submit', callId }]);
		const { stdout } = await runTalktime(house.databaseUrl, ...words);
		expect(stdout).toContain('Twilio did not answer');
	});
});

describe('refused calls', () => {
	it('given refusals of two agents, when they are listed, then each agent sees their own and the manager all', async () => {
		const tenant = await house.createTenant();
		const other = await house.createPerson('agent', tenant);
		const to = newNumber();
		await house.createContact(tenant.id, to);
		await placeCall({ ctx: house.as(tenant.agent), input: { to } });
		await placeCall({ ctx: house.as(other), input: { to: newNumber() } });
		const list = async (ctx: Context) => (await listBlocks({ ctx, input: {} })).rows;
		expect(await list(house.as(tenant.agent))).toMatchObject([
			{
				to,
				contactName: 'Lead',
				code: 'minutes_exhausted',
				message: expect.stringContaining('has 0 minutes left'),
				wayOut: 'Ask your administrator for minutes or funds, or contact sales.',
				numbers: { remainingMinutes: 0, heldMinutes: 0 },
				userName: 'agent'
			}
		]);
		expect(await list(house.as(other))).toHaveLength(1);
		expect(await list(house.as(tenant.manager))).toHaveLength(2);
		const stranger = await house.createTenant();
		expect(await list(house.as(stranger.manager))).toEqual([]);
	});

	it('given more than a page, when it is read on, then every refusal comes once, newest first', async () => {
		const tenant = await house.createTenant();
		const user = { id: tenant.agent.userId, name: tenant.agent.name };
		await Promise.all(
			Array.from({ length: 45 }, () =>
				house.services.lane.submit(placeCommand(tenant.id, { user }))
			)
		);
		const ids: number[] = [];
		let cursor: string | undefined;
		for (let page = 0; page < 4; page++) {
			const answer = await listBlocks({ ctx: house.as(tenant.agent), input: { cursor } });
			ids.push(...answer.rows.map(({ id }) => id));
			if (answer.nextCursor === null) break;
			cursor = answer.nextCursor;
		}
		expect(ids).toHaveLength(45);
		expect(ids).toEqual([...new Set(ids)].sort((first, second) => second - first));
	});
});
