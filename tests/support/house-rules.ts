/** Who may do what to whose things: one rule for every verb (DESIGN.md sections 6 and 10). */
import { v7 as uuid } from 'uuid';
import { createToken } from '$lib/server/auth/create-token';
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
import { getCall } from '$lib/server/calls/get-call';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { listRecentCalls } from '$lib/server/calls/list-recent-calls';
import { placeCall } from '$lib/server/calls/place-call';
import { getLeadsPage } from '$lib/server/contacts/get-leads-page';
import type { Context } from '$lib/server/context';
import { getDashboard } from '$lib/server/dashboard/get-dashboard';
import { getDelivery } from '$lib/server/deliveries/get-delivery';
import { listDeliveries } from '$lib/server/deliveries/list-deliveries';
import { replayDeliveries, replayDelivery } from '$lib/server/deliveries/replay-deliveries';
import { openFeed } from '$lib/server/live/open-feed';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { checkAvailability } from '$lib/server/minutes/check-availability';
import { consumeMinutes } from '$lib/server/minutes/consume-minutes';
import { getOwnMinutes } from '$lib/server/minutes/get-own-minutes';
import { listAllocationHistory } from '$lib/server/minutes/list-allocation-history';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
import { createOrganization } from '$lib/server/organizations/create-organization';
import { getFleet } from '$lib/server/organizations/get-fleet';
import { setActive } from '$lib/server/organizations/set-active';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { listSalesRequests } from '$lib/server/sales/list-sales-requests';
import { requestSalesContact } from '$lib/server/sales/request-sales-contact';
import { adjustWallet } from '$lib/server/wallet/adjust-wallet';
import { newNumber } from './house';

/** What a request names: things of one's own organisation, of another, or that never were. */
export interface Target {
	organizationId: number;
	callId: string;
	contactId: string;
	listId: string;
	allocationId: string;
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
