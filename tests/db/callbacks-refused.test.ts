import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import type { CallFinding } from '$lib/server/providers/types';
import { AUTH_TOKEN, House, ORIGIN } from '../support/house';
import {
	completedForm,
	post,
	statusForm,
	type Form,
	type Posting
} from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

const provider = new RecordingProvider();
let house: House;

beforeAll(async () => {
	house = await House.open({ providers: { twilio: provider } });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

function sweep() {
	const ctx = house.context({ kind: 'job' });
	return sweepCalls({ ctx, input: { everyLiveCall: false } });
}

describe('a callback that Twilio did not sign', () => {
	const cases: [string, (form: Form) => { form?: Form; posting?: Posting }][] = [
		['no signature', () => ({ posting: { signature: null } })],
		['an empty signature', () => ({ posting: { signature: '' } })],
		['a signature of nonsense', () => ({ posting: { signature: 'bm8=' } })],
		['the signature of another token', () => ({ posting: { token: 'another-token' } })]
	];

	it.each(cases)(
		'given %s, when it comes, then it is answered 403 and nothing is stored',
		async (_name, change) => {
			const { id } = await house.createTenant({ minutes: 10 });
			const { callId, sid } = await house.placeBound(id);
			const form = completedForm(sid, house.clock.read(), '61');
			const before = await house.fingerprint();
			const changed = change(form);
			const answer = await post(house.services, changed.form ?? form, {
				callId,
				...changed.posting
			});
			expect(answer.status).toBe(403);
			expect(await house.fingerprint()).toEqual(before);
		}
	);

	it('given a right signature, when a field, the address or the origin is another, then it is answered 403 and nothing is stored', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const form = completedForm(sid, house.clock.read(), '61');
		const before = await house.fingerprint();
		const signatureOf = (url: string) => twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, form);
		const url = `${ORIGIN}/api/twilio/status?call=${callId}`;
		const signature = signatureOf(url);
		const otherCall = await house.placeBound(id);
		const afterPlacing = await house.fingerprint();
		expect(afterPlacing).not.toEqual(before);
		const attempts: [Form, string, string][] = [
			[{ ...form, CallDuration: '1' }, callId, signature],
			[{ ...form, Added: 'x' }, callId, signature],
			[form, otherCall.callId, signature],
			[form, callId, signatureOf(url.replace('localhost', 'example.com'))],
			[form, callId, signatureOf(url.replace('http:', 'https:'))]
		];
		for (const [tampered, call, header] of attempts) {
			const answer = await post(house.services, tampered, { callId: call, signature: header });
			expect(answer.status).toBe(403);
		}
		expect(await house.fingerprint()).toEqual(afterPlacing);
		expect((await post(house.services, form, { callId })).status).toBe(200);
	});

	it('given a signed form that names no call, when it comes, then it is answered 400 and nothing is stored', async () => {
		const before = await house.fingerprint();
		expect((await post(house.services, { CallStatus: 'completed' })).status).toBe(400);
		expect(await house.fingerprint()).toEqual(before);
	});
});

