import type { SetupChecklistView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';

/** What a new platform needs before its first paid call, ticked by what is there. */
export async function getSetupChecklist({ ctx }: { ctx: Context }): Promise<SetupChecklistView> {
	requirePermission(ctx, 'fleet.read');
	const { config, database, providers } = ctx.services;
	const [found] = await database.sql<
		{ organization: boolean; people: boolean; minutes: boolean; call: boolean }[]
	>`
		select
			exists (select 1 from organizations) as organization,
			exists (select 1 from users where organization_id is not null) as people,
			exists (select 1 from organization_call_minutes where total_minutes > 0) as minutes,
			exists (select 1 from organization_call_minutes where used_minutes > 0)
				or exists (select 1 from calls where status = 'completed' limit 1) as call`;
	return {
		hasProvider: Object.keys(providers).length > 0,
		hasStripe: config.stripe !== null,
		hasMail: config.smtpUrl !== null,
		hasOrganization: found?.organization ?? false,
		hasPeople: found?.people ?? false,
		hasMinutes: found?.minutes ?? false,
		hasCall: found?.call ?? false,
		origin: config.origin
	};
}
