import { and, eq, isNull } from 'drizzle-orm';
import type { TokenIdInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { readableOrganizationId, requirePermission } from '../authorize';
import type { Context } from '../context';
import { apiTokens, users } from '../db/schema/index';
import { AppError } from '../errors';

/** Takes a token's right away, from its next request on. */
export async function revokeToken({
	ctx,
	input: { tokenId }
}: {
	ctx: Context;
	input: TokenIdInput;
}): Promise<{ revoked: true }> {
	requirePermission(ctx, 'tokens.create');
	const ownId = readableOrganizationId(ctx, undefined);
	await ctx.services.database.db.transaction(async (tx) => {
		const [token] = await tx
			.select({ name: apiTokens.name, userId: users.id, organizationId: users.organizationId })
			.from(apiTokens)
			.innerJoin(users, eq(users.id, apiTokens.userId))
			.where(
				and(
					eq(apiTokens.id, tokenId),
					isNull(apiTokens.revokedAt),
					ownId === null ? undefined : eq(users.organizationId, ownId)
				)
			)
			.for('update', { of: apiTokens });
		if (!token) throw new AppError('not_found', 'There is no such token in use.');
		await tx
			.update(apiTokens)
			.set({ revokedAt: new Date(ctx.nowMs) })
			.where(eq(apiTokens.id, tokenId));
		await writeAudit(tx, ctx, {
			organizationId: token.organizationId,
			action: 'token.revoke',
			before: { tokenId, name: token.name, userId: token.userId }
		});
	});
	return { revoked: true };
}
