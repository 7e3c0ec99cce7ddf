/** The rules of the super admin's console: {@link ADMIN_RULES}. */
import { v7 as uuid } from 'uuid';
import { listAudit, listAuditActors } from '$lib/server/audit/list-audit';
import { createToken } from '$lib/server/auth/create-token';
import { listJobs } from '$lib/server/background/list-jobs';
import { retryJob } from '$lib/server/background/retry-job';
import { hangUpAsAdmin } from '$lib/server/calls/hang-up-as-admin';
import { listCallEvents } from '$lib/server/calls/list-call-events';
import { listFleetCalls } from '$lib/server/calls/list-fleet-calls';
import { listGaps } from '$lib/server/deliveries/list-gaps';
import { getFleet } from '$lib/server/fleet/get-fleet';
import { getFleetTotals } from '$lib/server/fleet/get-fleet-totals';
import { listFleet } from '$lib/server/fleet/list-fleet';
import { grantMinutes } from '$lib/server/minutes/grant-minutes';
import { listUsage } from '$lib/server/minutes/list-usage';
import { archiveOrganization } from '$lib/server/organizations/archive-organization';
import { createOrganization } from '$lib/server/organizations/create-organization';
import { getOrganization } from '$lib/server/organizations/get-organization';
import { updateOrganization } from '$lib/server/organizations/update-organization';
import { importRates } from '$lib/server/rates/import-rates';
import { listRates } from '$lib/server/rates/list-rates';
import { previewRates } from '$lib/server/rates/preview-rates';
import { testRate } from '$lib/server/rates/test-rate';
import { getPlatformSettings, setPlatformSettings } from '$lib/server/settings/platform-settings';
import { sendTestMail } from '$lib/server/settings/send-test-mail';
import { listTokens } from '$lib/server/tokens/list-tokens';
import { revokeToken } from '$lib/server/tokens/revoke-token';
import { ABSENT, type Rule, ANY_KNOWN, FORBIDDEN, NOT_YOURS, OK, same } from './house-rule';

const CSV = 'prefix,description,per_minute\n44,United Kingdom,0.05\n';

/** Of the super admin, whoever it is about. */
const ofAdmin = (verb: string, procedure: string, run: Rule['run']): Rule => ({
	...{ verb, procedure, run },
	superAdmin: OK,
	member: FORBIDDEN
});

export const ADMIN_RULES: Rule[] = [
	{
		verb: 'getFleet',
		run: (ctx) => getFleet({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'listFleet',
		procedure: 'admin.fleet',
		run: (ctx) => listFleet({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'getFleetTotals',
		procedure: 'admin.fleetTotals',
		run: (ctx) => getFleetTotals({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'grantMinutes',
		procedure: 'admin.minutes.grant',
		run: (ctx, { organizationId }) =>
			grantMinutes({
				ctx,
				input: {
					requestId: uuid(),
					organizationIds: [organizationId],
					mode: 'set',
					minutes: 7,
					reason: 'for a test'
				}
			}),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	ofAdmin('listAudit', 'admin.audit.list', (ctx) => listAudit({ ctx, input: {} })),
	ofAdmin('listAuditActors', 'admin.audit.actors', (ctx) => listAuditActors({ ctx })),
	ofAdmin('listFleetCalls', 'admin.calls.list', (ctx) => listFleetCalls({ ctx, input: {} })),
	ofAdmin('listGaps', 'admin.deliveries.gaps', (ctx) => listGaps({ ctx })),
	ofAdmin('listRates', 'admin.rates.list', (ctx) => listRates({ ctx, input: {} })),
	ofAdmin('testRate', 'admin.rates.test', (ctx) =>
		testRate({ ctx, input: { phone: '+442071838750' } })
	),
	ofAdmin('previewRates', 'admin.rates.preview', (ctx) =>
		previewRates({ ctx, input: { csv: CSV } })
	),
	ofAdmin('importRates in the console', 'admin.rates.import', (ctx) =>
		importRates({ ctx, input: { csv: CSV } })
	),
	ofAdmin('listJobs', 'admin.jobs.list', (ctx) => listJobs({ ctx })),
	ofAdmin('getPlatformSettings', 'admin.settings.get', (ctx) => getPlatformSettings({ ctx })),
	ofAdmin('setPlatformSettings', 'admin.settings.set', (ctx) =>
		setPlatformSettings({ ctx, input: { salesEmail: null, salesPhone: null } })
	),
	ofAdmin('sendTestMail', 'admin.settings.testMail', (ctx) => sendTestMail({ ctx })),
	ofAdmin('createOrganization in the console', 'admin.organizations.create', (ctx) =>
		createOrganization({ ctx, input: { name: `Rule ${uuid()}` } })
	),
	ofAdmin('listUsage', 'admin.organizations.usage', (ctx, { organizationId }) =>
		listUsage({ ctx, input: { organizationId } })
	),
	{
		verb: 'retryJob',
		procedure: 'admin.jobs.retry',
		run: (ctx) => retryJob({ ctx, input: { jobId: '1' } }),
		superAdmin: same('not_found'),
		member: FORBIDDEN
	},
	{
		verb: 'hangUpAsAdmin',
		procedure: 'admin.calls.hangUp',
		run: (ctx, { callId }) => hangUpAsAdmin({ ctx, input: { callId, reason: 'for a test' } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'getOrganization',
		procedure: 'admin.organizations.get',
		run: (ctx, { organizationId }) => getOrganization({ ctx, input: { organizationId } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'updateOrganization',
		procedure: 'admin.organizations.update',
		run: (ctx, { organizationId }) =>
			updateOrganization({ ctx, input: { organizationId, estimateMinutes: 5 } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'archiveOrganization',
		procedure: 'admin.organizations.archive',
		run: (ctx, { organizationId }) =>
			archiveOrganization({ ctx, input: { organizationId, isArchived: true } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'listCallEvents',
		run: (ctx, { organizationId }) => listCallEvents({ ctx, input: { organizationId, limit: 10 } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS
	},
	{
		verb: 'listTokens',
		procedure: 'tokens.list',
		run: (ctx, { organizationId }) => listTokens({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'createToken for somebody',
		procedure: 'tokens.create',
		run: (ctx, { email }) =>
			createToken({ ctx, input: { email, name: 'for a test', scopes: ['read'] } }),
		superAdmin: ANY_KNOWN,
		member: ABSENT,
		agent: FORBIDDEN
	},
	{
		verb: 'revokeToken',
		procedure: 'tokens.revoke',
		run: (ctx) => revokeToken({ ctx, input: { tokenId: uuid() } }),
		superAdmin: same('not_found'),
		member: same('not_found'),
		agent: FORBIDDEN
	}
];
