/** Who may do what to whose things: one rule for every verb (DESIGN.md sections 6 and 10). */
import { v7 as uuid } from 'uuid';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { getBreakdowns } from '$lib/server/analytics/get-breakdowns';
import { listTopNumbers } from '$lib/server/analytics/top-numbers';
import { listBudgets } from '$lib/server/budgets/list-budgets';
import { removeBudget } from '$lib/server/budgets/remove-budget';
import { setBudget } from '$lib/server/budgets/set-budget';
import { getCall } from '$lib/server/calls/get-call';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { listBlocks } from '$lib/server/calls/list-blocks';
import { listCalls } from '$lib/server/calls/list-calls';
import { listRecentCalls } from '$lib/server/calls/list-recent-calls';
import { listStuckCalls } from '$lib/server/calls/list-stuck-calls';
import { placeCall } from '$lib/server/calls/place-call';
import { getLeadsPage } from '$lib/server/contacts/get-leads-page';
import { getDashboard } from '$lib/server/dashboard/get-dashboard';
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
import { requestSalesContact } from '$lib/server/sales/request-sales-contact';
import { adjustWallet } from '$lib/server/wallet/adjust-wallet';
import { estimateCall } from '$lib/server/wallet/estimate-call';
import { newNumber } from './house';
import { type Rule, OK, FORBIDDEN, INVALID, ABSENT, ANY_KNOWN, NOT_YOURS } from './house-rule';
import { ADMIN_RULES } from './house-rules-admin';
import { ALERT_RULES } from './house-rules-alerts';
import { CALL_RULES } from './house-rules-calls';
import { GUARD_RULES } from './house-rules-guard';
import { ACCOUNT_RULES } from './house-rules-accounts';
import { CAMPAIGN_RULES } from './house-rules-campaigns';
import { CONTACT_RULES } from './house-rules-contacts';
import { MORE_RULES } from './house-rules-more';
import { OUTCOME_RULES } from './house-rules-outcomes';
import { REPORT_RULES } from './house-rules-reports';

export * from './house-rule';

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
		verb: 'listCalls',
		procedure: 'calls.list',
		run: (ctx, { organizationId }) =>
			listCalls({ ctx, input: { organizationId, days: 7, limit: 10 } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'getAnalytics',
		procedure: 'analytics.calls',
		run: (ctx, { organizationId }) => getAnalytics({ ctx, input: { organizationId, days: 7 } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'getBreakdowns',
		procedure: 'analytics.breakdowns',
		run: (ctx, { organizationId }) => getBreakdowns({ ctx, input: { organizationId, days: 7 } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'listTopNumbers',
		procedure: 'analytics.topNumbers',
		run: (ctx, { organizationId }) => listTopNumbers({ ctx, input: { organizationId, days: 7 } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
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
	...GUARD_RULES,
	...ALERT_RULES,
	...CALL_RULES,
	...ACCOUNT_RULES,
	...CAMPAIGN_RULES,
	...MORE_RULES,
	...OUTCOME_RULES,
	...ADMIN_RULES,
	...REPORT_RULES,
	...CONTACT_RULES
];
