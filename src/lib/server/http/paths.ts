/** Paths that phone providers and Stripe post to: signed or keyed, so free of the origin guard. */
const WEBHOOK_PATHS = new Set([
	'/api/twilio/status',
	'/api/twilio/voice',
	'/api/twilio/dialled',
	'/api/twilio/amd',
	'/api/twilio/recording',
	'/api/webhooks/exotel/call-status',
	'/api/webhooks/bolna/call-status',
	'/api/stripe/webhook'
]);

export function isWebhookPath(pathname: string): boolean {
	return WEBHOOK_PATHS.has(pathname);
}

/** REST paths that answer `{ error: { code, message } }`. */
export function isRestPath(pathname: string): boolean {
	return pathname.startsWith('/api/') || pathname.startsWith('/call-minutes/');
}
