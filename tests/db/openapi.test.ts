/** The OpenAPI document against the handlers: their paths, their input and their answers. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '$lib/server/context';
import { RefusalAnswer } from '$lib/server/openapi/answers';
import { openApiDocument } from '$lib/server/openapi/document';
import { OPERATIONS, type Operation } from '$lib/server/openapi/operations';
import { House, newNumber, type Tenant } from '../support/house';
import { RecordingProvider } from '../support/house-provider';

const ROUTES = path.resolve('src/routes');
/** Doors that are not for programs: callbacks, files, the demo's phone, and what our own pages send. */
const NOT_REST =
	/^\/api\/(demo|stripe|webhooks|recordings|exports|contacts|openapi\.json)(\/|$)|^\/api\/twilio\/(?!events)/;

let house: House;
let tenant: Tenant;
let callId: string;
const phone = newNumber();

beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
	tenant = await house.createTenant({ minutes: 50, dollars: '5' });
	callId = (await house.placeBound(tenant.id)).callId;
	await house.createContact(tenant.id, phone);
});
afterAll(() => house.close());

interface Handlers {
	GET?: (event: RequestEvent) => Promise<Response>;
	POST?: (event: RequestEvent) => Promise<Response>;
}

/** Paths of the route files, as the document writes them. */
function restPaths(): string[] {
	return readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('+server.ts'))
		.map((file) => `/${path.dirname(file).split(path.sep).join('/')}`)
		.filter((route) => /^\/(api|call-minutes)\//.test(route) && !NOT_REST.test(route))
		.map((route) => route.replace(/\[(\w+)\]/g, '{$1}'))
		.sort();
}

async function handlersOf({ path: route }: Operation): Promise<Handlers> {
	const folder = route.replace(/\{(\w+)\}/g, '[$1]');
	return import(/* @vite-ignore */ `${ROUTES}${folder}/+server.ts`);
}

async function ask(
	operation: Operation,
	ctx: Context,
	given: { body?: unknown; query?: Record<string, string>; params?: Record<string, string> }
): Promise<{ status: number; answer: unknown }> {
	const url = new URL(`http://localhost:3000${operation.path}`);
	for (const [name, value] of Object.entries(given.query ?? {})) url.searchParams.set(name, value);
	const request = new Request(url, {
		method: operation.method.toUpperCase(),
		...(operation.method === 'post' && { body: JSON.stringify(given.body ?? {}) })
	});
	const handlers = await handlersOf(operation);
	const handler = operation.method === 'get' ? handlers.GET : handlers.POST;
	if (!handler) throw new Error(`${operation.path} has no ${operation.method}.`);
	// The parts of an event that a REST handler reads.
	const event = { request, url, params: given.params ?? {}, locals: { ctx, requestId: 'test' } };
	const response = await handler(event as unknown as RequestEvent);
	return { status: response.status, answer: await response.json() };
}

/** What each call is sent, by its id. */
const EXAMPLES: Record<string, () => Parameters<typeof ask>[2]> = {
	checkAvailability: () => ({
		body: { organization_id: tenant.id, estimated_duration_minutes: 5 }
	}),
	consumeMinutes: () => ({
		body: {
			organization_id: tenant.id,
			call_id: 'elsewhere-1',
			minutes_consumed: 2,
			call_start_time: '2026-11-21T09:00:00Z',
			call_end_time: '2026-11-21T09:02:00Z'
		}
	}),
	placeCall: () => ({ body: { to: newNumber(), estimated_duration_minutes: 2 } }),
	getCall: () => ({ params: { id: callId } }),
	getBalance: () => ({}),
	updateRefillSettings: () => ({ body: { auto_refill_threshold: '12' } }),
	listTransactions: () => ({ query: { limit: '10' } }),
	getCallAnalytics: () => ({ query: { days: '7' } }),
	listCallEvents: () => ({ query: { limit: '10' } }),
	lookupContact: () => ({ query: { phone } }),
	linkCall: () => ({ body: { phone } }),
	estimateCall: () => ({ query: { phone } })
};

describe('the OpenAPI document', () => {
	it('given the route files, then it describes each call for programs, and no other', () => {
		expect([...new Set(OPERATIONS.map((operation) => operation.path))].sort()).toEqual(restPaths());
		expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
	});

	it('given every path, then its methods are those that are described', async () => {
		for (const route of restPaths()) {
			const operations = OPERATIONS.filter((operation) => operation.path === route);
			const [first] = operations;
			if (!first) throw new Error(`${route} is not described.`);
			const methods = Object.keys(await handlersOf(first)).filter((name) => /^[A-Z]+$/.test(name));
			expect(methods.sort(), route).toEqual(
				operations.map(({ method }) => method.toUpperCase()).sort()
			);
		}
	});

	it('given the document, then it is OpenAPI 3.1 that refers to nothing outside and names no field of ours', () => {
		const document = JSON.stringify(openApiDocument('https://talktime.example'));
		expect(JSON.parse(document)).toMatchObject({
			openapi: '3.1.0',
			servers: [{ url: 'https://talktime.example' }]
		});
		const references = [...document.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
		expect(new Set(references)).toEqual(new Set(['#/components/schemas/Refusal']));
		expect(document).not.toMatch(/organizationId|estimatedDurationMinutes|agentPhone/);
	});

	it.each(OPERATIONS.filter(({ id }) => id in EXAMPLES))(
		'given $id, when it is asked as described, then it answers as described',
		async (operation) => {
			const example = EXAMPLES[operation.id]?.() ?? {};
			const { status, answer } = await ask(operation, house.asProgram(tenant.manager), example);
			expect(answer).not.toHaveProperty('error');
			expect(status).toBe(operation.status);
			expect(operation.answer.safeParse(answer).error?.issues ?? []).toEqual([]);
		}
	);

	it.each(OPERATIONS)(
		'given $id, when a field that is needed is left out, or nobody is signed in, then it refuses as described',
		async (operation) => {
			const stranger = house.context({ kind: 'anonymous' });
			const refused = await ask(operation, stranger, EXAMPLES[operation.id]?.() ?? {});
			expect(refused.status).toBe(401);
			expect(RefusalAnswer.safeParse(refused.answer).success).toBe(true);

			const { body } = EXAMPLES[operation.id]?.() ?? {};
			for (const name of operation.body?.required ?? []) {
				const without = { ...Object(body), [name]: undefined };
				const { status, answer } = await ask(operation, house.asProgram(tenant.manager), {
					body: without
				});
				expect(status, `${operation.id} without ${name}`).toBe(422);
				expect(RefusalAnswer.safeParse(answer).success).toBe(true);
			}
		}
	);
});
