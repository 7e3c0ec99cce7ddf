/** What only Bolna does: an agent of its own talks, for as long as the agent may. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallView } from '$lib/views';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { placeCall } from '$lib/server/calls/place-call';
import { newNumber, type Tenant } from '../support/house';
import { SandboxHouse, STANDING, UNHURRIED } from '../support/house-sandbox';

/** What a call of the agent may last, as configured on both sides. */
const AGENT_MINUTES = 3;
let room: SandboxHouse;
let tenant: Tenant;

beforeAll(async () => {
	room = await SandboxHouse.open({ timeoutSeconds: 5 });
});
beforeEach(async () => {
	tenant = await room.house.createTenant({ minutes: 10 });
});
afterEach(async () => {
	room.reset();
	await room.house.expectBooksToBalance();
});
afterAll(() => room.close());

function dial(suffix: string, estimatedDurationMinutes?: number): Promise<CallView> {
	const estimate = estimatedDurationMinutes === undefined ? {} : { estimatedDurationMinutes };
	return room.dial(tenant, suffix, undefined, { provider: 'bolna', ...estimate });
}

function creditOf(one: Tenant) {
	return room.house.credit(one.id);
}

describe('the limit of the agent', () => {
	it.each([undefined, 1, 9])(
		'given %j minutes are asked for, when it is dialled, then all that the agent may talk is held',
		async (estimate) => {
			room.sandbox.control.context.clock.setSpeed(STANDING);
			const call = await dial('61', estimate);
			expect(await room.house.callRow(call.id)).toMatchObject({ time_limit_seconds: 180 });
			expect(await creditOf(tenant)).toMatchObject({ held: AGENT_MINUTES, live: 1 });
		}
	);

	it('given the lead talks for twenty minutes, when the agent ends it, then no more than was held is charged', async () => {
		const call = await dial('85');
		expect(await room.untilEnded(call.id)).toMatchObject({ duration: 180, billed_minutes: 3 });
		expect(await creditOf(tenant)).toMatchObject({ used: 3, held: 0, debt: 0 });
	});

	it('given less than that is left, when it is dialled, then it is blocked and says how much there is', async () => {
		tenant = await room.house.createTenant({ minutes: 2 });
		const input = { to: newNumber('61'), provider: 'bolna' as const };
		const view = await placeCall({ ctx: room.house.as(tenant.agent), input });
		expect(view).toMatchObject({ placed: false, block: { code: 'minutes_exhausted' } });
		expect(await creditOf(tenant)).toMatchObject({ held: 0, live: 0 });
	});
});

describe('hanging up', () => {
	it('given a call that is still queued, when it is hung up, then it is taken back and nothing is charged', async () => {
		room.sandbox.control.context.clock.setSpeed(STANDING);
		const call = await dial('61');
		await hangUpCall({ ctx: room.house.as(tenant.agent), input: { callId: call.id } });
		expect(await room.untilEnded(call.id)).toMatchObject({
			status: 'cancelled',
			end_reason: 'cancelled',
			billed_minutes: 0
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});

	it('given a call that talks, when it is hung up, then one sentence says why it goes on', async () => {
		room.sandbox.control.context.clock.setSpeed(UNHURRIED);
		const call = await dial('85');
		const row = await room.until(call.id, ({ status }) => status === 'in_progress');
		const ctx = room.house.as(tenant.agent);
		await expect(hangUpCall({ ctx, input: { callId: call.id } })).rejects.toMatchObject({
			code: 'conflict',
			message: 'Bolna cannot end a call that has begun: its agent hangs up by itself.'
		});
		room.finish(String(row.provider_call_id), 100);
		expect(await room.untilEnded(call.id)).toMatchObject({ duration: 100, billed_minutes: 2 });
	});
});

describe('its own ends', () => {
	it.each([
		['71', 'completed', null, 0],
		['72', 'failed', 'provider_error: balance-low', 0],
		['73', 'failed', 'provider_error: The telephony provider refused the call.', 0],
		['74', 'completed', null, 1]
	])(
		'given a number ending in %s, when it is over, then it is %s (%s) and %i minutes are charged',
		async (suffix, status, endReason, minutes) => {
			const call = await dial(suffix);
			expect(await room.untilEnded(call.id)).toMatchObject({
				status,
				end_reason: endReason,
				billed_minutes: minutes
			});
			expect(await creditOf(tenant)).toMatchObject({ used: minutes, held: 0, live: 0 });
		}
	);

	it('given the talk is over and the end is still to come, when that is told, then the call is not ended by it', async () => {
		const call = await dial('94');
		const { provider_call_id: id } = await room.until(
			call.id,
			({ status }) => status === 'in_progress'
		);
		const disconnected = async () => {
			const rows = await room.house.sql`
				select 1 from deliveries where call_id = ${call.id} and event->>'rawStatus' = 'call-disconnected'`;
			return rows.length;
		};
		await expect.poll(disconnected, { timeout: 30_000 }).toBe(1);
		expect(await room.house.callRow(call.id)).toMatchObject({
			status: 'in_progress',
			billed_minutes: null
		});
		room.finish(String(id), 30);
		await room.sweep();
		expect(await room.house.callRow(call.id)).toMatchObject({ duration: 30, billed_minutes: 1 });
	});
});

it('given Bolna does not give our id back, when the call is over, then it is known by its own', async () => {
	room.sandbox.control.context.faults.add({ provider: 'bolna', dropUserData: true });
	const call = await dial('61');
	expect(await room.untilEnded(call.id)).toMatchObject({ duration: 61, billed_minutes: 2 });
});

it('given Bolna does not give our id back, when an ambiguous create is looked for, then number and moment find it', async () => {
	const { faults, clock } = room.sandbox.control.context;
	faults.add({ provider: 'bolna', dropUserData: true });
	faults.add({ provider: 'bolna', ambiguousCreate: true, dropAll: true, next: 1 });
	clock.setSpeed(STANDING);
	const call = await dial('61');
	await room.sweep();
	const { provider_call_id: id } = await room.house.callRow(call.id);
	room.finish(String(id), 61);
	await room.sweep();
	expect(await room.house.callRow(call.id)).toMatchObject({ duration: 61, billed_minutes: 2 });
});

it('given a talk, when it is over, then transcript, summary, recording and cost are told as facts', async () => {
	const call = await dial('70');
	const { provider_call_id: id } = await room.untilEnded(call.id);
	const finding = await room.findCall('bolna', String(id));
	if (finding.kind !== 'event') throw new Error('Bolna does not know it.');
	const { facts } = finding.event;
	expect(facts).toMatchObject({
		answeredBy: 'machine',
		transcript: expect.stringContaining('assistant: Hello'),
		summary: expect.stringContaining('answered'),
		cost: { currency: 'USD' },
		recording: { state: 'completed' }
	});
	const { recordingSource } = room.house.services.providers.bolna ?? {};
	expect(recordingSource?.hosts).toContain(new URL(facts.recording?.url ?? '').host);
});

it.each([
	[401, /refused Talktime's key/],
	[404, /does not know Talktime's agent/],
	[429, /too many requests right now/]
])(
	'given Bolna answers %i, when a call is dialled, then nothing was placed and the agent is told why',
	async (createStatus, words) => {
		room.sandbox.control.context.faults.add({ provider: 'bolna', createStatus, next: 1 });
		await expect(dial('61')).rejects.toMatchObject({
			code: 'provider_failed',
			message: expect.stringMatching(words)
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	}
);
