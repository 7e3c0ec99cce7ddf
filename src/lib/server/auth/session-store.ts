/**
 * Lucia's session life cycle over our own adapter, which stores only the SHA-256 of a session id:
 * Lucia's adapters would store it plain, and a copy of the table would sign anyone in.
 */
import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import { Lucia, TimeSpan, type Adapter, type DatabaseSession } from 'lucia';
import type { Person } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { organizations, sessions, users } from '../db/schema/index';
import { personColumns } from './find-person';
import { sha256 } from './secrets';

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<SessionFacts, UserFacts>;
		UserId: string;
		DatabaseSessionAttributes: SessionFacts;
		DatabaseUserAttributes: UserFacts;
	}
}

/** What is kept of a session beside whose it is and how long it lives. */
export interface SessionFacts {
	/** Names it where people see it; opens nothing. */
	publicId: string;
	provedAt: Date;
	lastSeenAt: Date;
	address: string | null;
	userAgent: string | null;
}

interface UserFacts {
	person: Person;
}

/** A session and whose it is, if they may sign in, in one question: every request of a page asks it. */
const sessionByHash = writeOnce((db) =>
	db
		.select({ session: sessions, person: personColumns })
		.from(sessions)
		.innerJoin(users, and(eq(users.id, sessions.userId), isNull(users.disabledAt)))
		.leftJoin(organizations, eq(organizations.id, users.organizationId))
		.where(eq(sessions.idHash, sql.placeholder('idHash')))
		.prepare('session_by_hash')
);

class HashedSessionAdapter implements Adapter {
	constructor(private readonly db: Database) {}

	async getSessionAndUser(sessionId: string): ReturnType<Adapter['getSessionAndUser']> {
		const [row] = await sessionByHash(this.db).execute({ idHash: sha256(sessionId) });
		if (!row) return [null, null];
		const { session, person } = row;
		const { id: publicId, userId, expiresAt, provedAt, lastSeenAt, address, userAgent } = session;
		const attributes = { publicId, provedAt, lastSeenAt, address, userAgent };
		return [
			{ id: sessionId, userId, expiresAt, attributes },
			{ id: userId, attributes: { person } }
		];
	}

	/** Only the hashes are known, so no session can be listed by its id. */
	async getUserSessions(): Promise<DatabaseSession[]> {
		return [];
	}

	async setSession(session: DatabaseSession): Promise<void> {
		const { id, userId, expiresAt, attributes } = session;
		const { publicId, ...facts } = attributes;
		await this.db
			.insert(sessions)
			.values({ ...facts, id: publicId, idHash: sha256(id), userId, expiresAt });
	}

	async updateSessionExpiration(sessionId: string, expiresAt: Date): Promise<void> {
		await this.db
			.update(sessions)
			.set({ expiresAt })
			.where(eq(sessions.idHash, sha256(sessionId)));
	}

	async deleteSession(sessionId: string): Promise<void> {
		await this.db.delete(sessions).where(eq(sessions.idHash, sha256(sessionId)));
	}

	async deleteUserSessions(userId: string): Promise<void> {
		await this.db.delete(sessions).where(eq(sessions.userId, userId));
	}

	async deleteExpiredSessions(): Promise<void> {
		await this.db.delete(sessions).where(lte(sessions.expiresAt, new Date()));
	}
}

export type SessionStore = Lucia<SessionFacts, UserFacts>;

/** @param origin decides the cookie: `__Host-` and Secure everywhere but on http://localhost */
export function createSessionStore(db: Database, origin: string): SessionStore {
	const isSecure = origin.startsWith('https:');
	return new Lucia(new HashedSessionAdapter(db), {
		sessionExpiresIn: new TimeSpan(30, 'd'),
		getSessionAttributes: (facts) => facts,
		getUserAttributes: (facts) => facts,
		sessionCookie: {
			name: isSecure ? '__Host-talktime' : 'talktime_session',
			attributes: { secure: isSecure, sameSite: 'lax', path: '/' }
		}
	});
}
