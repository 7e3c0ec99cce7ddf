import { v7 as uuid } from 'uuid';
import { eq } from 'drizzle-orm';
import { CreateUserInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations, users } from '../db/schema/index';
import { AppError } from '../errors';
import { parseInput } from '../parse';
import { requireGoodPassword } from './password-policy';
import { hashPassword } from './passwords';

/** Creates a person who can sign in. Super admins belong to no organisation, others to exactly one. */
export async function createUser({
	ctx,
	input
}: {
	ctx: Context;
	input: CreateUserInput;
}): Promise<{ id: string; email: string }> {
	requirePermission(ctx, 'users.create');
	const { password, name, ...values } = parseInput(CreateUserInput, input);
	if ((values.role === 'super_admin') !== (values.organizationId === null)) {
		throw new AppError(
			'invalid',
			'A manager or agent needs an organisation, a super admin has none.'
		);
	}
	await requireGoodPassword(password, [values.email, name ?? '']);
	const passwordHash = await hashPassword(password);
	return ctx.services.database.db.transaction(async (tx) => {
		if (values.organizationId !== null) {
			const [known] = await tx
				.select({ id: organizations.id })
				.from(organizations)
				.where(eq(organizations.id, values.organizationId));
			if (!known)
				throw new AppError('not_found', `There is no organisation ${values.organizationId}.`);
		}
		const [user] = await tx
			.insert(users)
			.values({ id: uuid(), ...values, name: name ?? values.email, passwordHash })
			.onConflictDoNothing()
			.returning({ id: users.id, email: users.email });
		if (!user) throw new AppError('conflict', `There is an account for ${values.email} already.`);
		await writeAudit(tx, ctx, {
			organizationId: values.organizationId,
			action: 'user.create',
			after: { email: values.email, role: values.role }
		});
		return user;
	});
}
