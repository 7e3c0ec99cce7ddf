/**
 * The browser's way to the sandbox's phone, in a demo only: a page may speak to nobody but us, so what it
 * says goes through here. With Twilio itself the browser speaks to Twilio, and none of this is there.
 */
import { and, eq, ne } from 'drizzle-orm';
import type { SandboxConnectInput } from '$lib/inputs';
import { requirePerson } from '../authorize';
import type { Config } from '../config';
import type { Context } from '../context';
import { calls } from '../db/schema/calls';
import { AppError } from '../errors';
import { isLoopbackHost } from '../recordings/addresses';

const PHONE = '/_sandbox/twilio/connect';
const CALL_SID = /^CA[0-9a-f]{32}$/;
const TIMEOUT_MS = 15_000;

/** The sandbox that stands in for Twilio; null when Twilio itself, or nobody, is spoken to. */
export function sandboxOf({ isDemo, twilio }: Config): string | null {
	const baseUrl = twilio?.apiBaseUrl ?? null;
	return isDemo && baseUrl !== null && isLoopbackHost(new URL(baseUrl).hostname) ? baseUrl : null;
}

/** Connects a browser that shows its token. The sandbox asks us for TwiML before it answers. */
export async function connectSandboxPhone({
	ctx,
	input
}: {
	ctx: Context;
	input: SandboxConnectInput;
}): Promise<Response> {
	return ask(ctx, PHONE, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(input),
		signal: AbortSignal.timeout(TIMEOUT_MS)
	});
}

/** What becomes of the browser's leg, as a stream of states, until it has ended or the browser leaves. */
export async function followSandboxPhone(
	ctx: Context,
	sid: string,
	signal: AbortSignal
): Promise<Response> {
	await requireOwnLeg(ctx, sid);
	return ask(ctx, `${PHONE}/${sid}`, { headers: { accept: 'text/event-stream' }, signal });
}

export async function hangUpSandboxPhone(ctx: Context, sid: string): Promise<Response> {
	await requireOwnLeg(ctx, sid);
	const signal = AbortSignal.timeout(TIMEOUT_MS);
	return ask(ctx, `${PHONE}/${sid}/hang-up`, { method: 'POST', signal });
}

async function requireOwnLeg(ctx: Context, sid: string): Promise<void> {
	const person = requirePerson(ctx, 'calls.place');
	if (!CALL_SID.test(sid)) throw new AppError('not_found', 'There is no such call.');
	const [foreign] = await ctx.services.database.db
		.select({ id: calls.id })
		.from(calls)
		.where(
			and(
				eq(calls.provider, 'twilio'),
				eq(calls.parentCallId, sid),
				ne(calls.userId, person.userId)
			)
		);
	if (foreign) throw new AppError('not_found', 'There is no such call.');
}

async function ask(ctx: Context, path: string, request: RequestInit): Promise<Response> {
	requirePerson(ctx, 'calls.place');
	const sandbox = sandboxOf(ctx.services.config);
	if (sandbox === null) throw new AppError('not_found', 'There is no sandbox here.');
	try {
		const { body, status, headers } = await fetch(sandbox + path, {
			redirect: 'error',
			...request
		});
		const contentType = headers.get('content-type') ?? 'application/json';
		return new Response(body, {
			status,
			headers: { 'content-type': contentType, 'cache-control': 'no-store' }
		});
	} catch (error) {
		ctx.services.log.warn({ err: error }, 'the sandbox did not answer');
		throw new AppError('provider_failed', 'The sandbox did not answer. Try again.');
	}
}
