import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '$lib/domain/call/identity';
import { getCall } from '$lib/server/calls/get-call';
import { placeCall } from '$lib/server/calls/place-call';
import { setCallSettings } from '$lib/server/organizations/set-call-settings';
import { deleteRecording } from '$lib/server/recordings/delete-recording';
import { eraseRecordings } from '$lib/server/recordings/erase-recordings';
import { fetchRecordings } from '$lib/server/recordings/fetch-recordings';
import { openRecording } from '$lib/server/recordings/open-recording';
import { receiveTwilioMachine } from '$lib/server/webhooks/receive-twilio-machine';
import { receiveTwilioRecording } from '$lib/server/webhooks/receive-twilio-recording';
import { receiveTwilioVoice } from '$lib/server/webhooks/receive-twilio-voice';
import {
	ACCOUNT_SID,
	AUTH_TOKEN,
	House,
	newNumber,
	newSid,
	ORIGIN,
	type Tenant
} from '../support/house';
import { completedForm, post, type Form } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

const AUDIO = 'as good as a talk';
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'talktime-recordings-'));
/** Recordings that can be fetched: the rest are answered 404, as files that are not ready. */
const ready = new Set<string>();

class RecordingTwilio extends RecordingProvider {
	createDeviceToken(identity: string) {
		return { token: 'a token', identity, lifetimeSeconds: 3_600 };
	}
}

const provider = new RecordingTwilio();
let files: http.Server;
let filesUrl: string;
let house: House;

beforeAll(async () => {
	files = http.createServer((request, response) => {
		if (!ready.has(request.url ?? '')) response.writeHead(404).end();
		else response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(AUDIO);
	});
	await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
	const address = files.address();
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	filesUrl = `http://127.0.0.1:${address.port}`;
	provider.recordingSource.hosts.push(`127.0.0.1:${address.port}`);
	house = await House.open({
		providers: { twilio: provider },
		environment: { TALKTIME_DATA_DIR: dataDir }
	});
});
afterEach(() => house.expectBooksToBalance());
afterAll(async () => {
	await house.close();
	files.closeAllConnections();
	files.close();
	rmSync(dataDir, { recursive: true });
});

function recordingForm(callSid: string, changes: Form = {}): Form {
	const sid = `RE${newSid().slice(2)}`;
	return {
		AccountSid: ACCOUNT_SID,
		CallSid: callSid,
		RecordingSid: sid,
		RecordingUrl: `${filesUrl}/Recordings/${sid}`,
		RecordingStatus: 'completed',
		RecordingDuration: '61',
		RecordingChannels: '2',
		RecordingSource: 'OutboundAPI',
		...changes
	};
}

type Door = typeof receiveTwilioRecording;

function send(door: Door, pathAndQuery: string, form: Form, token = AUTH_TOKEN) {
	const signature = twilio.getExpectedTwilioSignature(token, ORIGIN + pathAndQuery, form);
	return door(house.services, { pathAndQuery, signature, form });
}

function tellRecording(callId: string, form: Form) {
	return send(receiveTwilioRecording, `/api/twilio/recording?call=${callId}`, form);
}

const job = () => ({ ctx: house.context({ kind: 'job' }) });

async function rowsOf(callId: string) {
	return house.sql`select * from recordings where call_id = ${callId} order by created_at`;
}

/** An ended call of 61 seconds with one recording that is ready. */
async function recordedCall(tenant: Tenant) {
	const { callId, sid } = await house.placeBound(tenant.id);
	await post(house.services, completedForm(sid, house.clock.read(), '61'), { callId });
	const form = recordingForm(sid);
	ready.add(`${new URL(form.RecordingUrl ?? '').pathname}.mp3`);
	await tellRecording(callId, form);
	return { callId, sid, form };
}

async function storedRecording(tenant: Tenant) {
	const call = await recordedCall(tenant);
	await fetchRecordings(job());
	const [row] = await rowsOf(call.callId);
	if (!row) throw new Error('There is no recording.');
	return { ...call, recordingId: row.id as string, storageKey: row.storage_key as string };
}

const fileOf = (storageKey: string) => path.join(dataDir, 'recordings', storageKey);

