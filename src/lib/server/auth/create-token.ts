import { v7 as uuid } from 'uuid';
import { sql } from 'drizzle-orm';
import type { TokenScope } from '$lib/domain/token-scopes';
import { writeAudit } from '../audit/write-audit';
import { readableOrganizationId, requirePermission } from '../authorize';
import type { Context } from '../context';
import { apiTokens, users } from '../db/schema/index';
import { AppError } from '../errors';
import { newApiToken, sha256 } from './secrets';

/**
 * Makes an API token that speaks for a person, of the own organisation unless a super admin asks. The
 * token itself is returned once and never stored.
 */
export async function createToken({
	ctx,
	input
}: {
	ctx: Context;
	input: { email: string; name: string; scopes?: TokenScope[] | null };
}): Promise<{ token: string }> {
	requirePermission(ctx, 'tokens.create');
	const ownId = readableOrganizationId(ctx, undefined);
	const token = newApiToken();
	await ctx.services.database.db.transaction(async (tx) => {
		const [user] = await tx
			.select({ id: users.id, organizationId: users.organizationId })
			.from(users)
			.where(sql`lower(${users.email}) = ${input.email.toLowerCase()}`);
		if (!user || (ownId !== null && user.organizationId !== ownId)) {
			const sentence = `There is no account for ${input.email}.`;
			throw new AppError('not_found', sentence, { email: sentence });
		}
		const scopes = input.scopes ? [...new Set(input.scopes)] : null;
		const values = { id: uuid(), userId: user.id, name: input.name, scopes };
		await tx.insert(apiTokens).values({ ...values, tokenHash: sha256(token) });
		await writeAudit(tx, ctx, {
			organizationId: user.organizationId,
			action: 'token.create',
			after: { tokenId: values.id, name: input.name, scopes, userId: user.id }
		});
	});
	return { token };
}
