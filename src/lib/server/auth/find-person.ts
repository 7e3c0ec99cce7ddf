import { and, eq, isNull } from 'drizzle-orm';
import type { TokenScope } from '$lib/domain/token-scopes';
import type { Person } from '../context';
import { apiTokens, organizations, users } from '../db/schema/index';
import type { Services } from '../services';
import { sha256 } from './secrets';

const person = {
	userId: users.id,
	name: users.name,
	email: users.email,
	role: users.role,
	organizationId: users.organizationId,
	organizationName: organizations.name,
	phone: users.phone
};

/** The person of a live session, with the session so that its cookie can be renewed. */
export async function findPersonBySession(services: Services, sessionId: string) {
	const { session } = await services.sessions.validateSession(sessionId);
	if (!session) return null;
	const found = await findPersonById(services, session.userId);
	return found ? { person: found, session } : null;
}

export async function findPersonById(services: Services, userId: string): Promise<Person | null> {
	const [found] = await services.database.db
		.select(person)
		.from(users)
		.leftJoin(organizations, eq(organizations.id, users.organizationId))
		.where(and(eq(users.id, userId), isNull(users.disabledAt)));
	return found ?? null;
}

/** The person an API token speaks for; notes that it was used. */
export async function findPersonByToken(
	services: Services,
	token: string
): Promise<{ person: Person; scopes: TokenScope[] | null } | null> {
	const { db } = services.database;
	const [found] = await db
		.select({ ...person, tokenId: apiTokens.id, scopes: apiTokens.scopes })
		.from(apiTokens)
		.innerJoin(users, eq(users.id, apiTokens.userId))
		.leftJoin(organizations, eq(organizations.id, users.organizationId))
		.where(
			and(
				eq(apiTokens.tokenHash, sha256(token)),
				isNull(apiTokens.revokedAt),
				isNull(users.disabledAt)
			)
		);
	if (!found) return null;
	const { tokenId, scopes, ...rest } = found;
	await db
		.update(apiTokens)
		.set({ lastUsedAt: new Date(services.clock()) })
		.where(eq(apiTokens.id, tokenId));
	return { person: rest, scopes };
}