describe('a recording callback', () => {
	it('given a recorded call, when it is told thrice, then there is one row, and status and money stay', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId, form } = await recordedCall(tenant);
		const before = await house.credit(tenant.id);
		for (let times = 0; times < 2; times++) await tellRecording(callId, form);
		expect(await rowsOf(callId)).toMatchObject([
			{ key: form.RecordingSid, state: 'pending', seconds: 61, channels: 2 }
		]);
		expect(await house.callRow(callId)).toMatchObject({ status: 'completed', duration: 61 });
		expect(await house.credit(tenant.id)).toEqual(before);
	});

	it('given a browser call, when its recording names the parent leg, then it belongs to the call, and nothing is bound', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const view = await placeCall({
			ctx: house.as(tenant.agent),
			input: { to: newNumber(), device: 'browser' }
		});
		if (!view.placed) throw new Error('not placed');
		const parentSid = newSid();
		const from = `client:${identityOf(tenant.agent.userId)}`;
		const voice = { CallSid: parentSid, From: from, To: '', call: view.call.id };
		await send(receiveTwilioVoice, '/api/twilio/voice', voice);
		await tellRecording(view.call.id, recordingForm(parentSid));
		expect(await rowsOf(view.call.id)).toHaveLength(1);
		expect(await house.callRow(view.call.id)).toMatchObject({
			status: 'initiated',
			provider_call_id: null
		});
	});

	it('given a wrong signature, when it comes, then it is answered 403; given nonsense, then it is kept as failed', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(tenant.id);
		const door = `/api/twilio/recording?call=${callId}`;
		const form = recordingForm(sid);
		expect((await send(receiveTwilioRecording, door, form, 'wrong')).status).toBe(403);
		expect(await rowsOf(callId)).toHaveLength(0);
		const { RecordingUrl: _none, ...without } = form;
		expect(await tellRecording(callId, without)).toEqual({ status: 200, body: 'failed' });
		const absent = recordingForm(sid, { RecordingStatus: 'absent', RecordingUrl: '' });
		expect(await tellRecording(callId, absent)).toEqual({ status: 200, body: 'applied' });
		expect(await rowsOf(callId)).toMatchObject([{ state: 'absent' }]);
	});
});

describe('an answering machine', () => {
	it('given a call, when a machine answered, then the call says so and its status stays', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(tenant.id);
		const form = {
			AccountSid: ACCOUNT_SID,
			CallSid: sid,
			AnsweredBy: 'machine_start',
			MachineDetectionDuration: '3100'
		};
		const door = `/api/twilio/amd?call=${callId}`;
		expect((await send(receiveTwilioMachine, door, form, 'wrong')).status).toBe(403);
		expect(await send(receiveTwilioMachine, door, form)).toEqual({ status: 200, body: 'applied' });
		const { call } = await getCall({ ctx: house.as(tenant.agent), input: { callId } });
		expect(call).toMatchObject({ answeredBy: 'machine', status: 'initiated' });
	});
});

describe('fetching recordings', () => {
	// Those that the tests above left waiting are none of these tests' business.
	beforeEach(async () => {
		await house.sql`update recordings set state = 'failed' where state = 'pending'`;
	});

	it('given a file that is ready, when the job runs, then it is stored once, and kept as long as the organisation says', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId } = await recordedCall(tenant);
		const reports = await Promise.all([fetchRecordings(job()), fetchRecordings(job())]);
		expect(reports.map(({ stored }) => stored).sort()).toEqual([0, 1]);
		const [row] = await rowsOf(callId);
		expect(row).toMatchObject({ state: 'stored', content_type: 'audio/mpeg', attempts: 1 });
		expect(Number(row?.bytes)).toBe(AUDIO.length);
		const keptMs = Date.parse(row?.delete_after) - Date.parse(row?.stored_at);
		expect(keptMs).toBe(90 * 86_400_000);
		expect(existsSync(fileOf(row?.storage_key))).toBe(true);
		expect(readdirSync(path.join(dataDir, 'recordings', 'incoming'))).toEqual([]);
	});

	it('given a file that is not ready, when the job runs, then it is tried again later, and given up in the end', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(tenant.id);
		const form = recordingForm(sid);
		await tellRecording(callId, form);
		expect(await fetchRecordings(job())).toEqual({ tried: 1, stored: 0 });
		expect(await rowsOf(callId)).toMatchObject([
			{ state: 'pending', attempts: 1, note: expect.stringMatching(/answered 404/) }
		]);
		expect(await fetchRecordings(job())).toEqual({ tried: 0, stored: 0 });
		house.clock.advanceSeconds(10);
		ready.add(`${new URL(form.RecordingUrl ?? '').pathname}.mp3`);
		expect(await fetchRecordings(job())).toEqual({ tried: 1, stored: 1 });

		const lost = recordingForm(sid);
		await tellRecording(callId, lost);
		for (let tries = 0; tries < 20; tries++) {
			await fetchRecordings(job());
			house.clock.advanceSeconds(3_600);
		}
		const [, row] = await rowsOf(callId);
		expect(row).toMatchObject({ state: 'failed', attempts: 20, next_attempt_at: null });
	});

	it('given an address elsewhere, when the job runs, then nobody is asked and it failed with the reason', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(tenant.id);
		await tellRecording(
			callId,
			recordingForm(sid, { RecordingUrl: 'http://169.254.169.254/latest/meta-data' })
		);
		await fetchRecordings(job());
		expect(await rowsOf(callId)).toMatchObject([
			{ state: 'failed', note: 'Recordings are not fetched from 169.254.169.254.' }
		]);
	});
});

