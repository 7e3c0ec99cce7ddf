import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordingSource } from '../providers/types';
import { isPublicAddress } from './addresses';
import { download } from './download';

const LIMITS = { bytesMax: 1_000, timeMaxMs: 400 };
const directory = mkdtempSync(path.join(os.tmpdir(), 'talktime-download-'));
const to = path.join(directory, 'incoming', 'one');
const asked: http.IncomingMessage[] = [];
let server: http.Server;
let host: string;
let source: RecordingSource;

const ANSWERS: Record<string, (response: http.ServerResponse) => void> = {
	'/good': (response) =>
		response.writeHead(200, { 'content-type': 'audio/mpeg; x=1' }).end('a'.repeat(700)),
	'/not-ready': (response) => response.writeHead(404).end(),
	'/trouble': (response) => response.writeHead(503).end(),
	'/elsewhere': (response) => response.writeHead(302, { location: '/good' }).end(),
	'/page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
	'/untyped': (response) => response.writeHead(200).end('a'),
	'/announced-large': (response) =>
		response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': '5000' }).end(),
	'/large': (response) =>
		response.writeHead(200, { 'content-type': 'audio/wav' }).end('a'.repeat(1_001)),
	'/cut': (response) => {
		response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': '900' });
		response.write('a'.repeat(10), () => response.destroy());
	},
	'/endless': (response) => {
		response.writeHead(200, { 'content-type': 'audio/wav' }).write('a');
	},
	'/silent': () => {}
};

beforeAll(async () => {
	server = http.createServer((request, response) => {
		asked.push(request);
		ANSWERS[request.url ?? '']?.(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	host = `127.0.0.1:${address.port}`;
	source = { hosts: [host], authorization: 'Basic eDp5' };
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
	rmSync(directory, { recursive: true });
});

describe('given a recording where the provider keeps its recordings', () => {
	it('when it is ready, then it is fetched whole, with our credentials', async () => {
		expect(await download(`http://${host}/good`, source, to, LIMITS)).toEqual({
			kind: 'fetched',
			bytes: 700,
			contentType: 'audio/mpeg'
		});
		expect(readFileSync(to, 'utf8')).toBe('a'.repeat(700));
		expect(asked.at(-1)?.headers.authorization).toBe('Basic eDp5');
		rmSync(to);
	});

	it.each([
		['/not-ready', /answered 404/],
		['/trouble', /answered 503/],
		['/cut', /could not be fetched/],
		['/endless', /took too long/],
		['/silent', /took too long/]
	])('when %s is asked for, then another try may help, and nothing is left', async (name, says) => {
		const result = await download(`http://${host}${name}`, source, to, LIMITS);
		expect(result).toMatchObject({ kind: 'not_yet', reason: expect.stringMatching(says) });
		expect(existsSync(to)).toBe(false);
	});

	it.each([
		['/elsewhere', /redirects are not followed/],
		['/page', /not audio/],
		['/untyped', /not audio/],
		['/announced-large', /larger than/],
		['/large', /larger than/]
	])(
		'when %s is asked for, then it is refused for good, and nothing is left',
		async (name, says) => {
			const result = await download(`http://${host}${name}`, source, to, LIMITS);
			expect(result).toMatchObject({ kind: 'refused', reason: expect.stringMatching(says) });
			expect(existsSync(to)).toBe(false);
		}
	);

	it('when nobody listens there, then another try may help', async () => {
		const closed = { hosts: ['127.0.0.1:9'], authorization: null };
		expect(await download('http://127.0.0.1:9/good', closed, to, LIMITS)).toMatchObject({
			kind: 'not_yet'
		});
	});
});

describe('given an address that a webhook names', () => {
	it.each<[string, string[], RegExp]>([
		['http://example.com/a.mp3', ['api.twilio.com'], /not fetched from example.com/],
		['https://api.twilio.com.example.com/a', ['api.twilio.com'], /not fetched from/],
		['https://api.twilio.com:8443/a', ['api.twilio.com'], /not fetched from/],
		['http://api.twilio.com/a', ['api.twilio.com'], /not https/],
		['ftp://api.twilio.com/a', ['api.twilio.com'], /not https/],
		['file:///etc/passwd', [''], /not https/],
		['https://user:word@api.twilio.com/a', ['api.twilio.com'], /carries a password/],
		['https://169.254.169.254/latest/meta-data', ['169.254.169.254'], /not public/],
		['https://[fd00::1]/a', ['[fd00::1]'], /not public/],
		['https://0x7f.1/a', ['api.twilio.com'], /not fetched from 127.0.0.1/],
		['', ['api.twilio.com'], /is none/],
		['//api.twilio.com/a', ['api.twilio.com'], /is none/]
	])('when it is "%s", then nobody is asked', async (address, hosts, says) => {
		const before = asked.length;
		const result = await download(address, { hosts, authorization: 'Basic eDp5' }, to, LIMITS);
		expect(result).toMatchObject({ kind: 'refused', reason: expect.stringMatching(says) });
		expect(asked).toHaveLength(before);
	});

	it('when it is a name that leads to an address of this network, then the connection is refused', async () => {
		const name = os.hostname().toLowerCase();
		const leadsHere = await lookup(name).then(
			({ address }) => !isPublicAddress(address),
			() => false
		);
		const here = { hosts: [name], authorization: null };
		const result = await download(`https://${name}/good`, here, to, LIMITS);
		expect(result.kind).toBe(leadsHere ? 'refused' : 'not_yet');
	});
});
