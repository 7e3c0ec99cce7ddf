import {
	ArchiveOrganizationInput,
	CreateOrganizationInput,
	OrganizationIdInput,
	SetActiveInput,
	SetProvidersInput,
	UpdateOrganizationInput,
	UsageLogInput
} from '$lib/inputs';
import { listUsage } from '../../minutes/list-usage';
import { archiveOrganization } from '../../organizations/archive-organization';
import { createOrganization } from '../../organizations/create-organization';
import { getOrganization } from '../../organizations/get-organization';
import { setActive } from '../../organizations/set-active';
import { setProviders } from '../../organizations/set-providers';
import { updateOrganization } from '../../organizations/update-organization';
import { allowed, router } from '../init';

export const adminOrganizationsRouter = router({
	get: allowed('fleet.read')
		.input(OrganizationIdInput)
		.query(({ ctx, input }) => getOrganization({ ctx, input })),
	usage: allowed('fleet.read')
		.input(UsageLogInput)
		.query(({ ctx, input }) => listUsage({ ctx, input })),
	create: allowed('organizations.create')
		.input(CreateOrganizationInput)
		.mutation(({ ctx, input }) => createOrganization({ ctx, input })),
	update: allowed('organizations.update')
		.input(UpdateOrganizationInput)
		.mutation(({ ctx, input }) => updateOrganization({ ctx, input })),
	archive: allowed('organizations.update')
		.input(ArchiveOrganizationInput)
		.mutation(({ ctx, input }) => archiveOrganization({ ctx, input })),
	setActive: allowed('organizations.switch')
		.input(SetActiveInput)
		.mutation(({ ctx, input }) => setActive({ ctx, input })),
	setProviders: allowed('organizations.switch')
		.input(SetProvidersInput)
		.mutation(({ ctx, input }) => setProviders({ ctx, input }))
});
