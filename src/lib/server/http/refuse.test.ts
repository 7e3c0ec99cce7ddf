import type { RequestEvent } from '@sveltejs/kit';
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { readRefusal } from '$lib/trpc/refusal';
import type { AppRouter } from '../trpc/router';
import { refuse } from './refuse';

const SENTENCE = 'Too many requests. Wait 3 seconds, then try again.';
const eventAt = (path: string) =>
	({ url: new URL(path, 'http://localhost:3000') }) as unknown as RequestEvent;

/** The client of our pages, whose every request is refused before a procedure. */
function clientOf(code: 'too_many_requests' | 'too_large') {
	const url = 'http://localhost:3000/trpc';
	const fetch = async (address: URL | RequestInfo) =>
		refuse(eventAt(String(address)), code, SENTENCE);
	return createTRPCClient<AppRouter>({
		links: [
			splitLink({
				condition: ({ type }) => type === 'mutation',
				true: httpLink({ url, fetch }),
				false: httpBatchLink({ url, fetch })
			})
		]
	});
}

describe('a refusal before anything ran', () => {
	it.each([
		['too_many_requests', 'TOO_MANY_REQUESTS', 429],
		['too_large', 'PAYLOAD_TOO_LARGE', 413]
	] as const)(
		'given %s at /trpc, when queries travel together or a mutation alone, then each is refused with the sentence',
		async (code, name, httpStatus) => {
			const client = clientOf(code);
			const answers = await Promise.allSettled([
				client.calls.recent.query({}),
				client.team.members.query({}),
				client.contacts.archive.mutate({ contactId: crypto.randomUUID() })
			]);
			for (const answer of answers) {
				if (answer.status !== 'rejected') throw new Error('It was let in.');
				const expected = { message: SENTENCE, data: { code: name, httpStatus, appCode: code } };
				expect(answer.reason).toMatchObject(expected);
				expect(readRefusal(answer.reason)).toMatchObject({ message: SENTENCE, isDecided: true });
			}
		}
	);

	it('given a REST call and a page, then one gets JSON and the other the sentence', async () => {
		const rest = refuse(eventAt('/api/calls'), 'too_many_requests', SENTENCE);
		expect(rest.status).toBe(429);
		expect(await rest.json()).toEqual({ error: { code: 'too_many_requests', message: SENTENCE } });
		const page = refuse(eventAt('/login'), 'too_many_requests', SENTENCE);
		expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
		expect(await page.text()).toBe(SENTENCE);
	});
});
