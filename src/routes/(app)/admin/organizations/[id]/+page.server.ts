import { error } from '@sveltejs/kit';
import { OrganizationIdInput } from '$lib/inputs';
import { listAudit } from '$lib/server/audit/list-audit';
import { listCallerIds } from '$lib/server/caller-ids/list-caller-ids';
import { listFleetCalls } from '$lib/server/calls/list-fleet-calls';
import { getGuard } from '$lib/server/fraud/get-guard';
import { listAllocationHistory } from '$lib/server/minutes/list-allocation-history';
import { listSchedules } from '$lib/server/minutes/list-schedules';
import { listUsage } from '$lib/server/minutes/list-usage';
import { getOrganization } from '$lib/server/organizations/get-organization';
import { listAllPayments } from '$lib/server/payments/list-payments';
import { listInvitations } from '$lib/server/team/list-invitations';
import { listMembers } from '$lib/server/team/list-members';
import { listTransactions } from '$lib/server/wallet/list-transactions';
import { ORGANIZATION_TABS } from '$lib/components/admin/organization/tabs';
import { loadVerb } from '../../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, parent, url }) => {
	await parent();
	const read = OrganizationIdInput.safeParse({ organizationId: Number(params.id) });
	if (!read.success) error(404, 'There is no such organization.');
	const input = read.data;
	const named = url.searchParams.get('tab');
	const tab = ORGANIZATION_TABS.find(({ id }) => id === named)?.id ?? 'calls';
	const isOn = (wanted: typeof tab) => tab === wanted;
	const [
		organization,
		calls,
		history,
		schedules,
		usage,
		callerIds,
		wallet,
		payments,
		audit,
		members,
		invited,
		guard
	] = await loadVerb(() =>
		Promise.all([
			getOrganization({ ctx, input }),
			isOn('calls') ? listFleetCalls({ ctx, input: { ...input, show: 'all' } }) : null,
			isOn('allocations') ? listAllocationHistory({ ctx, input }) : null,
			listSchedules({ ctx, input }),
			isOn('usage') ? listUsage({ ctx, input }) : null,
			isOn('policies') ? listCallerIds({ ctx }) : null,
			isOn('wallet') ? listTransactions({ ctx, input }) : null,
			isOn('wallet') ? listAllPayments({ ctx, input }) : null,
			isOn('audit') ? listAudit({ ctx, input }) : null,
			isOn('members') ? listMembers({ ctx, input }) : null,
			isOn('members') ? listInvitations({ ctx, input }) : null,
			isOn('policies') ? getGuard({ ctx, input }) : null
		])
	);
	return {
		title: organization.settings.name,
		tab,
		organization,
		schedules,
		...{ calls, history, usage, callerIds, wallet, payments, audit, members, guard },
		invitations: invited?.invitations ?? []
	};
};
