import { serveMetrics } from '$lib/server/http/serve-metrics';

export const GET = serveMetrics;
