import type { RequestHandler } from './$types';
import { openApiDocument } from '$lib/server/openapi/document';

/** For everybody: it tells how to ask, not what is there. */
export const GET: RequestHandler = ({ locals }) =>
	Response.json(openApiDocument(locals.ctx.services.config.origin));
