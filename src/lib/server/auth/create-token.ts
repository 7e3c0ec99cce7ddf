import { v7 as uuid } from 'uuid';
import { sql } from 'drizzle-orm';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { apiTokens, users } from '../db/schema/index';
import { AppError } from '../errors';
import { newApiToken, sha256 } from './secrets';

/** Makes an API token that speaks for a person. The token itself is returned once and never stored. */
export async function createToken({
	ctx,
	input
}: {
	ctx: Context;
	input: { email: string; name: string };
}): Promise<{ token: string }> {
	requirePermission(ctx, 'tokens.create');
	const token = newApiToken();
	await ctx.services.database.db.transaction(async (tx) => {
		const [user] = await tx
			.select({ id: users.id, organizationId: users.organizationId })
			.from(users)
			.where(sql`lower(${users.email}) = ${input.email.toLowerCase()}`);
		if (!user) throw new AppError('not_found', `There is no account for ${input.email}.`);
		const values = { id: uuid(), userId: user.id, name: input.name, tokenHash: sha256(token) };
		await tx.insert(apiTokens).values(values);
		await writeAudit(tx, ctx, {
			organizationId: user.organizationId,
			action: 'token.create',
			after: { tokenId: values.id, name: input.name, userId: user.id }
		});
	});
	return { token };
}
