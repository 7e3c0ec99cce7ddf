import type {
	ProviderRegistration,
	SandboxContext,
	SandboxEnvironment,
	SandboxProvider
} from '../provider';
import { isLoopbackHost } from '../loopback';
import { answerStripeApi, findIdempotencyKey } from './api';
import { answerStripeControl, listStripePayments } from './control';
import { errorReply, faultError } from './errors';
import { EventLog } from './events';
import { IdempotencyKeys } from './idempotency';
import { randomLetters } from './ids';
import { answerStripePage } from './page-routes';
import type { StripeRoom } from './room';
import { StripeStore } from './store';

/** Stripe's paths that no other provider has; Exotel's begin with /v1/Accounts/. */
const API_PATHS =
	/^\/v1\/(account|balance_transactions|charges|checkout|customers|disputes|events|payment_intents|payment_methods|refunds|setup_intents)(\/|$)/;

/** STRIPE_WEBHOOK_URL, or the app's own door at ORIGIN; null when neither is known. */
function readEndpointUrl(environment: SandboxEnvironment): string | null {
	const { STRIPE_WEBHOOK_URL: given, ORIGIN: origin } = environment;
	const url = given || (origin ? `${origin}/api/stripe/webhook` : null);
	if (url === null || (URL.canParse(url) && isLoopbackHost(new URL(url).hostname))) return url;
	throw new Error(`STRIPE_WEBHOOK_URL must be a loopback address: ${url}`);
}

function openStripe(context: SandboxContext, environment: SandboxEnvironment): SandboxProvider {
	const secretKey = environment.STRIPE_SECRET_KEY ?? '';
	const room: StripeRoom = {
		context,
		store: new StripeStore(),
		events: new EventLog(context, {
			url: readEndpointUrl(environment),
			secret: environment.STRIPE_WEBHOOK_SECRET ?? ''
		}),
		keys: new IdempotencyKeys(),
		merchantName: 'Talktime'
	};
	return {
		name: 'stripe',
		owns: (pathname) => API_PATHS.test(pathname) || pathname.startsWith('/c/'),
		isPage: (pathname) => pathname.startsWith('/c/'),
		answer: async (request) =>
			request.url.pathname.startsWith('/c/')
				? answerStripePage(room, request)
				: answerStripeApi(room, secretKey, request),
		errorReply: (status) => {
			const headers = { 'request-id': `req_${randomLetters(14)}` };
			return { ...errorReply(faultError(status)), headers };
		},
		keepError: (request, reply) => {
			const key = findIdempotencyKey(request);
			if (key !== null) room.keys.keep(key, reply);
		},
		control: (request, path) => answerStripeControl(room, request, path),
		listCalls: () => [],
		countCalls: () => ({ total: 0, live: 0, byStatus: {} }),
		finishCall: () => 'unknown',
		listPayments: (limit) => listStripePayments(room, limit),
		reset: () => {
			room.store.clear();
			room.events.clear();
			room.keys.clear();
		}
	};
}

/** Stripe's REST API, payment page and webhooks. */
export const stripeRegistration: ProviderRegistration = {
	name: 'stripe',
	needs: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
	open: openStripe
};
