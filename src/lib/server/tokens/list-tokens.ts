import { and, desc, eq } from 'drizzle-orm';
import type { ListTokensInput } from '$lib/inputs';
import type { ApiTokenView } from '$lib/views';
import { readableOrganizationId, requirePermission } from '../authorize';
import type { Context } from '../context';
import { apiTokens, organizations, users } from '../db/schema/index';

const TOKENS_MAX = 500;

/** API tokens, newest first: of the own organisation, or for a super admin of one or of all. */
export async function listTokens({
	ctx,
	input
}: {
	ctx: Context;
	input: ListTokensInput;
}): Promise<ApiTokenView[]> {
	requirePermission(ctx, 'tokens.create');
	const organizationId = readableOrganizationId(ctx, input.organizationId);
	const rows = await ctx.services.database.db
		.select({ token: apiTokens, user: users, organizationName: organizations.name })
		.from(apiTokens)
		.innerJoin(users, eq(users.id, apiTokens.userId))
		.leftJoin(organizations, eq(organizations.id, users.organizationId))
		.where(and(organizationId === null ? undefined : eq(users.organizationId, organizationId)))
		.orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
		.limit(TOKENS_MAX);
	return rows.map(({ token, user, organizationName }) => ({
		id: token.id,
		name: token.name,
		scopes: token.scopes,
		userName: user.name,
		userEmail: user.email,
		organizationId: user.organizationId,
		organizationName,
		createdAt: token.createdAt.toISOString(),
		lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
		revokedAt: token.revokedAt?.toISOString() ?? null
	}));
}
