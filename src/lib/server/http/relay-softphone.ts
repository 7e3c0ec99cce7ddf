import type { RequestEvent } from '@sveltejs/kit';
import { relayToSandbox, type SoftphoneQuestion } from '../softphone/relay-to-sandbox';
import { answerRest } from './rest';

const TOKEN_LENGTH_MAX = 4_000;

/** A question of the demo's softphone, with its token in a header of its own. */
export function relaySoftphone(
	event: RequestEvent,
	read: () => SoftphoneQuestion | Promise<SoftphoneQuestion>
): Promise<Response> {
	return answerRest(event, async () => {
		const token = event.request.headers.get('x-softphone-token') ?? '';
		const input = { token: token.slice(0, TOKEN_LENGTH_MAX), question: await read() };
		return relayToSandbox({ ctx: event.locals.ctx, input });
	});
}
