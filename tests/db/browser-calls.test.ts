import { readFileSync } from 'node:fs';
import path from 'node:path';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { identityOf } from '$lib/domain/call/identity';
import { createDeviceToken } from '$lib/server/calls/create-device-token';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { placeCall } from '$lib/server/calls/place-call';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import type { Person } from '$lib/server/context';
import { receiveTwilioDialled } from '$lib/server/webhooks/receive-twilio-dialled';
import { receiveTwilioStatus } from '$lib/server/webhooks/receive-twilio-status';
import { receiveTwilioVoice } from '$lib/server/webhooks/receive-twilio-voice';
import type { CallView } from '$lib/views';
import {
	ACCOUNT_SID,
	AUTH_TOKEN,
	House,
	newNumber,
	newSid,
	ORIGIN,
	type Tenant
} from '../support/house';
import { completedForm, statusForm, type Form } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

class BrowserProvider extends RecordingProvider {
	createDeviceToken(identity: string) {
		return { token: 'a token', identity, lifetimeSeconds: 3_600 };
	}
}

const provider = new BrowserProvider();
let house: House;

beforeAll(async () => {
	house = await House.open({ providers: { twilio: provider } });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const captured: { body_urlencoded: string } = JSON.parse(
	readFileSync(path.resolve('tests/fixtures/twilio/webhook.browser_twiml_app.request.json'), 'utf8')
);

async function place(tenant: Tenant, to = newNumber(), by = tenant.agent): Promise<CallView> {
	const view = await placeCall({ ctx: house.as(by), input: { to, device: 'browser' } });
	if (!view.placed) throw new Error(view.block.message);
	return view.call;
}

type Door = typeof receiveTwilioVoice;

function send(door: Door, pathAndQuery: string, form: Form, token = AUTH_TOKEN) {
	const signature = twilio.getExpectedTwilioSignature(token, ORIGIN + pathAndQuery, form);
	return door(house.services, { pathAndQuery, signature, form });
}

/** The voice request of a browser, in the shape that was captured, with its one custom parameter. */
function voiceForm(person: Person, callId: string, parentSid: string): Form {
	const shape = Object.fromEntries(new URLSearchParams(captured.body_urlencoded));
	const client = `client:${identityOf(person.userId)}`;
	delete shape.phoneNumber;
	return { ...shape, CallSid: parentSid, From: client, Caller: client, call: callId };
}

function connect(person: Person, callId: string, parentSid: string, token?: string) {
	return send(receiveTwilioVoice, '/api/twilio/voice', voiceForm(person, callId, parentSid), token);
}

function tell(callId: string, form: Form) {
	return send(receiveTwilioStatus, `/api/twilio/status?call=${callId}`, form);
}

/** A form of the leg to the lead. */
const ofChild = (form: Form, parentSid: string): Form => ({
	...form,
	Direction: 'outbound-dial',
	ParentCallSid: parentSid
});

/** A form of the browser's leg. */
const ofParent = (form: Form, person: Person): Form => ({
	...form,
	Direction: 'inbound',
	From: `client:${identityOf(person.userId)}`,
	To: ''
});

function sweep(secondsLater = 0) {
	house.clock.advanceSeconds(secondsLater);
	return sweepCalls({ ctx: house.context({ kind: 'job' }), input: { everyLiveCall: true } });
}

describe('a call from the browser', () => {
	it('given minutes, when it is placed, then they are held, and nothing is dialled yet', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		expect(provider.created).toEqual([]);
		expect(await house.callRow(call.id)).toMatchObject({
			device: 'browser',
			submit_state: 'submitting',
			provider_call_id: null,
			parent_call_id: null
		});
		expect(await house.credit(tenant.id)).toMatchObject({ held: 3, live: 1 });
	});

	it('given a placed call, when its browser connects, then it is put through, and a retry is told the same', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		const parentSid = newSid();
		const answer = await connect(tenant.agent, call.id, parentSid);
		expect(answer).toMatchObject({ status: 200, contentType: 'text/xml' });
		expect(answer.body).toContain('timeLimit="240"');
		expect(answer.body).toContain(`/api/twilio/status?call=${call.id}#rc=3`);
		expect(answer.body).toContain(`>${call.to}</Number>`);
		expect(answer.body).not.toContain('record=');
		house.clock.advanceSeconds(90);
		expect(await connect(tenant.agent, call.id, parentSid)).toEqual(answer);
		expect(await house.callRow(call.id)).toMatchObject({ parent_call_id: parentSid });
		const calls = await house.sql`select id from calls where organization_id = ${tenant.id}`;
		expect(calls).toHaveLength(1);
	});

	it('given an organisation that records and detects machines, when it connects, then both are asked for', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		await house.sql`update organizations set records_calls = true, detects_machines = true
			where id = ${tenant.id}`;
		const { body } = await connect(tenant.agent, (await place(tenant)).id, newSid());
		expect(body).toContain('record="record-from-answer-dual"');
		expect(body).toContain('machineDetection="Enable"');
	});

	it('given a parent of 35 s and a child of 22 s, when both end, then 22 s are billed, once', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		const [parentSid, childSid] = [newSid(), newSid()];
		await connect(tenant.agent, call.id, parentSid);
		const at = (seconds: number) => house.clock.read() + seconds * 1000;
		const child = (form: Form) => tell(call.id, ofChild(form, parentSid));
		await child(statusForm({ sid: childSid, status: 'initiated', sequence: 0, atMs: at(1) }));
		await child(statusForm({ sid: childSid, status: 'in-progress', sequence: 2, atMs: at(13) }));
		const parentEnded = ofParent(completedForm(parentSid, at(35), '35'), tenant.agent);
		for (let times = 0; times < 3; times++) {
			// Told at the TwiML App's own address, which names no call of ours.
			await send(receiveTwilioStatus, '/api/twilio/status', parentEnded);
			const dialled = await send(
				receiveTwilioDialled,
				`/api/twilio/dialled?call=${call.id}`,
				ofParent(
					{
						CallSid: parentSid,
						CallStatus: 'in-progress',
						DialCallStatus: 'completed',
						DialCallSid: childSid,
						DialCallDuration: '35'
					},
					tenant.agent
				)
			);
			expect(dialled).toMatchObject({ status: 200, contentType: 'text/xml' });
			expect(dialled.body).toMatch(/<Response\/>$/);
			expect(await house.callRow(call.id)).toMatchObject({ status: 'in_progress' });
		}
		await child(completedForm(childSid, at(35), '22'));
		await child(completedForm(childSid, at(35), '22'));
		expect(await house.callRow(call.id)).toMatchObject({
			status: 'completed',
			duration: 22,
			billed_minutes: 1,
			provider_call_id: childSid,
			parent_call_id: parentSid
		});
		expect(await house.credit(tenant.id)).toMatchObject({ used: 1, held: 0, live: 0 });
		const unmatched = await house.sql`select 1 from deliveries where state = 'unmatched'`;
		expect(unmatched).toHaveLength(0);
	});
});

