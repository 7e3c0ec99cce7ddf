import { SandboxConnectInput } from '$lib/inputs';
import { answerRest, readJson } from '$lib/server/http/rest';
import { connectSandboxPhone } from '$lib/server/softphone/relay-to-sandbox';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	answerRest(event, async () => {
		const input = await readJson(event, SandboxConnectInput);
		return connectSandboxPhone({ ctx: event.locals.ctx, input });
	});
