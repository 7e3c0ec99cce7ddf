/** What only Exotel does: two phones, a limit that cannot be changed, no hang-up. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallView } from '$lib/views';
import { setPhone } from '$lib/server/auth/set-phone';
import { findPersonByToken } from '$lib/server/auth/find-person';
import { createToken } from '$lib/server/auth/create-token';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { meterCalls } from '$lib/server/calls/meter-calls';
import { placeCall } from '$lib/server/calls/place-call';
import { newNumber, type Tenant } from '../support/house';
import { SandboxHouse, STANDING, UNHURRIED } from '../support/house-sandbox';

const AGENT_PHONE = '+919812345677';
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

function dial(suffix: string, agentPhone = AGENT_PHONE, estimate?: number): Promise<CallView> {
	return room.dial(tenant, suffix, undefined, {
		provider: 'exotel',
		agentPhone,
		...(estimate !== undefined && { estimatedDurationMinutes: estimate })
	});
}

function creditOf(one: Tenant) {
	return room.house.credit(one.id);
}

describe('the phone that is rung first', () => {
	const place = (person = tenant.agent) =>
		placeCall({
			ctx: room.house.as(person),
			input: { to: newNumber('61'), provider: 'exotel' }
		});

	it('given a person without a phone, when they call, then it is refused with the way out and nothing is held', async () => {
		await expect(place()).rejects.toMatchObject({
			code: 'invalid',
			message: expect.stringMatching(/^exotel rings your own phone first, .+ agent_phone/),
			fields: { agent_phone: expect.any(String) }
		});
		expect(await creditOf(tenant)).toMatchObject({ held: 0, live: 0 });
	});

	it('given their phone was entered, when they call, then it is rung first', async () => {
		const { email } = tenant.agent;
		const ctx = room.house.commandLine();
		await setPhone({ ctx, input: { email, phone: '+91 98123 45677' } });
		const { token } = await createToken({ ctx, input: { email, name: 'for a test' } });
		const found = await findPersonByToken(room.house.services, token);
		if (!found) throw new Error('the token names nobody');
		const { person } = found;
		expect(person.phone).toBe(AGENT_PHONE);
		const view = await place(person);
		if (!view.placed) throw new Error(view.block.message);
		const { provider_call_id: id } = await room.untilEnded(view.call.id);
		const [first] = await room.callbacksOf(String(id), 3);
		expect(first?.form).toMatchObject({ From: AGENT_PHONE });
	});

	it('given a phone that is none, when it is entered, then one sentence says so', async () => {
		const input = { email: tenant.agent.email, phone: 'soon' };
		await expect(setPhone({ ctx: room.house.commandLine(), input })).rejects.toMatchObject({
			code: 'invalid',
			message: 'phone must be a phone number, for example +12025550123.'
		});
	});

	it("given the agent's own phone does not answer, when it rings out, then nobody is charged", async () => {
		const call = await dial('61', '+919812345611');
		expect(await room.untilEnded(call.id)).toMatchObject({
			status: 'failed',
			end_reason: 'no_answer'
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	});
});

describe('the live events', () => {
	it('given both phones are answered one after the other, then the call first rings, then talks', async () => {
		const call = await dial('61');
		const { provider_call_id: id } = await room.untilEnded(call.id);
		const received = await room.callbacksOf(String(id), 3);
		expect(received.map(({ form }) => form.EventType)).toEqual([
			'answered',
			'answered',
			'terminal'
		]);
		const steps = await room.house.sql`
			select status, raw_status from call_status_events where call_id = ${call.id} order by id`;
		expect(steps.map(({ status }) => status)).toEqual([
			'initiated',
			'ringing',
			'in_progress',
			'completed'
		]);
	});
});

describe('a call that nobody can end', () => {
	it.each([
		[undefined, 180, 3],
		[2, 120, 2],
		[10, 600, 10]
	])(
		'given %j minutes are asked for, when the lead talks for twenty, then Exotel ends it after %i s and %i minutes are charged',
		async (estimate, seconds, minutes) => {
			const call = await dial('85', AGENT_PHONE, estimate);
			expect(await room.untilEnded(call.id)).toMatchObject({
				time_limit_seconds: seconds,
				duration: seconds,
				billed_minutes: minutes
			});
			expect(await creditOf(tenant)).toMatchObject({ used: minutes, held: 0, debt: 0 });
		}
	);

	it('given less than the estimate is left, when it is dialled, then its limit is what is left', async () => {
		tenant = await room.house.createTenant({ minutes: 1 });
		const call = await dial('85');
		expect(await room.untilEnded(call.id)).toMatchObject({ time_limit_seconds: 60, duration: 60 });
		expect(await creditOf(tenant)).toMatchObject({ used: 1, held: 0, debt: 0 });
	});

	it('given it talks near the end of what is held, when the meter looks, then it takes no more and asks Exotel nothing', async () => {
		room.sandbox.control.context.clock.setSpeed(UNHURRIED);
		const call = await dial('85');
		const row = await room.until(call.id, ({ status }) => status === 'in_progress');
		const ctx = room.house.context({ kind: 'job' });
		for (const seconds of [165, 179, 181]) {
			const later = { ...ctx, nowMs: ctx.nowMs + seconds * 1000 };
			expect(await meterCalls({ ctx: later })).toMatchObject({ cut: 0 });
		}
		expect(await creditOf(tenant)).toMatchObject({ held: 3, live: 1 });
		room.finish(String(row.provider_call_id), 100);
		expect(await room.untilEnded(call.id)).toMatchObject({ duration: 100, billed_minutes: 2 });
	});

	it('given a live call, when the agent hangs up here, then one sentence says what to do instead', async () => {
		room.sandbox.control.context.clock.setSpeed(STANDING);
		const call = await dial('61');
		const ctx = room.house.as(tenant.agent);
		await expect(hangUpCall({ ctx, input: { callId: call.id } })).rejects.toMatchObject({
			code: 'conflict',
			message: 'Exotel cannot end a call that has begun: hang up the phone it rang.'
		});
		expect(await room.house.callRow(call.id)).toMatchObject({ ended_at: null });
	});
});

it.each([
	[401, /credentials; tell your administrator/],
	[402, /out of credit/],
	[403, /does not let this account/],
	[429, /too many requests right now/]
])(
	'given Exotel answers %i, when a call is dialled, then nothing was placed and the agent is told why',
	async (createStatus, words) => {
		room.sandbox.control.context.faults.add({ provider: 'exotel', createStatus, next: 1 });
		await expect(dial('61')).rejects.toMatchObject({
			code: 'provider_failed',
			message: expect.stringMatching(words)
		});
		expect(await creditOf(tenant)).toMatchObject({ used: 0, held: 0, live: 0 });
	}
);

it('given a machine answers and the talk is recorded, when it is asked about, then both are told as facts', async () => {
	const adapter = room.house.services.providers.exotel;
	const outcome = await adapter?.createCall({
		callId: '',
		from: adapter.fromNumber,
		to: newNumber('70'),
		agentPhone: AGENT_PHONE,
		timeLimitSeconds: 60,
		isRecorded: true,
		detectsMachine: true
	});
	if (outcome?.kind !== 'accepted') throw new Error('not accepted');
	const [, , last] = await room.callbacksOf(outcome.providerCallId, 3);
	expect(last?.form.Legs).toMatchObject([{}, { AnsweredBy: 'Machine' }]);
	const finding = await room.findCall('exotel', outcome.providerCallId);
	const recording = finding.kind === 'event' ? finding.event.facts.recording : undefined;
	expect(recording).toMatchObject({ state: 'completed', key: expect.not.stringContaining('?') });
	expect(adapter?.recordingSource.hosts).toContain(new URL(recording?.url ?? '').host);
});
