/** Who may do what to whose things: one rule for every verb (DESIGN.md sections 6 and 10). */
import { v7 as uuid } from 'uuid';
import { createToken } from '$lib/server/auth/create-token';
import { createUser } from '$lib/server/auth/create-user';
import { listBudgets } from '$lib/server/budgets/list-budgets';
import { removeBudget } from '$lib/server/budgets/remove-budget';
import { setBudget } from '$lib/server/budgets/set-budget';
import { checkProviderBill } from '$lib/server/bills/check-provider-bill';
import { listBillChecks } from '$lib/server/bills/list-bill-checks';
import { listBillFindings } from '$lib/server/bills/list-bill-findings';
import { listEndConflicts } from '$lib/server/bills/list-end-conflicts';
import { addCallerId } from '$lib/server/caller-ids/add-caller-id';
import { listCallerIds } from '$lib/server/caller-ids/list-caller-ids';
import { removeCallerId } from '$lib/server/caller-ids/remove-caller-id';
import { listProviderHealth } from '$lib/server/calls/list-provider-health';
import { setProviders } from '$lib/server/organizations/set-providers';
import { getCall } from '$lib/server/calls/get-call';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { listBlocks } from '$lib/server/calls/list-blocks';
import { listRecentCalls } from '$lib/server/calls/list-recent-calls';
import { listStuckCalls } from '$lib/server/calls/list-stuck-calls';
import { placeCall } from '$lib/server/calls/place-call';
import { getLeadsPage } from '$lib/server/contacts/get-leads-page';
import type { Context } from '$lib/server/context';
import { getDashboard } from '$lib/server/dashboard/get-dashboard';
import { getDelivery } from '$lib/server/deliveries/get-delivery';
import { listDeliveries } from '$lib/server/deliveries/list-deliveries';
import { replayDeliveries, replayDelivery } from '$lib/server/deliveries/replay-deliveries';
import { openFeed } from '$lib/server/live/open-feed';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { cancelSchedule } from '$lib/server/minutes/cancel-schedule';
import { checkAvailability } from '$lib/server/minutes/check-availability';
import { consumeMinutes } from '$lib/server/minutes/consume-minutes';
import { getOwnMinutes } from '$lib/server/minutes/get-own-minutes';
import { listAllocationHistory } from '$lib/server/minutes/list-allocation-history';
import { listSchedules } from '$lib/server/minutes/list-schedules';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
import { scheduleAllocation } from '$lib/server/minutes/schedule-allocation';
import { createOrganization } from '$lib/server/organizations/create-organization';
import { getFleet } from '$lib/server/organizations/get-fleet';
import { setActive } from '$lib/server/organizations/set-active';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { catchUpWithStripe } from '$lib/server/payments/catch-up';
import { listAllPayments, listOwnPayments } from '$lib/server/payments/list-payments';
import { refundPayment } from '$lib/server/payments/refund-payment';
import { setDisputeFreeze } from '$lib/server/payments/set-dispute-freeze';
import { listSalesRequests } from '$lib/server/sales/list-sales-requests';
import { requestSalesContact } from '$lib/server/sales/request-sales-contact';
import { adjustWallet } from '$lib/server/wallet/adjust-wallet';
import { estimateCall } from '$lib/server/wallet/estimate-call';
import { finishTopUp } from '$lib/server/wallet/finish-top-up';
import { getWallet } from '$lib/server/wallet/get-wallet';
import { listTransactions } from '$lib/server/wallet/list-transactions';
import { removeCard } from '$lib/server/wallet/remove-card';
import { resumeRefill } from '$lib/server/wallet/resume-refill';
import { startTopUp } from '$lib/server/wallet/start-top-up';
import { updateRefillSettings } from '$lib/server/wallet/update-refill-settings';
import { newNumber } from './house';

/** What a request names: things of one's own organisation, of another, or that never were. */
export interface Target {
	organizationId: number;
	callId: string;
	contactId: string;
	listId: string;
	allocationId: string;
	userId: string;
	budgetId: string;
	scheduleId: string;
	email: string;
}
export type Whose = 'own' | 'foreign' | 'unknown';
export type Caller = 'super_admin' | 'manager' | 'agent' | 'anonymous';
export const ALL_WHOSE: Whose[] = ['own', 'foreign', 'unknown'];

/** The answer for own, foreign and unknown things. */
export type Answers = [string, string, string];
export interface Rule {
	verb: string;
	/** The tRPC procedure that calls it. */
	procedure?: string;
	run: (ctx: Context, target: Target) => unknown;
	superAdmin: Answers;
	member: Answers;
	/** Where an agent may less than its manager. */
	agent?: Answers;
}

export const same = (answer: string): Answers => [answer, answer, answer];
const OK = same('ok');
const FORBIDDEN = same('forbidden');
const INVALID = same('invalid');
const ABSENT: Answers = ['ok', 'not_found', 'not_found'];
const ANY_KNOWN: Answers = ['ok', 'ok', 'not_found'];
const NOT_YOURS: Answers = ['ok', 'forbidden', 'forbidden'];
const PASSWORD = 'ten-or-more-letters';

