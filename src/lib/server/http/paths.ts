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

/** Forms that name a password or a code. */
export function isSignInPath(pathname: string): boolean {
	return /^\/(login|join|setup|forgot-password|reset-password)(\/|$)/.test(pathname);
}

/** What reads much to make a file. */
export function isExportPath(pathname: string): boolean {
	return /\.csv$|\/exports?(\/|$)/.test(pathname);
}

/** What takes a file. */
export function isUploadPath(pathname: string): boolean {
	return /\/(import|upload)s?(\/|$)/.test(pathname);
}

const KIB = 1024;

/** The longest body that is taken there; a chunked one is bounded by BODY_SIZE_LIMIT alone. */
export function bodyBytesMax(pathname: string): number {
	if (isUploadPath(pathname)) return Infinity;
	if (isWebhookPath(pathname)) return 2 * KIB * KIB;
	if (isTrpcPath(pathname)) return 2 * KIB * KIB;
	return isRestPath(pathname) ? REST_BYTES_MAX : 256 * KIB;
}

export const REST_BYTES_MAX = 64 * KIB;

export function isTrpcPath(pathname: string): boolean {
	return pathname.startsWith('/trpc/');
}

/** REST paths that answer `{ error: { code, message } }`. */
export function isRestPath(pathname: string): boolean {
	return pathname.startsWith('/api/') || pathname.startsWith('/call-minutes/');
}
