/** Holds back whoever asks too often: 429, how long to wait, and a sentence. Webhooks are bounded instead. */
import type { Handle, RequestEvent } from '@sveltejs/kit';
import { readConfigOnce } from '../process';
import { addressOf } from './client-address';
import { isExportPath, isRestPath, isSignInPath, isTrpcPath, isWebhookPath } from './paths';
import { RateLimits, type LimitName } from './rate-limits';
import { refuse } from './refuse';

let limits: RateLimits | null = null;

/** Before anybody is known: by address. */
export const limitAddresses: Handle = ({ event, resolve }) => {
	const { pathname } = event.url;
	if (isWebhookPath(pathname) || pathname.startsWith('/_app/')) return resolve(event);
	const isSignIn = event.request.method === 'POST' && isSignInPath(pathname);
	const address = addressOf(event, readConfigOnce().trustedProxyCount) ?? 'unknown';
	return (
		holdBack(event, isSignIn ? ['address', 'sign_in'] : ['address'], address) ?? resolve(event)
	);
};

/** Once it is known who asks: by account, or by address for strangers. */
export const limitCallers: Handle = ({ event, resolve }) => {
	const { pathname } = event.url;
	const names = limitsOf(event);
	if (isWebhookPath(pathname) || names.length === 0) return resolve(event);
	const { caller } = event.locals.ctx;
	if (caller.kind === 'person') {
		// A token has its own count: a program that runs away does not lock its owner out of the pages.
		const how = event.request.headers.has('authorization') ? 'token' : 'session';
		return holdBack(event, names, `${how} ${caller.person.userId}`) ?? resolve(event);
	}
	const address = addressOf(event, readConfigOnce().trustedProxyCount) ?? 'unknown';
	return holdBack(event, ['stranger'], address) ?? resolve(event);
};

function limitsOf({ url: { pathname } }: RequestEvent): LimitName[] {
	if (isExportPath(pathname)) return ['export'];
	if (isTrpcPath(pathname)) return ['trpc'];
	return isRestPath(pathname) ? ['rest'] : [];
}

function holdBack(event: RequestEvent, names: LimitName[], who: string): Response | null {
	limits ??= new RateLimits(readConfigOnce().rateLimitFactor);
	const waits = names.map((name) => limits?.waitFor(name, who, Date.now()) ?? 0);
	const waitSeconds = Math.max(...waits);
	if (waitSeconds === 0) return null;
	const wait = waitSeconds === 1 ? 'a second' : `${waitSeconds} seconds`;
	const sentence = `Too many requests. Wait ${wait}, then try again.`;
	const response = refuse(event, 'too_many_requests', sentence);
	response.headers.set('retry-after', String(waitSeconds));
	return response;
}
