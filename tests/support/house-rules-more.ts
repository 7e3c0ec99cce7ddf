/** The second half of the rules: {@link MORE_RULES}. */
import { v7 as uuid } from 'uuid';
import { createUser } from '$lib/server/auth/create-user';
import { checkProviderBill } from '$lib/server/bills/check-provider-bill';
import { listBillChecks } from '$lib/server/bills/list-bill-checks';
import { listBillFindings } from '$lib/server/bills/list-bill-findings';
import { listEndConflicts } from '$lib/server/bills/list-end-conflicts';
import { addCallerId } from '$lib/server/caller-ids/add-caller-id';
import { listCallerIds } from '$lib/server/caller-ids/list-caller-ids';
import { removeCallerId } from '$lib/server/caller-ids/remove-caller-id';
import { listProviderHealth } from '$lib/server/calls/list-provider-health';
import { setProviders } from '$lib/server/organizations/set-providers';
import { getDelivery } from '$lib/server/deliveries/get-delivery';
import { listDeliveries } from '$lib/server/deliveries/list-deliveries';
import { replayDeliveries, replayDelivery } from '$lib/server/deliveries/replay-deliveries';
import { createOrganization } from '$lib/server/organizations/create-organization';
import { setActive } from '$lib/server/organizations/set-active';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { catchUpWithStripe } from '$lib/server/payments/catch-up';
import { listAllPayments, listOwnPayments } from '$lib/server/payments/list-payments';
import { refundPayment } from '$lib/server/payments/refund-payment';
import { setDisputeFreeze } from '$lib/server/payments/set-dispute-freeze';
import { listSalesRequests } from '$lib/server/sales/list-sales-requests';
import { exportTransactions } from '$lib/server/wallet/export-transactions';
import { finishTopUp } from '$lib/server/wallet/finish-top-up';
import { getWallet } from '$lib/server/wallet/get-wallet';
import { listTransactions } from '$lib/server/wallet/list-transactions';
import { removeCard } from '$lib/server/wallet/remove-card';
import { resumeRefill } from '$lib/server/wallet/resume-refill';
import { startTopUp } from '$lib/server/wallet/start-top-up';
import { updateRefillSettings } from '$lib/server/wallet/update-refill-settings';
import { newNumber } from './house';
import {
	type Rule,
	same,
	OK,
	FORBIDDEN,
	INVALID,
	ANY_KNOWN,
	NOT_YOURS,
	PASSWORD
} from './house-rule';

export const MORE_RULES: Rule[] = [
	{
		verb: 'listProviderHealth',
		procedure: 'admin.providers.health',
		run: (ctx) => listProviderHealth({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'listCallerIds',
		procedure: 'admin.callerIds.list',
		run: (ctx) => listCallerIds({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'addCallerId',
		procedure: 'admin.callerIds.add',
		run: (ctx, { organizationId }) =>
			addCallerId({ ctx, input: { organizationId, provider: 'twilio', number: newNumber() } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'removeCallerId',
		procedure: 'admin.callerIds.remove',
		run: (ctx) => removeCallerId({ ctx, input: { callerIdId: uuid() } }),
		superAdmin: same('not_found'),
		member: FORBIDDEN
	},
	{
		verb: 'setProviders',
		procedure: 'admin.organizations.setProviders',
		run: (ctx, { organizationId }) =>
			setProviders({ ctx, input: { organizationId, order: ['twilio'] } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'listBillChecks',
		procedure: 'admin.billChecks.list',
		run: (ctx) => listBillChecks({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'listBillFindings',
		procedure: 'admin.billChecks.findings',
		run: (ctx) => listBillFindings({ ctx, input: { checkId: uuid() } }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'listEndConflicts',
		procedure: 'admin.billChecks.endConflicts',
		run: (ctx) => listEndConflicts({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'checkProviderBill',
		run: (ctx) => checkProviderBill({ ctx, input: { provider: 'twilio', day: '2026-11-20' } }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'listDeliveries',
		procedure: 'admin.deliveries.list',
		run: (ctx) => listDeliveries({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'getDelivery',
		procedure: 'admin.deliveries.get',
		run: (ctx) => getDelivery({ ctx, input: { deliveryId: uuid() } }),
		superAdmin: same('not_found'),
		member: FORBIDDEN
	},
	{
		verb: 'replayDelivery',
		procedure: 'admin.deliveries.replay',
		run: (ctx) => replayDelivery({ ctx, input: { deliveryId: uuid() } }),
		superAdmin: same('not_found'),
		member: FORBIDDEN
	},
	{
		verb: 'replayDeliveries',
		procedure: 'admin.deliveries.replayMany',
		run: (ctx) => replayDeliveries({ ctx, input: { state: 'failed', limit: 10 } }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'setActive',
		procedure: 'admin.organizations.setActive',
		run: (ctx, { organizationId }) =>
			setActive({ ctx, input: { organizationId, isActive: false } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'getWallet',
		procedure: 'wallet.get',
		run: (ctx, { organizationId }) => getWallet({ ctx, input: { organizationId } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'listTransactions',
		procedure: 'wallet.transactions',
		run: (ctx, { organizationId }) => listTransactions({ ctx, input: { organizationId } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'exportTransactions',
		run: async (ctx, { organizationId }) => exportTransactions({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS
	},
	{
		verb: 'listOwnPayments',
		procedure: 'wallet.payments',
		run: (ctx, { organizationId }) => listOwnPayments({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS
	},
	{
		verb: 'startTopUp where nothing can be paid',
		procedure: 'wallet.startTopUp',
		run: (ctx) => startTopUp({ ctx, input: { attemptId: uuid(), amount: 50 } }),
		superAdmin: FORBIDDEN,
		member: same('unavailable'),
		agent: FORBIDDEN
	},
	{
		verb: 'finishTopUp where nothing can be paid',
		run: (ctx) => finishTopUp({ ctx, input: { sessionId: 'cs_1' } }),
		superAdmin: INVALID,
		member: same('unavailable')
	},
	{
		verb: 'updateRefillSettings',
		procedure: 'wallet.updateSettings',
		run: (ctx) => updateRefillSettings({ ctx, input: { threshold: '20' } }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'resumeRefill',
		procedure: 'wallet.resumeRefill',
		run: (ctx) => resumeRefill({ ctx }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'removeCard',
		procedure: 'wallet.removeCard',
		run: (ctx) => removeCard({ ctx }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'listAllPayments',
		procedure: 'admin.payments.list',
		run: (ctx, { organizationId }) => listAllPayments({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'refundPayment',
		procedure: 'admin.payments.refund',
		run: (ctx) =>
			refundPayment({
				ctx,
				input: { requestId: uuid(), paymentId: uuid(), reason: 'for a test' }
			}),
		superAdmin: same('not_found'),
		member: FORBIDDEN
	},
	{
		verb: 'setDisputeFreeze',
		procedure: 'admin.payments.setDisputeFreeze',
		run: (ctx, { organizationId }) =>
			setDisputeFreeze({ ctx, input: { organizationId, freezesOnDispute: true } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'catchUpWithStripe',
		run: (ctx) => catchUpWithStripe({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'createOrganization',
		run: (ctx) => createOrganization({ ctx, input: { name: `New ${uuid()}` } }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'createUser',
		run: (ctx, { organizationId }) =>
			createUser({
				ctx,
				input: { email: `${uuid()}@x.test`, password: PASSWORD, role: 'agent', organizationId }
			}),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'listSalesRequests',
		run: (ctx) => listSalesRequests({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{ verb: 'reconcile', run: (ctx) => reconcile({ ctx }), superAdmin: OK, member: FORBIDDEN }
];
