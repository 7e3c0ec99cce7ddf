/** What providers that sign nothing post, true or forged: who is let in, and what may move money. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import terminal from '../fixtures/exotel/statuscallback.terminal.completed.json';
import fourFields from '../fixtures/exotel/statuscallback.default.json';
import real from '../fixtures/bolna/execution.completed.real.2025-11.json';
import type { JsonObject } from '$lib/domain/json';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import type { Tenant } from '../support/house';
import { postKeyed, statusBody, type KeyedPosting } from '../support/house-keyed';
import { SandboxHouse, STANDING } from '../support/house-sandbox';

const AGENT_PHONE = '+919812345677';
const ALLOWED = '13.203.39.153';
let room: SandboxHouse;
let tenant: Tenant;

beforeAll(async () => {
	room = await SandboxHouse.open({
		timeoutSeconds: 5,
		environment: { EXOTEL_ALLOWED_IPS: `${ALLOWED},127.0.0.1`, BOLNA_ALLOWED_IPS: '127.0.0.0/8' }
	});
});
beforeEach(async () => {
	tenant = await room.house.createTenant({ minutes: 10 });
});
afterEach(async () => {
	room.reset();
	await room.house.expectBooksToBalance();
});
afterAll(() => room.close());

async function newestDelivery() {
	const [row] = await room.house.sql`
		select state, note, call_id, provider_call_id, body from deliveries
		order by created_at desc, id desc limit 1`;
	return row;
}

describe.each(['exotel', 'bolna'] as const)('a webhook of %s', (provider) => {
	const post = (body: JsonObject, posting: KeyedPosting = {}) =>
		postKeyed(room.house.services, provider, body, posting);
	const completed = (id: string, seconds: number) => statusBody(provider, id, 'completed', seconds);

	/** A call that stands still at the provider, which knows it under an id. */
	async function standing(): Promise<{ callId: string; id: string }> {
		room.sandbox.control.context.clock.setSpeed(STANDING);
		const call = await room.dial(tenant, '61', undefined, { provider, agentPhone: AGENT_PHONE });
		const row = await room.house.callRow(call.id);
		return { callId: call.id, id: String(row.provider_call_id) };
	}

	const refused: [string, KeyedPosting][] = [
		['no key', { key: null }],
		['an empty key', { key: '' }],
		['another key', { key: 'another-key' }],
		['the key with one letter changed', { key: `${provider}-webhook-kez` }],
		[
			'the key of the other provider',
			{ key: provider === 'exotel' ? 'bolna-webhook-key' : 'exotel-webhook-key' }
		],
		['a strange address', { address: '6.6.6.6' }],
		['no address', { address: null }]
	];

	it.each(refused)(
		'given %s, when a final one comes, then it is answered 403 and nothing is stored',
		async (_what, posting) => {
			const { callId, id } = await standing();
			const before = await room.house.fingerprint();
			expect((await post(completed(id, 61), { callId, ...posting })).status).toBe(403);
			expect(await room.house.fingerprint()).toEqual(before);
		}
	);

	it('given a provider that is not configured, when one comes, then it is answered 403', async () => {
		const services = { ...room.house.services };
		services.config = { ...services.config, exotel: null, bolna: null };
		const answer = await postKeyed(services, provider, completed('1', 61));
		expect(answer).toEqual({ status: 403, body: expect.stringContaining('not configured') });
	});

	it('given a forged end of a live call, when it comes with the right key, then it moves nothing: the provider says otherwise', async () => {
		const { callId, id } = await standing();
		for (const body of [completed(id, 1), statusBody(provider, id, 'busy')]) {
			expect(await post(body, { callId })).toEqual({ status: 200, body: 'received' });
			expect(await newestDelivery()).toMatchObject({
				state: 'received',
				call_id: callId,
				note: expect.stringMatching(new RegExp(`^${provider} itself says .+, not `))
			});
		}
		expect(await room.house.callRow(callId)).toMatchObject({ ended_at: null, duration: null });
		expect(await room.house.credit(tenant.id)).toMatchObject({ used: 0, live: 1 });
	});

	it('given an end with other seconds than the provider counted, when it comes, then the provider is believed', async () => {
		const { callId, id } = await standing();
		room.sandbox.control.context.faults.add({ dropAll: true });
		room.finish(id, 130);
		expect((await post(completed(id, 1), { callId })).body).toBe('applied');
		expect(await room.house.callRow(callId)).toMatchObject({ duration: 130, billed_minutes: 3 });
	});

	it('given a provider that does not answer, when an end comes, then it is kept, and the sweeper settles when it does', async () => {
		const { callId, id } = await standing();
		room.sandbox.control.context.faults.add({ dropAll: true });
		room.finish(id, 61);
		const outage = { provider, apiStatus: 503 };
		room.sandbox.control.context.faults.add(outage);
		expect(await post(completed(id, 61), { callId })).toEqual({ status: 200, body: 'received' });
		expect(await newestDelivery()).toMatchObject({
			note: `${provider} did not confirm it: ${provider === 'exotel' ? 'Exotel' : 'Bolna'} answered 503.`
		});
		expect(await room.house.credit(tenant.id)).toMatchObject({ used: 0, live: 1 });
		room.sandbox.control.context.faults.clear();
		const ctx = room.house.context({ kind: 'job' });
		await sweepCalls({ ctx, input: { everyLiveCall: false } });
		expect(await room.house.callRow(callId)).toMatchObject({ duration: 61, billed_minutes: 2 });
	});

	it('given a call nobody knows, when its end comes, then it is kept and billed to no one', async () => {
		expect(await post(completed('a-call-of-nobody', 600))).toEqual({
			status: 200,
			body: 'received'
		});
		expect(await newestDelivery()).toMatchObject({
			call_id: null,
			note: `${provider} knows no call a-call-of-nobody.`
		});
		expect(await post(statusBody(provider, 'another', 'ringing'))).toMatchObject({
			body: 'unmatched'
		});
	});

	const strange: [string, (id: string) => JsonObject, KeyedPosting?][] = [
		['an unknown status', (id) => statusBody(provider, id, 'exploded')],
		['the status null', (id) => statusBody(provider, id, 'null')],
		['an empty status', (id) => statusBody(provider, id, '')],
		['a status that is an object', (id) => ({ ...completed(id, 1), Status: {}, status: {} })],
		['no status', (id) => ({ CallSid: id, id })],
		['no id', () => statusBody(provider, '', 'completed', 61)],
		['an id that is a list', () => ({ CallSid: [], id: [], Status: 'ringing', status: 'ringing' })],
		[
			'fields that are new',
			(id) => ({ ...statusBody(provider, id, 'exploded'), New: [{ a: null }] })
		],
		['a NUL character', (id) => ({ ...statusBody(provider, id, 'ring\0ing'), To: '\0' })],
		['half a character', (id) => ({ ...statusBody(provider, id, 'x\ud83d'), To: '\udc00' })],
		['no JSON', () => ({}), { raw: '<html>' }],
		['a list', () => ({}), { raw: '[1]' }],
		['nothing', () => ({}), { raw: '' }],
		['endless nesting', () => ({}), { raw: '{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000) }],
		['a broken form', () => ({}), { raw: '--x', contentType: 'multipart/form-data; boundary=y' }]
	];

	it.each(strange)(
		'given %s, when it comes, then it is answered 200 and kept, and the call goes on',
		async (_what, body, posting) => {
			const { callId, id } = await standing();
			const row = await room.house.callRow(callId);
			const [before] = await room.house.sql`select count(*)::int as count from deliveries`;
			const answer = await post(body(id), posting);
			expect(answer.status).toBe(200);
			expect(['ignored', 'failed', 'unmatched']).toContain(answer.body);
			const [after] = await room.house.sql`select count(*)::int as count from deliveries`;
			expect(after?.count).toBe(before?.count + 1);
			expect((await newestDelivery())?.state).toBe(answer.body);
			expect(await room.house.callRow(callId)).toEqual(row);
		}
	);

	it('given the key inside the body, when it is stored, then it is not', async () => {
		const { id } = await standing();
		await post({ ...statusBody(provider, id, 'exploded'), key: 's3cret', deep: { key: 's3cret' } });
		expect(JSON.stringify(await newestDelivery())).not.toContain('s3cret');
	});

	it('given a database that is away, when one comes, then it is answered 503', async () => {
		const services = await room.house.openServices();
		await services.database.close();
		const answer = await postKeyed(services, provider, completed('1', 61));
		expect(answer.status).toBe(503);
	});
});