describe('a signed callback that is nonsense', () => {
	const nonsense: [string, Form, RegExp][] = [
		['a negative duration', { CallDuration: '-7' }, /CallDuration is "-7"/],
		['a duration that is no number', { CallDuration: 'NaN' }, /CallDuration is "NaN"/],
		['a fractional duration', { CallDuration: '61.5' }, /CallDuration is "61.5"/],
		['a duration of years', { CallDuration: '999999999999' }, /CallDuration is "999999999999"/],
		['more than a day', { CallDuration: '86401' }, /CallDuration is "86401"/],
		['an exponent', { CallDuration: '1e3' }, /CallDuration is "1e3"/],
		['a busy call with a negative duration', { CallStatus: 'busy', CallDuration: '-7' }, /-7/]
	];

	it.each(nonsense)(
		'given %s, when it is the final word, then it is answered 200 and kept as failed, and the provider is asked what is true',
		async (_name, fields, reason) => {
			const { id } = await house.createTenant({ minutes: 10 });
			const { callId, sid } = await house.placeBound(id);
			const row = await house.callRow(callId);
			const form = { ...completedForm(sid, house.clock.read(), '61'), ...fields };
			const answer = await post(house.services, form, { callId });
			expect(answer).toEqual({ status: 200, body: 'failed' });
			const [delivery] = await house.sql`
				select state, note, body from deliveries where call_id = ${callId}`;
			expect(delivery).toMatchObject({ state: 'failed', body: fields });
			expect(delivery?.note).toMatch(reason);
			expect(await house.callRow(callId)).toEqual(row);
			expect(await house.credit(id)).toMatchObject({ used: 0, held: 3, live: 1 });

			provider.truths.set(callId, provider.eventOf(sid, callId, 'completed', 42));
			expect(await sweep()).toMatchObject({ ended: 1 });
			expect(await house.callRow(callId)).toMatchObject({ duration: 42, billed_minutes: 1 });
			expect(await house.credit(id)).toMatchObject({ used: 1, held: 0, live: 0 });
		}
	);

	it('given a completed callback without a duration, when it comes, then it is kept as failed and the call is untouched', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const row = await house.callRow(callId);
		const { CallDuration: _seconds, ...form } = completedForm(sid, house.clock.read(), '61');
		expect((await post(house.services, form, { callId })).body).toBe('failed');
		expect(await house.callRow(callId)).toEqual(row);
	});

	it.each([['exploded'], [''], ['COMPLETED!']])(
		'given the unknown status "%s", when it comes, then it is answered 200 and ignored with the reason, and the call is untouched',
		async (status) => {
			const { id } = await house.createTenant({ minutes: 10 });
			const { callId, sid } = await house.placeBound(id);
			const row = await house.callRow(callId);
			const form = statusForm({ sid, status, sequence: 3, atMs: house.clock.read() });
			expect(await post(house.services, form, { callId })).toEqual({
				status: 200,
				body: 'ignored'
			});
			const [delivery] = await house.sql`select note from deliveries where call_id = ${callId}`;
			expect(delivery?.note).toContain(`"${status}" is unknown`);
			expect(await house.callRow(callId)).toEqual(row);
		}
	);

	it.each([
		['a field with a NUL character', (form: Form) => ({ ...form, ToCity: 'New\u0000York' })],
		['a call id with a NUL character', (form: Form) => ({ ...form, CallSid: 'CA\u0000' })],
		['a status with a NUL character', (form: Form) => ({ ...form, CallStatus: 'com\u0000pleted' })]
	])('given %s, when it comes, then it is answered 200 and kept', async (_name, change) => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const [before] = await house.sql`select count(*)::int as count from deliveries`;
		const form = change(
			statusForm({ sid, status: 'ringing', sequence: 1, atMs: house.clock.read() })
		);
		const answer = await post(house.services, form, { callId });
		expect(answer.status).toBe(200);
		const [after] = await house.sql`select count(*)::int as count from deliveries`;
		expect(after?.count).toBe((before?.count ?? 0) + 1);
	});

	it('given a moment that is none, when it comes, then the moment of receipt counts', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(id);
		const form = { ...completedForm(sid, 0, '61'), Timestamp: 'yesterday' };
		house.clock.advanceSeconds(90);
		expect((await post(house.services, form, { callId })).body).toBe('applied');
		const [row] = await house.sql`
			select (extract(epoch from ended_at) * 1000)::float8 as ended from calls where id = ${callId}`;
		expect(row?.ended).toBe(house.clock.read());
	});

	it('given a callback that names our call under another provider id, when it comes, then it is ignored with the reason', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const { callId } = await house.placeBound(id);
		const row = await house.callRow(callId);
		const form = completedForm('CAstranger', house.clock.read(), '61');
		expect((await post(house.services, form, { callId })).body).toBe('ignored');
		expect(await house.callRow(callId)).toEqual(row);
	});
});

describe('a provider that cannot say what became of a call', () => {
	const findings: [string, CallFinding, object][] = [
		['does not answer', { kind: 'no_answer', error: 'timeout' }, { held: 3, live: 1 }],
		['never had the call', { kind: 'never_existed' }, { held: 0, live: 0 }]
	];

	it.each(findings)(
		'given one that %s, when the sweeper asks, then nothing is billed and the hold is right',
		async (_name, finding, credit) => {
			const { id } = await house.createTenant({ minutes: 10 });
			const { callId } = await house.placeBound(id);
			provider.truths.set(callId, finding);
			house.clock.advanceSeconds(46);
			await sweep();
			expect(provider.asked).toContain(callId);
			// One denial is not believed: it is asked again.
			house.clock.advanceSeconds(45);
			await sweep();
			expect(await house.credit(id)).toMatchObject({ used: 0, ...credit });
			const asked = provider.asked.filter((one) => one === callId).length;
			await sweep();
			expect(provider.asked.filter((one) => one === callId)).toHaveLength(asked);
		}
	);
});
