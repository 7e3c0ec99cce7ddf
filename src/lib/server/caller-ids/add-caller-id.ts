import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { parsePhone } from '$lib/domain/phone';
import type { AddCallerIdInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { callerIds, organizations } from '../db/schema/index';
import { AppError } from '../errors';

/** Adds a number to the pool: for one organisation, or shared by all. It must be ours at the provider. */
export async function addCallerId({
	ctx,
	input
}: {
	ctx: Context;
	input: AddCallerIdInput;
}): Promise<{ id: string; number: string; country: string }> {
	requirePermission(ctx, 'caller_ids.write');
	const parsed = parsePhone(input.number, 'US');
	if (!parsed) {
		const sentence = 'number must be a phone number with its country, like +12025550199.';
		throw new AppError('invalid', sentence, { number: sentence });
	}
	const { e164: number, country } = parsed;
	const { provider } = input;
	const organizationId = input.organizationId ?? null;
	return ctx.services.database.db.transaction(async (tx) => {
		if (organizationId !== null) {
			const found = await tx
				.select({ id: organizations.id })
				.from(organizations)
				.where(eq(organizations.id, organizationId));
			if (found.length === 0) {
				throw new AppError('not_found', 'organization_id names no organisation.');
			}
		}
		const values = { id: uuid(), organizationId, provider, number, country };
		const added = await tx
			.insert(callerIds)
			.values(values)
			.onConflictDoNothing()
			.returning({ id: callerIds.id });
		if (added.length === 0) {
			throw new AppError('conflict', `${number} is in the pool already.`);
		}
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'caller_id.add',
			after: values
		});
		return { id: values.id, number, country };
	});
}
