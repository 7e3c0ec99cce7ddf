import { isTimeZone } from '$lib/domain/time-zone';
import { CreateOrganizationInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { callBalance, organizationCallMinutes, organizations } from '../db/schema/index';
import type { LiveEvent } from '$lib/views';
import { AppError } from '../errors';
import { appendCredit } from '../live/append-credit';
import { addDefaultDispositions } from '../outcomes/disposition-rows';
import { parseInput } from '../parse';

/** Creates a tenant with an empty credit row. */
export async function createOrganization({
	ctx,
	input
}: {
	ctx: Context;
	input: CreateOrganizationInput;
}): Promise<{ id: number; name: string }> {
	requirePermission(ctx, 'organizations.create');
	const values = parseInput(CreateOrganizationInput, input);
	if (!isTimeZone(values.timezone)) {
		const sentence = `timezone must be an IANA zone like Asia/Kolkata, not "${values.timezone}".`;
		throw new AppError('invalid', sentence, { timezone: sentence });
	}
	let events: LiveEvent[] = [];
	const created = await ctx.services.database.db.transaction(async (tx) => {
		const [organization] = await tx
			.insert(organizations)
			.values({ ...values, slug: slugOf(values.name) })
			.onConflictDoNothing()
			.returning({ id: organizations.id, name: organizations.name });
		if (!organization) {
			throw new AppError('conflict', `There is an organisation named "${values.name}" already.`);
		}
		await tx.insert(organizationCallMinutes).values({ organizationId: organization.id });
		await tx.insert(callBalance).values({ organizationId: organization.id });
		await addDefaultDispositions(tx, organization.id);
		await writeAudit(tx, ctx, {
			organizationId: organization.id,
			action: 'organization.create',
			after: values
		});
		events = await appendCredit(tx, organization.id, ctx.nowMs);
		return organization;
	});
	ctx.services.hub.publish(events);
	return created;
}

function slugOf(name: string): string {
	const slug = name
		.toLowerCase()
		.normalize('NFKD')
		.replace(/[^\p{Letter}\p{Number}]+/gu, '-')
		.replace(/^-|-$/g, '');
	return slug === '' ? encodeURIComponent(name) : slug;
}
