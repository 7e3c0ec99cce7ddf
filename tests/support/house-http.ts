/**
 * The doors of a house without a socket: every request goes through the hooks of the app, in their order,
 * to the file of its route. Pages are not drawn; the actions of their forms are run.
 */
import { isHttpError, isRedirect, type Handle, type RequestEvent } from '@sveltejs/kit';
// @ts-expect-error: Kit's own store, which it has no types for.
import { with_request_store } from '@sveltejs/kit/internal/server';
import { vi } from 'vitest';
import type { TokenScope } from '$lib/domain/token-scopes';
import { createToken } from '$lib/server/auth/create-token';
import { openSession } from '$lib/server/auth/open-session';
import type { Person } from '$lib/server/context';
import type { House } from './house';
import { pageRoutes, serverRoutes, type Route } from './routes';

// What a process does when it starts is not for a house that a test opened.
vi.mock('$lib/server/http/start-process', () => ({ startProcess: () => {} }));

/** Of documentation (RFC 5737): not this machine. */
const ADDRESS = '203.0.113.7';

export interface Question {
	method: string;
	/** Path and query. */
	at: string;
	headers?: Record<string, string>;
	body?: string | Uint8Array;
}
type Handler = (event: RequestEvent) => unknown;

export class HttpHouse {
	/** What was thrown and is no refusal. */
	readonly faults: unknown[] = [];
	private readonly servers = serverRoutes();
	private readonly pages = pageRoutes();

	private constructor(
		readonly house: House,
		private readonly handle: Handle
	) {}

	static async open(house: House): Promise<HttpHouse> {
		const process = globalThis as Record<string, unknown>;
		process.talktimeServices = house.services;
		process.talktimeConfig = house.services.config;
		const { handle } = await import('../../src/hooks.server');
		return new HttpHouse(house, handle);
	}

	/** Headers of a browser in which the person is signed in. */
	async browserOf(person: Person): Promise<Record<string, string>> {
		const ctx = this.house.context({ kind: 'anonymous' });
		const { name, value } = await openSession(ctx, person.userId, { address: ADDRESS });
		return { cookie: `${name}=${value}`, origin: this.house.services.config.origin };
	}

	/** Headers of a program with a token of the person. */
	async programOf(person: Person, scopes: TokenScope[] | null = null) {
		const input = { email: person.email, name: 'for a test', scopes };
		const { token } = await createToken({ ctx: this.house.commandLine(), input });
		return { authorization: `Bearer ${token}` };
	}

	async ask({ method, at, headers = {}, body }: Question): Promise<Response> {
		const url = new URL(at, this.house.services.config.origin);
		const sent = body === undefined ? undefined : new Blob([Buffer.from(body)]);
		const request = new Request(url, {
			method,
			headers: {
				...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
				...headers
			},
			body: sent && (await sent.arrayBuffer())
		});
		const found = this.find(url.pathname, method);
		const event = eventOf(request, url, found?.route ?? null, found?.params ?? {});
		const state = {
			tracing: { record_span: ({ fn }: { fn: (span: null) => unknown }) => fn(null) }
		};
		// The parts of Kit's own store that `sequence` reads.
		return with_request_store({ event, state } as never, () =>
			this.handle({ event, resolve: (event) => this.answer(event, found?.route ?? null) })
		) as Promise<Response>;
	}

	private find(pathname: string, method: string) {
		const isForm = method === 'POST';
		for (const route of [...this.servers, ...(isForm ? this.pages : [])]) {
			const params = matchOf(route.path, pathname);
			if (params && !this.servers.some(({ path }) => path === pathname && path !== route.path)) {
				return { route, params };
			}
		}
		return null;
	}

	private async answer(event: RequestEvent, route: Route | null): Promise<Response> {
		if (!route) return new Response('Not found', { status: 404 });
		try {
			const module: Record<string, unknown> = await import(/* @vite-ignore */ route.file);
			const isPage = route.file.endsWith('+page.server.ts');
			const handler = isPage ? actionOf(module, event.url) : module[event.request.method];
			if (typeof handler !== 'function') return new Response('Not allowed', { status: 405 });
			const answer: unknown = await (handler as Handler)(event);
			if (answer instanceof Response) return answer;
			const status = Number(Object(answer).status ?? 200);
			return new Response(JSON.stringify(answer ?? null), { status });
		} catch (thrown) {
			if (isRedirect(thrown)) {
				return new Response(null, {
					status: thrown.status,
					headers: { location: thrown.location }
				});
			}
			if (isHttpError(thrown)) return Response.json(thrown.body, { status: thrown.status });
			this.faults.push(thrown);
			return new Response('fault', { status: 500 });
		}
	}
}

function actionOf({ actions }: Record<string, unknown>, { searchParams }: URL): unknown {
	const named = [...searchParams.keys()].find((key) => key.startsWith('/'))?.slice(1);
	return Object(actions)[named ?? 'default'];
}

function matchOf(routePath: string, pathname: string): Record<string, string> | null {
	const names = [...routePath.matchAll(/\[(\w+)\]/g)].map(([, name]) => name ?? '');
	const escaped = routePath.replace(/\./g, '\\.').replace(/\[\w+\]/g, '([^/]+)');
	const match = new RegExp(`^${escaped}$`).exec(pathname);
	if (!match) return null;
	return Object.fromEntries(
		names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')])
	);
}

/** The parts of an event that hooks, handlers and actions read. */
function eventOf(
	request: Request,
	url: URL,
	route: Route | null,
	params: Record<string, string>
): RequestEvent {
	const jar = new Map(
		(request.headers.get('cookie') ?? '').split('; ').map((pair) => {
			const [name = '', ...rest] = pair.split('=');
			return [name, rest.join('=')];
		})
	);
	return {
		request,
		url,
		params,
		route: { id: route?.path ?? null },
		locals: {},
		cookies: {
			get: (name: string) => jar.get(name),
			getAll: () => [...jar].map(([name, value]) => ({ name, value })),
			set: (name: string, value: string) => void jar.set(name, value),
			delete: (name: string) => void jar.delete(name)
		},
		getClientAddress: () => ADDRESS,
		setHeaders: () => {},
		isDataRequest: false,
		isSubRequest: false,
		platform: undefined,
		fetch,
		tracing: { enabled: false, root: null, current: null }
	} as unknown as RequestEvent;
}
