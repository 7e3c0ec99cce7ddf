/**
 * The browser's way to the sandbox's phone, in a demo only: a page may speak to nobody but us, so what it
 * says goes through here, with the token that says who it is. With Twilio itself the browser speaks to
 * Twilio, and none of this is there.
 */
import { requirePerson } from '../authorize';
import type { Config } from '../config';
import type { Context } from '../context';
import { AppError } from '../errors';
import { isLoopbackHost } from '../recordings/addresses';

const CALL_SID = /^CA[0-9a-f]{32}$/;
/** Longer than the sandbox lets a question for news wait. */
const TIMEOUT_MS = 60_000;

/** The sandbox that stands in for Twilio; null when Twilio itself, or nobody, is spoken to. */
export function sandboxOf({ isDemo, twilio }: Config): string | null {
	const baseUrl = twilio?.apiBaseUrl ?? null;
	return isDemo && baseUrl !== null && isLoopbackHost(new URL(baseUrl).hostname) ? baseUrl : null;
}

/** What a softphone asks of the sandbox: to connect, who calls in, news of a leg, to do something with it. */
export type SoftphoneQuestion =
	| { kind: 'connect'; params: { call: string } }
	| { kind: 'incoming' }
	| { kind: 'news'; sid: string; after: number }
	| { kind: 'hang_up' | 'accept' | 'reject'; sid: string };

const ACTIONS = { hang_up: 'hangup', accept: 'accept', reject: 'reject' } as const;

/**
 * @param token the browser's access token: the sandbox lets nobody else near the leg
 * @returns the sandbox's own answer, as it came
 */
export async function relayToSandbox({
	ctx,
	input
}: {
	ctx: Context;
	input: { token: string; question: SoftphoneQuestion };
}): Promise<Response> {
	requirePerson(ctx, 'calls.place');
	const sandbox = sandboxOf(ctx.services.config);
	if (sandbox === null) throw new AppError('not_found', 'There is no sandbox here.');
	const { token, question } = input;
	const { method, path, body } = requestOf(question);
	try {
		const answer = await fetch(`${sandbox}/_sandbox/twilio/${path}`, {
			method,
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body,
			redirect: 'error',
			signal: AbortSignal.timeout(TIMEOUT_MS)
		});
		return Response.json(await answer.json(), { status: answer.status });
	} catch (error) {
		ctx.services.log.warn({ err: error }, 'the sandbox did not answer');
		throw new AppError('provider_failed', 'The sandbox did not answer. Try again.');
	}
}

function requestOf(question: SoftphoneQuestion): { method: string; path: string; body?: string } {
	if (question.kind === 'connect') {
		return { method: 'POST', path: 'connect', body: JSON.stringify({ params: question.params }) };
	}
	if (question.kind === 'incoming') return { method: 'GET', path: 'incoming' };
	if (!CALL_SID.test(question.sid)) throw new AppError('not_found', 'There is no such call.');
	return question.kind === 'news'
		? { method: 'GET', path: `device-calls/${question.sid}?after=${question.after}` }
		: { method: 'POST', path: `device-calls/${question.sid}/${ACTIONS[question.kind]}` };
}
