import { relaySoftphone } from '$lib/server/http/relay-softphone';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => relaySoftphone(event, () => ({ kind: 'incoming' }));
