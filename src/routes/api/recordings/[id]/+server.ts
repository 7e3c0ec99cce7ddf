import { serveRecording } from '$lib/server/http/serve-recording';
import type { RequestHandler } from './$types';

const serve: RequestHandler = (event) => serveRecording(event);

export const GET = serve;
export const HEAD = serve;
