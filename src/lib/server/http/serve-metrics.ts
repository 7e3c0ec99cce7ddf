import { timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from '@sveltejs/kit';
import { sha256 } from '../auth/secrets';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * The metrics, to whoever sends the token of METRICS_TOKEN; without one configured, to this machine alone,
 * and not through a proxy on it.
 */
export const serveMetrics: RequestHandler = async ({ request, locals, getClientAddress }) => {
	const { services, nowMs } = locals.ctx;
	const { metricsToken } = services.config;
	const isLet =
		metricsToken === null
			? LOOPBACK.has(getClientAddress()) && !request.headers.has('x-forwarded-for')
			: isEqual(request.headers.get('authorization') ?? '', `Bearer ${metricsToken}`);
	if (!isLet) return new Response('Not found', { status: 404 });
	return new Response(await services.metrics.read(nowMs), {
		headers: { 'content-type': services.metrics.registry.contentType }
	});
};

function isEqual(given: string, wanted: string): boolean {
	return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(wanted)));
}
