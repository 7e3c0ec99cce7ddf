import { and, eq, isNull, sql } from 'drizzle-orm';
import type { TokenScope } from '$lib/domain/token-scopes';
import type { Person } from '../context';
import { writeOnce } from '../db/prepared';
import { apiTokens, organizations, users } from '../db/schema/index';
import type { Services } from '../services';
import { sha256 } from './secrets';

/** What a person is known by. */
export const personColumns = {
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
	const { session, user } = await services.sessions.validateSession(sessionId);
	return session && { person: user.person, session };
}

export async function findPersonById(services: Services, userId: string): Promise<Person | null> {
	const [found] = await personById(services.database.db).execute({ userId });
	return found ?? null;
}

const personById = writeOnce((db) =>
	db
		.select(personColumns)
		.from(users)
		.leftJoin(organizations, eq(organizations.id, users.organizationId))
		.where(and(eq(users.id, sql.placeholder('userId')), isNull(users.disabledAt)))
		.prepare('person_by_id')
);

const personByToken = writeOnce((db) =>
	db
		.select({
			...personColumns,
			tokenId: apiTokens.id,
			scopes: apiTokens.scopes,
			lastUsedAt: apiTokens.lastUsedAt
		})
		.from(apiTokens)
		.innerJoin(users, eq(users.id, apiTokens.userId))
		.leftJoin(organizations, eq(organizations.id, users.organizationId))
		.where(
			and(
				eq(apiTokens.tokenHash, sql.placeholder('tokenHash')),
				isNull(apiTokens.revokedAt),
				isNull(users.disabledAt)
			)
		)
		.prepare('person_by_token')
);

const NOTED_EVERY_MS = 60_000;

/** The person an API token speaks for; notes that it was used. */
export async function findPersonByToken(
	services: Services,
	token: string
): Promise<{ person: Person; scopes: TokenScope[] | null } | null> {
	const { db } = services.database;
	const [found] = await personByToken(db).execute({ tokenHash: sha256(token) });
	if (!found) return null;
	const { tokenId, scopes, lastUsedAt, ...rest } = found;
	const nowMs = services.clock();
	// To the minute: a program that asks all day must not write with each question.
	if (Math.abs(nowMs - (lastUsedAt?.getTime() ?? 0)) >= NOTED_EVERY_MS) {
		await db
			.update(apiTokens)
			.set({ lastUsedAt: new Date(nowMs) })
			.where(eq(apiTokens.id, tokenId));
	}
	return { person: rest, scopes };
}