describe('hearing a recording', () => {
	it('given a stored one, when people of the organisation and a super admin ask, then they hear it; others find nothing', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const other = await house.createTenant();
		const admin = await house.createPerson('super_admin');
		const { recordingId, callId } = await storedRecording(tenant);
		const input = { recordingId };
		for (const person of [tenant.agent, tenant.manager, admin]) {
			const opened = await openRecording({ ctx: house.as(person), input });
			expect(opened).toMatchObject({ bytes: AUDIO.length, contentType: 'audio/mpeg' });
			expect(await new Response(await opened.read({ start: 3, end: 6 })).text()).toBe('good');
		}
		const { recordings } = await getCall({ ctx: house.as(tenant.agent), input: { callId } });
		expect(recordings).toMatchObject([{ id: recordingId, state: 'stored', seconds: 61 }]);
		for (const person of [other.agent, other.manager]) {
			await expect(openRecording({ ctx: house.as(person), input })).rejects.toThrow(
				'There is no such recording.'
			);
		}
		const nobody = house.context({ kind: 'anonymous' });
		await expect(openRecording({ ctx: nobody, input })).rejects.toThrow(/Sign in/);
	});
});

describe('deleting recordings', () => {
	it('given a stored one, when its manager deletes it, then row, file and audit say so, once', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { recordingId, storageKey } = await storedRecording(tenant);
		const input = { recordingId };
		for (let times = 0; times < 2; times++) {
			await deleteRecording({ ctx: house.as(tenant.manager), input });
		}
		expect(existsSync(fileOf(storageKey))).toBe(false);
		const [row] = await house.sql`select * from recordings where id = ${recordingId}`;
		expect(row).toMatchObject({ state: 'deleted', storage_key: null });
		const audit = await house.sql`
			select actor_user_id, after from audit_log
			where organization_id = ${tenant.id} and action = 'recording.delete'`;
		expect(audit).toMatchObject([
			{ actor_user_id: tenant.manager.userId, after: { state: 'deleted' } }
		]);
		await expect(openRecording({ ctx: house.as(tenant.agent), input })).rejects.toThrow(
			'The recording was deleted.'
		);
	});

	it("given a stored one, when an agent or another's manager deletes it, then it stays", async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const other = await house.createTenant();
		const { recordingId, storageKey } = await storedRecording(tenant);
		const before = await house.fingerprint();
		for (const person of [tenant.agent, other.manager]) {
			const deletion = deleteRecording({ ctx: house.as(person), input: { recordingId } });
			await expect(deletion).rejects.toThrow(/role does not allow|no such recording/);
		}
		expect(await house.fingerprint()).toEqual(before);
		expect(existsSync(fileOf(storageKey))).toBe(true);
	});

	it('given a retention that is shortened, when its time is over, then row and file are gone, the others stay', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const other = await house.createTenant({ minutes: 10 });
		const mine = await storedRecording(tenant);
		const theirs = await storedRecording(other);
		await setCallSettings({
			ctx: house.as(tenant.manager),
			input: { recordingRetentionDays: 1 }
		});
		house.clock.advanceSeconds(86_399);
		expect(await eraseRecordings(job())).toEqual({ expired: 0, erased: 0 });
		house.clock.advanceSeconds(1);
		expect(await eraseRecordings(job())).toEqual({ expired: 1, erased: 1 });
		expect(existsSync(fileOf(mine.storageKey))).toBe(false);
		expect(existsSync(fileOf(theirs.storageKey))).toBe(true);
	});
});

describe('the call settings of an organisation', () => {
	it('given a manager, when they record calls and detect machines, then calls are created so, and it is audited', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const input = { recordsCalls: true, detectsMachines: true };
		expect(await setCallSettings({ ctx: house.as(tenant.manager), input })).toEqual({
			...input,
			recordingRetentionDays: 90
		});
		await placeCall({ ctx: house.as(tenant.agent), input: { to: newNumber() } });
		expect(provider.created.at(-1)).toMatchObject({ isRecorded: true, detectsMachine: true });
		const audit = await house.sql`select before, after from audit_log
			where organization_id = ${tenant.id} and action = 'organization.call_settings'`;
		expect(audit).toMatchObject([
			{ before: { recordsCalls: false }, after: { recordsCalls: true } }
		]);
	});

	it("given an agent, or another's organisation, when they are set, then it is refused", async () => {
		const tenant = await house.createTenant();
		const other = await house.createTenant();
		const input = { recordsCalls: true };
		await expect(setCallSettings({ ctx: house.as(tenant.agent), input })).rejects.toThrow(/role/);
		const foreign = { ...input, organizationId: other.id };
		await expect(
			setCallSettings({ ctx: house.as(tenant.manager), input: foreign })
		).rejects.toThrow(/not your organisation/);
	});
});
