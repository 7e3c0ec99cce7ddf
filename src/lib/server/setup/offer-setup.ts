import { lt } from 'drizzle-orm';
import { setupTokens } from '../db/schema/index';
import { newLinkToken, sha256 } from '../auth/secrets';
import type { Services } from '../services';
import { isSetUp } from './is-set-up';

const LIFE_MS = 7 * 86_400_000;

/**
 * Where nobody runs the platform yet: makes a token that lets whoever reads this process's output create
 * the super admin. Each process makes one; the first that is used makes all void.
 * @returns the link to print; null when there is a super admin
 */
export async function offerSetup(services: Services): Promise<string | null> {
	if (await isSetUp(services)) return null;
	const token = newLinkToken();
	const { db } = services.unbound;
	await db
		.delete(setupTokens)
		.where(lt(setupTokens.createdAt, new Date(services.clock() - LIFE_MS)));
	await db
		.insert(setupTokens)
		.values({ tokenHash: sha256(token), createdAt: new Date(services.clock()) });
	return `${services.config.origin}/setup?token=${token}`;
}
