import { z } from 'zod';
import { ALERT_KINDS } from '../domain/alerts/kinds';
import { id, wholeNumber } from './parts';

export const ListAlertsInput = z.object({
	limit: wholeNumber('limit', 1, 100).default(30),
	cursor: z.string().max(100, 'cursor is not one of ours.').optional()
});
export type ListAlertsInput = z.infer<typeof ListAlertsInput>;

export const AlertPreferenceInput = z.object({
	kind: z.enum(ALERT_KINDS, `kind must be one of ${ALERT_KINDS.join(', ')}.`),
	isToasted: z.boolean('isToasted must be true or false.'),
	isMailed: z.boolean('isMailed must be true or false.')
});
export type AlertPreferenceInput = z.infer<typeof AlertPreferenceInput>;

export const WEBHOOK_URL_LENGTH_MAX = 500;

export const AddWebhookInput = z.object({
	url: z
		.url({ error: 'url must be an address like https://example.com/talktime.' })
		.max(WEBHOOK_URL_LENGTH_MAX, `url must have at most ${WEBHOOK_URL_LENGTH_MAX} characters.`)
});
export type AddWebhookInput = z.infer<typeof AddWebhookInput>;

export const WebhookIdInput = z.object({ endpointId: id('endpointId') });
export type WebhookIdInput = z.infer<typeof WebhookIdInput>;

export const ListMailsInput = z.object({
	cursor: z
		.string()
		.regex(/^\d{1,15}$/, 'cursor is not one of ours.')
		.optional()
});
export type ListMailsInput = z.infer<typeof ListMailsInput>;