describe('the documented bodies over the wire', () => {
	const services = () => room.house.services;

	it.each([
		['the terminal callback', terminal],
		['the four default fields', fourFields]
	])(
		'given %s of Exotel, when it comes as JSON or form, then it is read once',
		async (_what, body) => {
			const CallSid = `sid-${Math.abs(JSON.stringify(body).length)}`;
			const form = new URLSearchParams(
				Object.entries({ ...body, CallSid, Legs: '' }).map(([name, value]) => [name, String(value)])
			);
			const flat =
				terminal === body
					? Object.fromEntries(
							terminal.Legs.map((leg, index) => [`Legs[${index}][Status]`, leg.Status])
						)
					: {};
			for (const [name, value] of Object.entries(flat)) form.set(name, value);
			form.delete('Legs');
			expect((await postKeyed(services(), 'exotel', { ...body, CallSid })).body).toBe('received');
			const contentType = 'application/x-www-form-urlencoded';
			const again = await postKeyed(services(), 'exotel', {}, { raw: String(form), contentType });
			expect(again.body).toBe('duplicate');
		}
	);

	it('given the real execution of Bolna, when it comes twice, then it is kept once, cost and all', async () => {
		expect((await postKeyed(services(), 'bolna', real)).body).toBe('received');
		expect((await postKeyed(services(), 'bolna', real)).body).toBe('duplicate');
		const [row] = await room.house.sql`
			select event, repeats from deliveries where provider_call_id = ${real.id}`;
		expect(row).toMatchObject({
			repeats: 1,
			event: { status: 'completed', talkSeconds: 25, facts: { cost: { amount: '0.035400' } } }
		});
	});
});

it('given confirming is switched off, when an end comes, then it is believed as it is', async () => {
	const trusting = { ...room.house.services };
	const { exotel } = trusting.config;
	if (!exotel) throw new Error('Exotel is not configured.');
	const webhook = { ...exotel.webhook, confirms: false };
	trusting.config = { ...trusting.config, exotel: { ...exotel, webhook } };
	room.sandbox.control.context.clock.setSpeed(STANDING);
	const wishes = { provider: 'exotel', agentPhone: AGENT_PHONE } as const;
	const call = await room.dial(tenant, '61', undefined, wishes);
	const { provider_call_id: id } = await room.house.callRow(call.id);
	const body = statusBody('exotel', String(id), 'completed', 70);
	expect((await postKeyed(trusting, 'exotel', body)).body).toBe('applied');
	expect(await room.house.callRow(call.id)).toMatchObject({ duration: 70, billed_minutes: 2 });
});
