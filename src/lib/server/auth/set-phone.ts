import { eq, sql } from 'drizzle-orm';
import { parsePhone } from '$lib/domain/phone';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations, users } from '../db/schema/index';
import { AppError } from '../errors';

/** Enters the phone of a person: the one that is rung first where a provider connects two phones. */
export async function setPhone({
	ctx,
	input
}: {
	ctx: Context;
	input: { email: string; phone: string };
}): Promise<{ email: string; phone: string }> {
	requirePermission(ctx, 'users.create');
	return ctx.services.database.db.transaction(async (tx) => {
		const [person] = await tx
			.select({ user: users, country: organizations.country })
			.from(users)
			.leftJoin(organizations, eq(organizations.id, users.organizationId))
			.where(sql`lower(${users.email}) = ${input.email.toLowerCase()}`);
		if (!person) throw new AppError('not_found', `There is no account for ${input.email}.`);
		const number = parsePhone(input.phone, person.country ?? undefined);
		if (!number) {
			const sentence = 'phone must be a phone number, for example +12025550123.';
			throw new AppError('invalid', sentence, { phone: sentence });
		}
		const { id, organizationId, email, phone } = person.user;
		await tx.update(users).set({ phone: number.e164 }).where(eq(users.id, id));
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'user.set_phone',
			before: { email, phone },
			after: { email, phone: number.e164 }
		});
		return { email, phone: number.e164 };
	});
}
