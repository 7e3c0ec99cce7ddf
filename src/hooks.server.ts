import { randomUUID } from 'node:crypto';
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { authenticate } from '$lib/server/http/authenticate';
import { boundRequests } from '$lib/server/http/bound-requests';
import { guardOrigin } from '$lib/server/http/guard-origin';
import { limitAddresses, limitCallers } from '$lib/server/http/limit-rate';
import { observeRequest } from '$lib/server/http/observe-request';
import { secureHeaders } from '$lib/server/http/secure-headers';
import { startProcess } from '$lib/server/http/start-process';
import { AppError } from '$lib/server/errors';
import { getServices } from '$lib/server/process';
import { createTRPCHandle } from '$lib/server/trpc/handle';

export const init: ServerInit = () => startProcess();

const identify: Handle = ({ event, resolve }) => {
	event.locals.requestId = randomUUID();
	return resolve(event);
};

const trpc = createTRPCHandle({
	url: '/trpc',
	createContext: (event) => event.locals.ctx,
	onError: (error, path) =>
		getServices().log.error({ err: error.cause ?? error, path }, 'tRPC fault')
});

export const handle = sequence(
	identify,
	observeRequest,
	secureHeaders,
	boundRequests,
	limitAddresses,
	guardOrigin,
	authenticate,
	limitCallers,
	trpc
);

/** Refusals keep their sentence and status; a fault is logged and shows only its request id. */
export const handleError: HandleServerError = ({ error, event, status, message }) => {
	const { requestId } = event.locals;
	if (error instanceof AppError) return { message: error.message, requestId };
	if (status !== 404) {
		getServices().log.error({ err: error, requestId, path: event.url.pathname }, 'request failed');
	}
	return { message: status === 404 ? message : 'Something failed here. It was logged.', requestId };
};
