import type { Handle, RequestEvent } from '@sveltejs/kit';
import type { UserView } from '$lib/views';
import { findPersonBySession, findPersonByToken } from '../auth/find-person';
import { createContext, type Person } from '../context';
import { isConnectionTrouble } from '../db/trouble';
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
			const person = await findPerson(event);
			if (person) {
				event.locals.ctx = { ...createContext(services, { kind: 'person', person }), request };
				event.locals.user = toUserView(person);
			}
		} catch (error) {
			if (!isConnectionTrouble(error)) throw error;
			return refuse(event, 'unavailable', 'The database cannot be reached. Try again in a moment.');
		}
	}
	return resolve(event);
};

async function findPerson(event: RequestEvent): Promise<Person | null> {
	const services = getServices();
	const authorization = event.request.headers.get('authorization');
	if (authorization?.startsWith('Bearer ')) {
		return findPersonByToken(services, authorization.slice('Bearer '.length).trim());
	}
	const sessionId = event.cookies.get(services.sessions.sessionCookieName);
	if (!sessionId) return null;
	const found = await findPersonBySession(services, sessionId);
	if (!found) return null;
	event.locals.sessionId = sessionId;
	if (found.session.fresh) {
		const { name, value, attributes } = services.sessions.createSessionCookie(sessionId);
		event.cookies.set(name, value, { path: '/', ...attributes });
	}
	return found.person;
}

function toUserView(person: Person): UserView {
	return {
		id: person.userId,
		name: person.name,
		email: person.email,
		role: person.role,
		organizationId: person.organizationId,
		organizationName: person.organizationName
	};
}
