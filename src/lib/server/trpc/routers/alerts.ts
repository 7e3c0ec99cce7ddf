import {
	AddWebhookInput,
	AlertPreferenceInput,
	ListAlertsInput,
	WebhookIdInput
} from '$lib/inputs';
import { addWebhook } from '../../alerts/add-webhook';
import { listAlerts } from '../../alerts/list-alerts';
import { listAlertPreferences } from '../../alerts/list-preferences';
import { listWebhooks } from '../../alerts/list-webhooks';
import { markAlertsSeen } from '../../alerts/mark-seen';
import { removeWebhook } from '../../alerts/remove-webhook';
import { rotateWebhook } from '../../alerts/rotate-webhook';
import { setAlertPreference } from '../../alerts/set-preference';
import { testWebhook } from '../../alerts/test-webhook';
import { allowed, router } from '../init';

export const alertsRouter = router({
	list: allowed('alerts.read')
		.input(ListAlertsInput)
		.query(({ ctx, input }) => listAlerts({ ctx, input })),
	markSeen: allowed('alerts.read').mutation(({ ctx }) => markAlertsSeen({ ctx })),
	preferences: allowed('alerts.read').query(({ ctx }) => listAlertPreferences({ ctx })),
	setPreference: allowed('alerts.read')
		.input(AlertPreferenceInput)
		.mutation(({ ctx, input }) => setAlertPreference({ ctx, input }))
});

export const webhooksRouter = router({
	list: allowed('webhooks.write').query(({ ctx }) => listWebhooks({ ctx })),
	add: allowed('webhooks.write')
		.input(AddWebhookInput)
		.mutation(({ ctx, input }) => addWebhook({ ctx, input })),
	rotate: allowed('webhooks.write')
		.input(WebhookIdInput)
		.mutation(({ ctx, input }) => rotateWebhook({ ctx, input })),
	test: allowed('webhooks.write')
		.input(WebhookIdInput)
		.mutation(({ ctx, input }) => testWebhook({ ctx, input })),
	remove: allowed('webhooks.write')
		.input(WebhookIdInput)
		.mutation(({ ctx, input }) => removeWebhook({ ctx, input }))
});
