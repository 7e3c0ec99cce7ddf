import { eq } from 'drizzle-orm';
import type { DatabaseClient } from '../db/client';
import { users } from '../db/schema/index';
import type { Services } from '../services';

/** Once there is a super admin there is one for good: asked no more. */
const known = new WeakSet<DatabaseClient>();

/** Whether somebody runs this platform already. */
export async function isSetUp({ unbound }: Services): Promise<boolean> {
	if (known.has(unbound)) return true;
	const [admin] = await unbound.db
		.select({ id: users.id })
		.from(users)
		.where(eq(users.role, 'super_admin'))
		.limit(1);
	if (!admin) return false;
	known.add(unbound);
	return true;
}