export const RULES: Rule[] = [
	{
		verb: 'getCall',
		procedure: 'calls.get',
		run: (ctx, { callId }) => getCall({ ctx, input: { callId } }),
		superAdmin: ANY_KNOWN,
		member: ABSENT
	},
	{
		verb: 'hangUpCall',
		procedure: 'calls.hangUp',
		run: (ctx, { callId }) => hangUpCall({ ctx, input: { callId } }),
		superAdmin: ANY_KNOWN,
		member: ABSENT
	},
	{
		verb: 'listRecentCalls',
		procedure: 'calls.recent',
		run: (ctx) => listRecentCalls({ ctx, input: { limit: 100 } }),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'listBlocks',
		procedure: 'calls.blocks',
		run: (ctx, { organizationId }) => listBlocks({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS
	},
	{
		verb: 'listStuckCalls',
		procedure: 'calls.stuck',
		run: (ctx, { organizationId }) =>
			listStuckCalls({ ctx, input: { organizationId, minutes: 5 } }),
		superAdmin: OK,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'placeCall',
		procedure: 'calls.place',
		run: (ctx, { organizationId }) =>
			placeCall({ ctx, input: { to: newNumber(), organizationId } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'placeCall of a contact',
		run: (ctx, { contactId }) => placeCall({ ctx, input: { contactId } }),
		superAdmin: INVALID,
		member: ABSENT
	},
	{
		verb: 'checkAvailability',
		procedure: 'minutes.checkAvailability',
		run: (ctx, { organizationId }) =>
			checkAvailability({ ctx, input: { organizationId, estimatedDurationMinutes: 3 } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'listBudgets',
		procedure: 'budgets.list',
		run: (ctx, { organizationId }) => listBudgets({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'setBudget',
		procedure: 'budgets.set',
		run: (ctx, { organizationId, userId }) =>
			setBudget({
				ctx,
				input: {
					organizationId,
					scope: 'user',
					subjectId: userId,
					period: 'day',
					limitMinutes: 60
				}
			}),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'setBudget for a person of one organisation',
		run: (ctx, { userId }) =>
			setBudget({
				ctx,
				input: { scope: 'user', subjectId: userId, period: 'day', limitMinutes: 60 }
			}),
		superAdmin: INVALID,
		member: ABSENT,
		agent: FORBIDDEN
	},
	{
		verb: 'removeBudget',
		procedure: 'budgets.remove',
		run: (ctx, { organizationId, budgetId }) =>
			removeBudget({ ctx, input: { organizationId, budgetId } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'removeBudget of another organisation',
		run: (ctx, { budgetId }) => removeBudget({ ctx, input: { budgetId } }),
		superAdmin: INVALID,
		member: ABSENT,
		agent: FORBIDDEN
	},
	{
		verb: 'getOwnMinutes',
		procedure: 'minutes.own',
		run: (ctx) => getOwnMinutes({ ctx }),
		superAdmin: INVALID,
		member: OK
	},
	{
		verb: 'getDashboard',
		procedure: 'dashboard.get',
		run: (ctx) => getDashboard({ ctx }),
		superAdmin: INVALID,
		member: OK
	},
	{
		verb: 'getLeadsPage',
		procedure: 'leads.page',
		run: (ctx, { listId }) => getLeadsPage({ ctx, input: { listId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'requestSalesContact',
		procedure: 'sales.request',
		run: (ctx) => requestSalesContact({ ctx, input: { message: 'more' } }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'openFeed of an organisation',
		procedure: 'live.feed',
		run: (ctx) => openFeed({ ctx, input: { scope: 'organization' }, signal: undefined }),
		superAdmin: INVALID,
		member: OK
	},
	{
		verb: 'openFeed of the fleet',
		run: (ctx) => openFeed({ ctx, input: { scope: 'fleet' }, signal: undefined }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'getFleet',
		procedure: 'admin.fleet',
		run: (ctx) => getFleet({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'allocateMinutes',
		procedure: 'admin.minutes.allocate',
		run: (ctx, { organizationId }) =>
			allocateMinutes({
				ctx,
				input: { requestId: uuid(), organizationId, minutes: 5, reason: 'for a test' }
			}),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'revokeAllocation',
		procedure: 'admin.minutes.revoke',
		run: (ctx, { organizationId, allocationId }) =>
			revokeAllocation({ ctx, input: { organizationId, allocationId, reason: 'for a test' } }),
		superAdmin: ['ok', 'ok', 'conflict'],
		member: FORBIDDEN
	},
	{
		verb: 'scheduleAllocation',
		procedure: 'admin.schedules.create',
		run: (ctx, { organizationId }) =>
			scheduleAllocation({
				ctx,
				input: {
					requestId: uuid(),
					organizationId,
					minutes: 5,
					reason: 'for a test',
					when: { kind: 'monthly', dayOfMonth: 31 }
				}
			}),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'listSchedules',
		procedure: 'admin.schedules.list',
		run: (ctx, { organizationId }) => listSchedules({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'cancelSchedule',
		procedure: 'admin.schedules.cancel',
		run: (ctx, { organizationId, scheduleId }) =>
			cancelSchedule({ ctx, input: { organizationId, scheduleId } }),
		superAdmin: ['ok', 'ok', 'conflict'],
		member: FORBIDDEN
	},
	{
		verb: 'adjustWallet',
		procedure: 'admin.wallet.adjust',
		run: (ctx, { organizationId }) =>
			adjustWallet({
				ctx,
				input: { requestId: uuid(), organizationId, amount: '5.00', reason: 'for a test' }
			}),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'estimateCall',
		procedure: 'wallet.estimate',
		run: (ctx, { organizationId }) =>
			estimateCall({ ctx, input: { phone: newNumber(), organizationId } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'consumeMinutes',
		run: (ctx, { organizationId }) =>
			consumeMinutes({
				ctx,
				input: {
					organizationId,
					callId: uuid(),
					minutesConsumed: 1,
					callStartTime: '2026-11-21T09:59:00Z',
					callEndTime: '2026-11-21T10:00:00Z'
				}
			}),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'listAllocationHistory',
		procedure: 'admin.minutes.history',
		run: (ctx, { organizationId }) => listAllocationHistory({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: FORBIDDEN
	},
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
		verb: 'createToken',
		run: (ctx, { email }) => createToken({ ctx, input: { email, name: 'test' } }),
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
