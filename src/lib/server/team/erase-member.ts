/**
 * Erases who a member was: name, e-mail, phone, sign-in, devices, mails, and where they signed in from. What
 * they did stays, under an id without a name. There is no way back.
 */
import { and, eq, sql } from 'drizzle-orm';
import type { EraseMemberInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationOf, requireRecentProof } from '../authorize';
import type { Context } from '../context';
import { users } from '../db/schema/index';
import { AppError } from '../errors';

export async function eraseMember({
	ctx,
	input
}: {
	ctx: Context;
	input: EraseMemberInput;
}): Promise<{ userId: string }> {
	const organizationId = requireOrganizationOf(ctx, 'team.erase', input.organizationId);
	requireRecentProof(ctx);
	const { confirmation } = input;
	const userId = await ctx.services.database.db.transaction(async (tx) => {
		const [member] = await tx
			.select({ id: users.id, email: users.email, disabledAt: users.disabledAt })
			.from(users)
			.where(and(eq(users.organizationId, organizationId), isNamed(input)))
			.for('update');
		if (!member) throw new AppError('not_found', 'There is no such member of the organisation.');
		if (ctx.caller.kind === 'person' && ctx.caller.person.userId === member.id) {
			throw new AppError('conflict', 'Nothing was erased: nobody erases themselves.');
		}
		if (member.disabledAt === null) {
			throw new AppError(
				'conflict',
				'Nothing was erased: take the access of this member away first.'
			);
		}
		if (confirmation.trim().toLowerCase() !== member.email.toLowerCase()) {
			const sentence = 'Nothing was erased: type the e-mail address of the member.';
			throw new AppError('invalid', sentence, { confirmation: sentence });
		}
		const at = new Date(ctx.nowMs).toISOString();
		await tx.execute(sql`select erase_member(${organizationId}, ${member.id}, ${at}::timestamptz)`);
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'member.erased',
			after: { userId: member.id }
		});
		return member.id;
	});
	await ctx.services.hub.recheckStreamsOf(userId);
	return { userId };
}

/** The command line knows a member by their address. */
function isNamed({ userId, confirmation }: EraseMemberInput) {
	return userId === undefined
		? sql`lower(${users.email}) = ${confirmation.trim().toLowerCase()}`
		: eq(users.id, userId);
}
