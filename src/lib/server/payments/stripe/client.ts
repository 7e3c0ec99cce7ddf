import Stripe from 'stripe';
import type { StripeConfig } from '../../config';

/**
 * The SDK tries again once by itself: every request that changes something carries our own idempotency
 * key, so a repeat is the same request. More would keep a person waiting; the worker comes back anyway.
 */
const NETWORK_RETRIES_MAX = 1;

/**
 * Stripe's own client, sent to another base URL when one is configured. Nothing else differs.
 * @param beforeRequest called before each request; throws where none may be made
 */
export function openStripe(
	config: StripeConfig,
	timeoutMs: number,
	beforeRequest: () => void
): Stripe {
	const httpClient = Stripe.createNodeHttpClient();
	const makeRequest = httpClient.makeRequest.bind(httpClient);
	// Asynchronous, because the SDK takes a client that throws at once for one that never answers.
	httpClient.makeRequest = async (...request) => {
		beforeRequest();
		return makeRequest(...request);
	};
	return new Stripe(config.secretKey, {
		httpClient,
		timeout: timeoutMs,
		maxNetworkRetries: NETWORK_RETRIES_MAX,
		telemetry: false,
		...addressOf(config.apiBaseUrl)
	});
}

function addressOf(baseUrl: string | null): Stripe.StripeConfig {
	if (baseUrl === null) return {};
	const { hostname, port, protocol } = new URL(baseUrl);
	const isPlain = protocol === 'http:';
	return {
		host: hostname,
		port: port === '' ? (isPlain ? 80 : 443) : Number(port),
		protocol: isPlain ? 'http' : 'https'
	};
}
