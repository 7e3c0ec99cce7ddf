import { sql } from 'drizzle-orm';
import type { Provider } from '$lib/domain/call/event';
import type { OrganizationIdInput } from '$lib/inputs';
import type { OrganizationView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { fleetRows } from '../fleet/fleet-query';
import { findMinutes } from '../minutes/minutes-rows';
import { platformSalesContact } from '../settings/platform-settings';
import { findCredits } from '../wallet/credit-rows';
import { findSettings } from './organization-rows';

/** One organisation, as the super admin's page about it opens. */
export async function getOrganization({
	ctx,
	input: { organizationId }
}: {
	ctx: Context;
	input: OrganizationIdInput;
}): Promise<OrganizationView> {
	requirePermission(ctx, 'fleet.read');
	const { db } = ctx.services.database;
	const [settings, minutes, credits, pace, contact] = await Promise.all([
		findSettings(db, organizationId),
		findMinutes(db, organizationId, ctx.nowMs),
		findCredits(db, organizationId),
		db.execute<{ used: number }>(
			sql`with ${fleetRows(ctx.nowMs)} select used from fleet where id = ${organizationId}`
		),
		platformSalesContact(ctx)
	]);
	if (!settings || !minutes || !credits) {
		throw new AppError('not_found', 'organization_id names no organisation.');
	}
	return {
		settings,
		minutes,
		credits,
		minutesLastHour: Math.round(pace[0]?.used ?? 0),
		availableProviders: Object.keys(ctx.services.providers) as Provider[],
		platformSalesContact: contact
	};
}
