/**
 * A browser in which a person has signed in carries a cookie that says so. Its tries are counted by
 * themselves, so that whoever guesses from elsewhere, with however many addresses, never slows the owner
 * down (OWASP: device cookies). It opens nothing.
 */
import { and, eq, sql } from 'drizzle-orm';
import { knownDevices, users } from '../db/schema/index';
import type { Services } from '../services';
import { newLinkToken, sha256 } from './secrets';

export const DEVICE_SECONDS = 365 * 86_400;

/** The hash of the device when it is one of this account. */
export async function findKnownDevice(
	services: Services,
	device: string | null | undefined,
	email: string
): Promise<string | null> {
	if (!device) return null;
	const [known] = await services.unbound.db
		.select({ idHash: knownDevices.idHash })
		.from(knownDevices)
		.innerJoin(users, eq(users.id, knownDevices.userId))
		.where(
			and(
				eq(knownDevices.idHash, sha256(device)),
				sql`lower(${users.email}) = ${email.toLowerCase()}`
			)
		);
	return known?.idHash ?? null;
}

/** Notes the browser as one of the person's. @returns what its cookie holds */
export async function keepDevice(
	services: Services,
	userId: string,
	device: string | null | undefined
): Promise<string> {
	const now = new Date(services.clock());
	const { db } = services.unbound;
	if (device) {
		const kept = await db
			.update(knownDevices)
			.set({ lastSeenAt: now })
			.where(and(eq(knownDevices.idHash, sha256(device)), eq(knownDevices.userId, userId)))
			.returning({ idHash: knownDevices.idHash });
		if (kept.length > 0) return device;
	}
	const made = newLinkToken();
	await db
		.insert(knownDevices)
		.values({ idHash: sha256(made), userId, createdAt: now, lastSeenAt: now });
	return made;
}
