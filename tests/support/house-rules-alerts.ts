/** The rules of alerts, of outgoing webhooks and of mails. */
import { v7 as uuid } from 'uuid';
import { addWebhook } from '$lib/server/alerts/add-webhook';
import { listAlerts } from '$lib/server/alerts/list-alerts';
import { listAlertPreferences } from '$lib/server/alerts/list-preferences';
import { listWebhooks } from '$lib/server/alerts/list-webhooks';
import { markAlertsSeen } from '$lib/server/alerts/mark-seen';
import { removeWebhook } from '$lib/server/alerts/remove-webhook';
import { rotateWebhook } from '$lib/server/alerts/rotate-webhook';
import { setAlertPreference } from '$lib/server/alerts/set-preference';
import { testWebhook } from '$lib/server/alerts/test-webhook';
import { listMails } from '$lib/server/mails/list-mails';
import { ABSENT, FORBIDDEN, OK, type Rule } from './house-rule';

export const ALERT_RULES: Rule[] = [
	{
		verb: 'listAlerts',
		procedure: 'alerts.list',
		run: (ctx) => listAlerts({ ctx, input: { limit: 30 } }),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'markAlertsSeen',
		procedure: 'alerts.markSeen',
		run: (ctx) => markAlertsSeen({ ctx }),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'listAlertPreferences',
		procedure: 'alerts.preferences',
		run: (ctx) => listAlertPreferences({ ctx }),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'setAlertPreference',
		procedure: 'alerts.setPreference',
		run: (ctx) =>
			setAlertPreference({
				ctx,
				input: { kind: 'low_minutes', isMailed: false, isToasted: true }
			}),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'listWebhooks',
		procedure: 'webhooks.list',
		run: (ctx) => listWebhooks({ ctx }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'addWebhook',
		procedure: 'webhooks.add',
		run: (ctx) => addWebhook({ ctx, input: { url: `https://example.com/${uuid()}` } }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'rotateWebhook',
		procedure: 'webhooks.rotate',
		run: (ctx, { endpointId }) => rotateWebhook({ ctx, input: { endpointId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT,
		agent: FORBIDDEN
	},
	{
		verb: 'testWebhook',
		procedure: 'webhooks.test',
		run: (ctx, { endpointId }) => testWebhook({ ctx, input: { endpointId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT,
		agent: FORBIDDEN
	},
	{
		verb: 'removeWebhook',
		procedure: 'webhooks.remove',
		run: (ctx, { endpointId }) => removeWebhook({ ctx, input: { endpointId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT,
		agent: FORBIDDEN
	},
	{
		verb: 'listMails',
		procedure: 'admin.mails',
		run: (ctx) => listMails({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	}
];
