import { and, inArray, lt } from 'drizzle-orm';
import type { Context } from '../context';
import { contactImports } from '../db/schema/index';

const KEPT_MS = 24 * 3_600_000;

/** Throws away files that were uploaded a day ago and never imported. */
export async function discardOldUploads({ ctx }: { ctx: Context }): Promise<void> {
	await ctx.services.database.db
		.delete(contactImports)
		.where(
			and(
				inArray(contactImports.state, ['uploading', 'ready']),
				lt(contactImports.createdAt, new Date(ctx.nowMs - KEPT_MS))
			)
		);
}
