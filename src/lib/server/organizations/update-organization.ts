import { eq } from 'drizzle-orm';
import { formatMicros, parseMicros } from '$lib/domain/money';
import { isTimeZone } from '$lib/domain/time-zone';
import type { UpdateOrganizationInput } from '$lib/inputs';
import type { LiveEvent, OrganizationSettingsView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { appendCredit, lockOrganization } from '../live/append-credit';
import { findSettings } from './organization-rows';

const MONEY = { overdraftAmount: true };

/** Changes what a super admin sets for an organisation; its people see it at once. */
export async function updateOrganization({
	ctx,
	input
}: {
	ctx: Context;
	input: UpdateOrganizationInput;
}): Promise<OrganizationSettingsView> {
	requirePermission(ctx, 'organizations.update');
	const { organizationId, overdraftAmount, ...plain } = input;
	if (plain.timezone !== undefined && !isTimeZone(plain.timezone)) {
		const sentence = `timezone must be an IANA zone like Asia/Kolkata, not "${plain.timezone}".`;
		throw new AppError('invalid', sentence, { timezone: sentence });
	}
	const { db } = ctx.services.database;
	const isOurs = eq(organizations.id, organizationId);
	let events: LiveEvent[] = [];
	await db.transaction(async (tx) => {
		await lockOrganization(tx, organizationId);
		const [row] = await tx.select().from(organizations).where(isOurs).for('update');
		if (!row) throw new AppError('not_found', 'organization_id names no organisation.');
		const wanted = {
			...plain,
			...(overdraftAmount !== undefined && { overdraftAmount: parseMicros(overdraftAmount) })
		};
		const changed = Object.fromEntries(
			Object.entries(wanted).filter(
				([name, value]) => value !== undefined && value !== row[name as keyof typeof row]
			)
		) as Partial<typeof row>;
		if (Object.keys(changed).length === 0) return;
		await tx.update(organizations).set(changed).where(isOurs);
		const before = Object.fromEntries(
			Object.keys(changed).map((name) => [name, row[name as keyof typeof row]])
		);
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'organization.update',
			before: readable(before),
			after: readable(changed)
		});
		events = await appendCredit(tx, organizationId, ctx.nowMs);
	});
	ctx.services.hub.publish(events);
	const settings = await findSettings(db, organizationId);
	if (!settings) throw new AppError('not_found', 'organization_id names no organisation.');
	return settings;
}

/** Money as people write it; a bigint is no JSON. */
function readable(columns: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(columns).map(([name, value]) => [
			name,
			name in MONEY && typeof value === 'bigint' ? formatMicros(value) : value
		])
	);
}
