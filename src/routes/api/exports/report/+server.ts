import { serveReport } from '$lib/server/http/serve-report';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => serveReport(event);
