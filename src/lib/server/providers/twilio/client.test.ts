import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateCallRequest } from '../types';
import { createTwilioAdapter } from './adapter';

const REQUEST: CreateCallRequest = {
	callId: '01a1fc1f-5135-7474-b643-24454c740723',
	from: '+12025550101',
	to: '+12025550161',
	agentPhone: null,
	timeLimitSeconds: 60,
	isRecorded: false,
	detectsMachine: false
};

/** Answers with a status line at once, and then with a byte now and then, for ever. */
let server: http.Server;
let baseUrl: string;
const closed: Promise<void>[] = [];

beforeAll(async () => {
	server = http.createServer((_request, response) => {
		response.writeHead(201, { 'content-type': 'application/json' });
		const timer = setInterval(() => response.write(' '), 20);
		closed.push(
			new Promise((resolve) =>
				response.once('close', () => {
					clearInterval(timer);
					resolve();
				})
			)
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	baseUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
	server.closeAllConnections();
	return new Promise((resolve) => server.close(resolve));
});

describe('given a Twilio that trickles its answer', () => {
	it('when a call is created or asked for, then there is no clear answer in the time it has, and the line is closed', async () => {
		const config = {
			accountSid: 'AC00000000000000000000000000000001',
			authToken: 'token',
			fromNumber: '+12025550101',
			apiBaseUrl: baseUrl,
			callsPerSecond: 1,
			browser: null
		};
		const adapter = createTwilioAdapter(config, 'http://localhost:3000', 300);
		expect(await adapter.createCall(REQUEST)).toMatchObject({ kind: 'unknown' });
		const question = {
			...{ callId: REQUEST.callId, providerCallId: 'CA1', from: REQUEST.from, to: REQUEST.to },
			...{ initiatedAtMs: 0, takenProviderCallIds: [], nowMs: 0 }
		};
		expect(await adapter.findCall(question)).toMatchObject({ kind: 'no_answer' });
		await expect(adapter.hangUp('CA1')).rejects.toThrow();
		expect(closed).toHaveLength(3);
		await Promise.all(closed);
	});
});
