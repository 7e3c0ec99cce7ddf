import type { Handle, RequestEvent } from '@sveltejs/kit';
import { mayUse } from '$lib/domain/token-scopes';
import type { UserView } from '$lib/views';
import { findPersonBySession, findPersonByToken } from '../auth/find-person';
import { touchSession } from '../auth/touch-session';
import { createContext, type Caller } from '../context';
import { isConnectionTrouble } from '../db/trouble';
import { AppError } from '../errors';
import { getServices } from '../process';
import { addressOf } from './client-address';
import { isWebhookPath } from './paths';
import { refuse } from './refuse';

/** Finds out who asks, by bearer token or session cookie, and makes the context of every verb. */
export const authenticate: Handle = async ({ event, resolve }) => {
	const services = getServices();
	event.locals.sessionId = null;
	const request = {
		address: addressOf(event, services.config.trustedProxyCount),
		requestId: event.locals.requestId
	};
	event.locals.ctx = { ...createContext(services, { kind: 'anonymous' }), request };
	event.locals.user = null;
	if (!isWebhookPath(event.url.pathname) && !event.url.pathname.startsWith('/_app/')) {
		try {
			const caller = await findCaller(event);
			if (caller) {
				event.locals.ctx = { ...createContext(services, caller), request };
				event.locals.user = toUserView(caller.person);
			}
		} catch (error) {
			if (error instanceof AppError) return refuse(event, error.code, error.message);
			if (!isConnectionTrouble(error)) throw error;
			return refuse(event, 'unavailable', 'The database cannot be reached. Try again in a moment.');
		}
	}
	return resolve(event);
};

type PersonCaller = Extract<Caller, { kind: 'person' }>;

async function findCaller(event: RequestEvent): Promise<PersonCaller | null> {
	const services = getServices();
	const authorization = event.request.headers.get('authorization');
	if (authorization?.startsWith('Bearer ')) {
		const found = await findPersonByToken(services, authorization.slice('Bearer '.length).trim());
		if (found && !mayUse(found.scopes, event.request.method, event.url.pathname)) {
			throw new AppError('forbidden', 'This API token may not do that: it lacks the scope.');
		}
		return found && { kind: 'person', person: found.person };
	}
	const sessionId = event.cookies.get(services.sessions.sessionCookieName);
	if (!sessionId) return null;
	const found = await findPersonBySession(services, sessionId);
	if (!found) return null;
	event.locals.sessionId = sessionId;
	const { person, session } = found;
	await touchSession(services, session, addressOf(event, services.config.trustedProxyCount));
	if (session.fresh) {
		const { name, value, attributes } = services.sessions.createSessionCookie(sessionId);
		event.cookies.set(name, value, { path: '/', ...attributes });
	}
	const { publicId, provedAt } = session;
	return { kind: 'person', person, session: { id: publicId, provedAtMs: provedAt.getTime() } };
}

function toUserView(person: PersonCaller['person']): UserView {
	return {
		id: person.userId,
		name: person.name,
		email: person.email,
		role: person.role,
		organizationId: person.organizationId,
		organizationName: person.organizationName
	};
}
