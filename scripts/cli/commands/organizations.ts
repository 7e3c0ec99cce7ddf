import { organizationCallMinutes, organizations } from '$lib/server/db/schema/index';
import { createOrganization } from '$lib/server/organizations/create-organization';
import { eq } from 'drizzle-orm';
import { given, type CommandLine } from '../command';

export const organizationsCommands: CommandLine[] = [
	{
		words: ['org', 'create'],
		usage: 'org create --name N [--billing-mode M] [--timezone Z]',
		summary: 'create an organisation',
		required: ['name'],
		optional: ['billing-mode', 'timezone'],
		async run(ctx, values) {
			const organization = await createOrganization({
				ctx,
				input: {
					name: given(values, 'name'),
					// createOrganization checks it against the modes there are, and says which.
					billingMode: values['billing-mode'] as 'minutes' | undefined,
					timezone: values.timezone
				}
			});
			return {
				line: `Created organisation ${organization.id}, ${organization.name}.`,
				json: organization
			};
		}
	},
	{
		words: ['org', 'list'],
		usage: 'org list',
		summary: 'list organisations with their minutes',
		required: [],
		optional: [],
		async run(ctx) {
			const rows = await ctx.services.database.db
				.select({
					id: organizations.id,
					name: organizations.name,
					billing_mode: organizations.billingMode,
					timezone: organizations.timezone,
					is_active: organizationCallMinutes.isActive,
					total_minutes: organizationCallMinutes.totalMinutes,
					used_minutes: organizationCallMinutes.usedMinutes,
					held_minutes: organizationCallMinutes.heldMinutes
				})
				.from(organizations)
				.innerJoin(
					organizationCallMinutes,
					eq(organizationCallMinutes.organizationId, organizations.id)
				)
				.orderBy(organizations.id);
			const lines = rows.map(
				(row) =>
					`${String(row.id).padStart(4)}  ${row.name.padEnd(32)} ${row.is_active ? 'on ' : 'off'}  ` +
					`${row.total_minutes - row.used_minutes} of ${row.total_minutes} min left, ${row.held_minutes} held`
			);
			return { line: lines.join('\n') || 'There are no organisations yet.', json: rows };
		}
	}
];