describe('a browser that names a call it may not have', () => {
	async function expectRefused(answer: Promise<{ status: number; body: string }>, says: RegExp) {
		const { status, body } = await answer;
		expect(status).toBe(200);
		expect(body).toMatch(/<Response><Say>[^<]+<\/Say><Hangup\/><\/Response>$/);
		expect(body).toMatch(says);
		expect(body).not.toContain('<Dial');
	}

	it("given another tenant's call, a colleague's, none, or nonsense, when it connects, then a sentence is said and nothing changes", async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const other = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		const before = await house.fingerprint();
		for (const [person, callId] of [
			[other.agent, call.id],
			[other.manager, call.id],
			[tenant.manager, call.id],
			[tenant.agent, '01900000-0000-7000-8000-000000000000'],
			[tenant.agent, ''],
			[tenant.agent, "' or 1=1 --"],
			[{ ...tenant.agent, userId: '01900000-0000-7000-8000-00000000dead' }, call.id]
		] as const) {
			await expectRefused(connect(person, callId, newSid()), /place it again/);
		}
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given the captured request of somebody anonymous, when it comes, then nothing is placed', async () => {
		const form = Object.fromEntries(new URLSearchParams(captured.body_urlencoded));
		const before = await house.fingerprint();
		await expectRefused(send(receiveTwilioVoice, '/api/twilio/voice', form), /place it again/);
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given a wrong or no signature, when it comes, then it is answered 403 and nothing changes', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		const before = await house.fingerprint();
		const form = voiceForm(tenant.agent, call.id, newSid());
		expect((await send(receiveTwilioVoice, '/api/twilio/voice', form, 'wrong')).status).toBe(403);
		const right = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${ORIGIN}/api/twilio/voice`, form);
		for (const [signature, sent] of [
			[null, form],
			[right, { ...form, call: '01900000-0000-7000-8000-000000000000' }],
			[right, { ...form, From: 'client:user_0' }]
		] as const) {
			const request = { pathAndQuery: '/api/twilio/voice', signature, form: sent };
			expect((await receiveTwilioVoice(house.services, request)).status).toBe(403);
		}
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given a call that is connected, too old, ended, or of a closed account, when a browser connects, then it is refused', async () => {
		const tenant = await house.createTenant({ minutes: 30 });
		const connected = await place(tenant);
		await connect(tenant.agent, connected.id, newSid());
		await expectRefused(connect(tenant.agent, connected.id, newSid()), /place it again/);

		const ended = await place(tenant);
		await hangUpCall({ ctx: house.as(tenant.agent), input: { callId: ended.id } });
		await expectRefused(connect(tenant.agent, ended.id, newSid()), /already ended/);

		const old = await place(tenant);
		house.clock.advanceSeconds(61);
		await expectRefused(connect(tenant.agent, old.id, newSid()), /place it again/);

		const closed = await place(tenant);
		await house.sql`update users set disabled_at = now() where id = ${tenant.agent.userId}`;
		await expectRefused(connect(tenant.agent, closed.id, newSid()), /place it again/);
	});

	it('given somebody who rings our number, when Twilio asks, then a polite sentence is said', async () => {
		const form = {
			CallSid: newSid(),
			AccountSid: ACCOUNT_SID,
			From: '+14155550123',
			To: '+12025550101'
		};
		await expectRefused(
			send(receiveTwilioVoice, '/api/twilio/voice', form),
			/Thank you for calling/
		);
	});
});

describe('a browser call nobody hears of', () => {
	it('given a browser that never connects, when the deadline is over, then the hold goes back', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		provider.truths.set(call.id, { kind: 'no_answer', error: 'not yet' });
		await sweep(30);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 3, live: 1 });
		provider.truths.set(call.id, { kind: 'never_existed' });
		await sweep(90);
		expect(await house.callRow(call.id)).toMatchObject({
			status: 'failed',
			end_reason: 'never_connected'
		});
		expect(await house.credit(tenant.id)).toMatchObject({ held: 0, used: 0, live: 0 });
	});

	it('given a caller who left before the lead was dialled, when it is asked about, then it is cancelled with 0 seconds', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		const parentSid = newSid();
		await connect(tenant.agent, call.id, parentSid);
		await send(
			receiveTwilioStatus,
			'/api/twilio/status',
			ofParent(completedForm(parentSid, house.clock.read() + 4_000, '4'), tenant.agent)
		);
		expect(await house.callRow(call.id)).toMatchObject({ status: 'initiated' });
		const [hold] = await house.sql`
			select check_at from credit_holds where call_id = ${call.id} and state = 'open'`;
		expect(new Date(hold?.check_at).getTime()).toBe(house.clock.read() + 5_000);
		provider.truths.set(call.id, { kind: 'never_dialled' });
		await sweep(6);
		expect(await house.callRow(call.id)).toMatchObject({ status: 'cancelled', duration: 0 });
		expect(await house.credit(tenant.id)).toMatchObject({ held: 0, used: 0, live: 0 });
	});
});

describe('hanging up a call from the browser', () => {
	it('given each moment of it, when it is hung up, then the right leg is ended', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const call = await place(tenant);
		const ctx = house.as(tenant.agent);
		const [parentSid, childSid] = [newSid(), newSid()];
		await connect(tenant.agent, call.id, parentSid);
		await hangUpCall({ ctx, input: { callId: call.id } });
		const ringing = statusForm({
			sid: childSid,
			status: 'ringing',
			sequence: 1,
			atMs: house.clock.read()
		});
		await tell(call.id, ofChild(ringing, parentSid));
		await hangUpCall({ ctx, input: { callId: call.id } });
		expect(provider.hungUp).toEqual([parentSid, childSid]);
	});
});

describe('the token of a browser', () => {
	it('given an agent, when they ask for one, then it names them; without a browser set up, it is refused', async () => {
		const { agent } = await house.createTenant();
		expect(await createDeviceToken({ ctx: house.as(agent) })).toMatchObject({
			identity: identityOf(agent.userId),
			lifetimeSeconds: 3_600
		});
		const { services, ...who } = house.as(agent);
		const ctx = {
			...who,
			services: { ...services, providers: { twilio: new RecordingProvider() } }
		};
		await expect(createDeviceToken({ ctx })).rejects.toThrow(/not set up/);
		await expect(placeCall({ ctx, input: { to: newNumber(), device: 'browser' } })).rejects.toThrow(
			'device browser is not set up for twilio.'
		);
	});
});
