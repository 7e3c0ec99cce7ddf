import { z } from 'zod';
import { allOrNone, flagOr, httpUrl, ipList, optionalText, type WebhookGuard } from './parts';

export const bolnaVariables = {
	BOLNA_API_KEY: optionalText,
	BOLNA_AGENT_ID: optionalText.pipe(
		z
			.string()
			.regex(/^[\w-]{1,64}$/, 'must be the id of an agent')
			.optional()
	),
	BOLNA_FROM_NUMBER: optionalText.pipe(
		z
			.string()
			.regex(/^\+[1-9]\d{5,14}$/, 'must be a phone number like +918035739222')
			.optional()
	),
	BOLNA_API_BASE_URL: optionalText.pipe(httpUrl.default('https://api.bolna.ai')),
	BOLNA_WEBHOOK_KEY: optionalText,
	BOLNA_ALLOWED_IPS: ipList,
	BOLNA_CONFIRM: flagOr(true),
	BOLNA_CALL_SECONDS_MAX: optionalText
		.transform((text) => Number(text ?? 300))
		.pipe(
			z.int().min(30, 'must be 30 to 14400 seconds').max(14_400, 'must be 30 to 14400 seconds')
		),
	BOLNA_CURRENCY: optionalText.pipe(
		z
			.string()
			.regex(/^[A-Z]{3}$/, 'must be a currency like USD')
			.default('USD')
	)
};

export interface BolnaConfig {
	apiKey: string;
	agentId: string;
	/** Null: the number the agent has at Bolna. */
	fromNumber: string | null;
	apiBaseUrl: string;
	/** The agent's `call_terminate` at Bolna: no call of it lasts longer (PROVIDERS.md 3.5). */
	callSecondsMax: number;
	/** Of its costs, which carry none. */
	currency: string;
	webhook: WebhookGuard;
}

type Values = z.infer<z.ZodObject<typeof bolnaVariables>>;

/** All of Bolna or none of it. */
export function readBolna(values: Values): BolnaConfig | null {
	const account = allOrNone('Bolna', {
		BOLNA_API_KEY: values.BOLNA_API_KEY,
		BOLNA_AGENT_ID: values.BOLNA_AGENT_ID,
		BOLNA_WEBHOOK_KEY: values.BOLNA_WEBHOOK_KEY
	});
	return (
		account && {
			apiKey: account.BOLNA_API_KEY,
			agentId: account.BOLNA_AGENT_ID,
			fromNumber: values.BOLNA_FROM_NUMBER ?? null,
			apiBaseUrl: values.BOLNA_API_BASE_URL,
			callSecondsMax: values.BOLNA_CALL_SECONDS_MAX,
			currency: values.BOLNA_CURRENCY,
			webhook: {
				key: account.BOLNA_WEBHOOK_KEY,
				allowedIps: values.BOLNA_ALLOWED_IPS,
				confirms: values.BOLNA_CONFIRM
			}
		}
	);
}
