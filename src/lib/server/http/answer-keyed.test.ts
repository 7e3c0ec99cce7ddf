import type { RequestEvent } from '@sveltejs/kit';
import { expect, it } from 'vitest';
import type { KeyedRequest } from '../webhooks/keyed-request';
import { answerKeyed } from './answer-keyed';
import { WEBHOOK_BYTES_MAX } from './read-bytes';

/** Asks the door with a body, and tells what the verb behind it was given. */
async function knock(body: string, trustedProxyCount = 0) {
	const seen: KeyedRequest[] = [];
	const handler = answerKeyed(async (_services, request) => {
		seen.push(request);
		return { status: 200, body: 'applied' };
	});
	const url = new URL('http://localhost/api/webhooks/bolna/call-status?key=k');
	const headers = {
		'content-type': 'application/json',
		'x-forwarded-for': '6.6.6.6, 13.203.39.153'
	};
	const event = {
		request: new Request(url, { method: 'POST', body, headers }),
		url,
		locals: { ctx: { services: { config: { trustedProxyCount } } } },
		getClientAddress: () => '10.0.0.9'
	};
	const response = await handler(event as unknown as RequestEvent); // what the door looks at
	return { status: response.status, seen };
}

it('given a body, then the verb is given it byte by byte, with its key and where it came from', async () => {
	const { status, seen } = await knock('{"a":"ü"}');
	expect(status).toBe(200);
	expect(Buffer.from(seen[0]?.body ?? []).toString('utf8')).toBe('{"a":"ü"}');
	expect(seen[0]?.query.get('key')).toBe('k');
	expect(seen[0]).toMatchObject({ contentType: 'application/json', address: '10.0.0.9' });
});

it('given a proxy of ours, then it came from where the proxy says', async () => {
	const { seen } = await knock('{}', 1);
	expect(seen[0]?.address).toBe('13.203.39.153');
});

it('given the longest body, then it is taken; given one byte more, then it is answered 413', async () => {
	expect((await knock('x'.repeat(WEBHOOK_BYTES_MAX))).status).toBe(200);
	const tooLong = await knock('x'.repeat(WEBHOOK_BYTES_MAX + 1));
	expect(tooLong).toMatchObject({ status: 413, seen: [] });
});
