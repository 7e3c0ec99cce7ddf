import { SandboxConnectInput } from '$lib/inputs';
import { relaySoftphone } from '$lib/server/http/relay-softphone';
import { readJson } from '$lib/server/http/rest';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	relaySoftphone(event, async () => ({
		kind: 'connect',
		...(await readJson(event, SandboxConnectInput))
	}));
