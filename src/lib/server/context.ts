import type { Whence } from '$lib/domain/lane/commands';
import type { Role } from '$lib/domain/permissions';
import type { Services } from './services';

/** A signed-in person, by cookie or token. */
export interface Person {
	userId: string;
	name: string;
	email: string;
	role: Role;
	/** Null for super admins. */
	organizationId: number | null;
	organizationName: string | null;
	phone: string | null;
}

/** The session a person acts in. */
export interface CallerSession {
	/** Names it where people see it; opens nothing. */
	id: string;
	/** When the person last showed that it is them, by password or code. */
	provedAtMs: number;
}

/** Who acts in a verb. */
export type Caller =
	| {
			kind: 'person';
			person: Person;
			/** Missing when a program acts with the person's API token. */
			session?: CallerSession;
	  }
	| { kind: 'command_line' }
	| { kind: 'job' }
	| { kind: 'anonymous' };

/** What every verb is given: who acts, when, and the services of this process. */
export interface Context {
	caller: Caller;
	/** The request it came with; a job or a command has none. */
	request?: Whence;
	nowMs: number;
	services: Services;
}

/** A member's database is bound to their organisation; everyone else's sees all of them. */
export function createContext(
	services: Services,
	caller: Caller,
	nowMs = services.clock()
): Context {
	const organizationId = caller.kind === 'person' ? caller.person.organizationId : null;
	const own = organizationId === null ? services : services.forOrganization(organizationId);
	return { caller, nowMs, services: own };
}
