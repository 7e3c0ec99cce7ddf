/** `talktime deliver`: what a recorded body is taken for, and how it is signed and posted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { postDelivery } from '../scripts/cli/deliver/post-delivery';
import { readRecordedBody } from '../scripts/cli/deliver/recorded-body';
import { readConfig } from '../src/lib/server/config';

const ORIGIN = 'https://talktime.example.com';
const AUTH_TOKEN = 'a-token-for-tests';
const config = readConfig({
	DATABASE_URL: 'postgres://nobody@localhost/none',
	ORIGIN,
	TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
	TWILIO_AUTH_TOKEN: AUTH_TOKEN,
	TWILIO_FROM_NUMBER: '+12025550101'
});

let directory: string;
let server: http.Server;
let address: string;
let received: { url: string; headers: http.IncomingHttpHeaders; body: string }[] = [];

beforeAll(async () => {
	directory = mkdtempSync(path.join(tmpdir(), 'deliver-'));
	server = http.createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			received.push({ url: request.url ?? '', headers: request.headers, body });
			response.end('unmatched');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const at = server.address();
	address = typeof at === 'object' && at !== null ? `http://127.0.0.1:${at.port}` : '';
});
afterEach(() => {
	received = [];
	delete process.env.EXOTEL_WEBHOOK_KEY;
});
afterAll(async () => {
	rmSync(directory, { recursive: true });
	await new Promise((resolve) => server.close(resolve));
});

function fileOf(content: unknown): string {
	const file = path.join(directory, `${Math.random()}.txt`);
	writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
	return file;
}

const CURL = 'CallSid=CA123&CallStatus=completed&CallDuration=120&To=%2B447911123456';

describe('given a recorded body', () => {
	it.each([
		['a form as text', CURL, 'twilio', 'form', { CallSid: 'CA123', To: '+447911123456' }],
		[
			'fields of Twilio',
			{ CallSid: 'CA1', CallStatus: 'busy' },
			'twilio',
			'form',
			{ CallSid: 'CA1' }
		],
		[
			'a whole request with its form',
			{ method: 'POST', headers: {}, body_urlencoded: CURL },
			'twilio',
			'form',
			{ CallSid: 'CA123' }
		],
		[
			'a whole request with its fields',
			{ source: 'https://docs', body: { CallSid: 'CA1', CallStatus: 'busy' } },
			'twilio',
			'form',
			{ CallSid: 'CA1' }
		],
		[
			'JSON of Exotel',
			{ CallSid: 'x1', EventType: 'terminal', Status: 'completed', Legs: [] },
			'exotel',
			'json',
			{ CallSid: 'x1' }
		],
		[
			'flattened fields of Exotel',
			{ CallSid: 'x1', EventType: 'answered', 'Legs[0][Status]': 'in-progress' },
			'exotel',
			'form',
			{ CallSid: 'x1' }
		],
		[
			'the four fields of Exotel',
			{ CallSid: 'x1', DateUpdated: '2024-01-15 14:30:45', Status: 'completed', RecordingUrl: '' },
			'exotel',
			'json',
			{ CallSid: 'x1' }
		],
		['an execution of Bolna', { id: 'b1', status: 'completed' }, 'bolna', 'json', { id: 'b1' }]
	])('when it is %s, then it is read as one', (_what, content, provider, encoding, fields) => {
		const recorded = readRecordedBody(fileOf(content), undefined);
		expect(recorded).toMatchObject({ provider, encoding, fields });
	});

	it('when the provider is named, then it is believed', () => {
		expect(readRecordedBody(fileOf(CURL), 'exotel').provider).toBe('exotel');
	});

	it.each([
		['is not there', () => '/nowhere/at/all', undefined, /cannot be read/],
		['is no JSON', () => fileOf('{oops'), undefined, /is no JSON/],
		['is no form', () => fileOf('hello'), undefined, /neither JSON nor a form/],
		['is of nobody known', () => fileOf({ hello: 1 }), undefined, /name it with --provider/],
		['is said to be of nobody known', () => fileOf(CURL), 'acme', /--provider must be/]
	])('when it %s, then one line says so', (_what, file, provider, words) => {
		expect(() => readRecordedBody(file(), provider)).toThrow(words);
	});
});

describe('given a body to post', () => {
	it('when it is of Twilio, then it is signed for our origin, whatever machine it is posted to', async () => {
		const recorded = readRecordedBody(fileOf(CURL), undefined);
		const answer = await postDelivery(config, recorded, `${address}/api/twilio/status?call=1`);
		expect(answer).toMatchObject({ provider: 'twilio', status: 200, outcome: 'unmatched' });
		const [post] = received;
		const form = Object.fromEntries(new URLSearchParams(post?.body));
		const signature = String(post?.headers['x-twilio-signature']);
		const url = `${ORIGIN}/api/twilio/status?call=1`;
		expect(twilio.validateRequest(AUTH_TOKEN, signature, url, form)).toBe(true);
		expect(form).toEqual(recorded.fields);
	});

	it('when it is of Exotel, then it goes as it was recorded, with the key, which is not printed', async () => {
		process.env.EXOTEL_WEBHOOK_KEY = 's3cret';
		const fields = { CallSid: 'x1', EventType: 'terminal', Legs: [{ Status: null }] };
		const to = `${address}/api/webhooks/exotel/call-status`;
		const answer = await postDelivery(config, readRecordedBody(fileOf(fields), undefined), to);
		expect(received[0]?.url).toBe('/api/webhooks/exotel/call-status?key=s3cret');
		expect(JSON.parse(received[0]?.body ?? '')).toEqual(fields);
		expect(received[0]?.headers['x-twilio-signature']).toBeUndefined();
		expect(JSON.stringify(answer)).not.toContain('s3cret');
	});

	it('when its key is not set, its address is none or nobody listens, then one line says so', async () => {
		const exotel = { provider: 'exotel', fields: { CallSid: 'x' }, encoding: 'json' } as const;
		const form = { provider: 'twilio', fields: { CallSid: 'CA1' }, encoding: 'form' } as const;
		await expect(postDelivery(config, exotel, address)).rejects.toThrow(
			'EXOTEL_WEBHOOK_KEY is not set.'
		);
		await expect(postDelivery(config, form, 'nowhere')).rejects.toThrow(/--to must be an address/);
		await expect(postDelivery(config, form, 'http://127.0.0.1:9/x')).rejects.toThrow(
			/Nobody answers/
		);
	});
});
