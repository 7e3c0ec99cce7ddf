import { serveExport } from '$lib/server/http/serve-export';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => serveExport(event);
