import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpTrouble, openHttp } from './http';

const SECRET = 'Basic czNjcmV0';
let server: http.Server;
let answer: http.RequestListener = (_request, response) => response.end('{}');
let asked: { request: http.IncomingMessage; body: string }[] = [];

beforeAll(async () => {
	server = http.createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			asked.push({ request, body });
			answer(request, response);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(
	() =>
		new Promise((resolve) => {
			server.close(resolve);
			server.closeAllConnections();
		})
);

function client(timeoutMs = 1_000) {
	asked = [];
	const { port } = server.address() as AddressInfo; // it listens on TCP
	const baseUrl = `http://127.0.0.1:${port}/`;
	return openHttp({ name: 'Exotel', baseUrl, authorization: SECRET, timeoutMs });
}

it('given a form, then it is posted with the credentials in a header, and JSON comes back', async () => {
	answer = (_request, response) => response.writeHead(201).end('{"a":1}');
	const query = { page: '1 & 2' };
	const form = { To: '+9198', 'StatusCallbackEvents[0]': 'terminal' };
	expect(await client().request('POST', '/v1/x', { query, form })).toEqual({
		status: 201,
		body: { a: 1 }
	});
	const [only] = asked;
	expect(only?.request.headers).toMatchObject({
		authorization: SECRET,
		'content-type': 'application/x-www-form-urlencoded;charset=UTF-8'
	});
	expect(only?.request.url).toBe('/v1/x?page=1+%26+2');
	expect(Object.fromEntries(new URLSearchParams(only?.body))).toEqual(form);
});

it('given JSON, then it is posted as JSON; given an answer that is none, then it is null', async () => {
	answer = (_request, response) => response.writeHead(502).end('<html>');
	expect(await client().request('POST', '/call', { json: { a: 'ü' } })).toEqual({
		status: 502,
		body: null
	});
	expect(asked[0]?.body).toBe('{"a":"ü"}');
});

it('given a redirect, then it is not followed: the credentials stay here', async () => {
	answer = (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end();
	expect(await client().request('GET', '/x')).toMatchObject({ status: 302 });
	expect(asked).toHaveLength(1);
});

const troubles: [string, http.RequestListener][] = [
	['never answers', () => undefined],
	['resets the connection', (request) => request.socket.destroy()],
	[
		'breaks off in the middle',
		(request, response) => {
			response.writeHead(200, { 'content-length': '100' }).write('{"a"');
			setImmediate(() => request.socket.destroy());
		}
	],
	[
		'trickles bytes without end',
		(_request, response) => {
			const timer = setInterval(() => response.write(' '), 20);
			response.once('close', () => clearInterval(timer));
		}
	],
	[
		'answers more than anybody reads',
		(_request, response) => void response.end(Buffer.alloc(9 * 1024 * 1024, 32))
	]
];

it.each(troubles)(
	'given a provider that %s, then the request ends in trouble that shows no secret',
	async (_what, listener) => {
		answer = listener;
		const trouble = await client(300)
			.request('GET', '/x', { query: { key: 'hunter2' } })
			.catch((error: unknown) => error);
		expect(trouble).toBeInstanceOf(HttpTrouble);
		expect(String(trouble)).toMatch(/^HttpTrouble: Exotel did not answer: ./);
		expect(String(trouble)).not.toMatch(/hunter2|czNjcmV0|127\.0\.0\.1/);
	}
);

it('given nobody who listens, then it is trouble', async () => {
	const nobody = openHttp({
		name: 'Bolna',
		baseUrl: 'http://127.0.0.1:9',
		authorization: SECRET,
		timeoutMs: 500
	});
	await expect(nobody.request('GET', '/x')).rejects.toThrow(/^Bolna did not answer: /);
});
