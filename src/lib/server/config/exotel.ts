import { z } from 'zod';
import { isTimeZone } from '$lib/domain/time-zone';
import { allOrNone, flagOr, httpUrl, ipList, optionalText, type WebhookGuard } from './parts';

export const exotelVariables = {
	EXOTEL_ACCOUNT_SID: optionalText.pipe(
		z
			.string()
			.regex(/^[\w-]{1,64}$/, 'must be letters, digits, - and _')
			.optional()
	),
	EXOTEL_API_KEY: optionalText,
	EXOTEL_API_TOKEN: optionalText,
	EXOTEL_CALLER_ID: optionalText.pipe(
		z
			.string()
			.regex(/^[+0]?\d{5,15}$/, 'must be a phone number like +918047112345 or 08047112345')
			.optional()
	),
	EXOTEL_API_BASE_URL: optionalText.pipe(httpUrl.default('https://api.exotel.com')),
	EXOTEL_WEBHOOK_KEY: optionalText,
	EXOTEL_ALLOWED_IPS: ipList,
	EXOTEL_CONFIRM: flagOr(true),
	EXOTEL_TIME_ZONE: optionalText.pipe(
		z
			.string()
			.refine(isTimeZone, { error: 'must be a time zone like Asia/Kolkata' })
			.default('Asia/Kolkata')
	),
	EXOTEL_CURRENCY: optionalText.pipe(
		z
			.string()
			.regex(/^[A-Z]{3}$/, 'must be a currency like INR')
			.default('INR')
	)
};

export interface ExotelConfig {
	accountSid: string;
	apiKey: string;
	apiToken: string;
	/** The ExoPhone that leads see. */
	callerId: string;
	apiBaseUrl: string;
	/** Zone of the times it writes, which carry none (PROVIDERS.md 2.2). */
	timeZone: string;
	/** Of its prices, which carry none. */
	currency: string;
	webhook: WebhookGuard;
}

type Values = z.infer<z.ZodObject<typeof exotelVariables>>;

/** All of Exotel or none of it. */
export function readExotel(values: Values): ExotelConfig | null {
	const account = allOrNone('Exotel', {
		EXOTEL_ACCOUNT_SID: values.EXOTEL_ACCOUNT_SID,
		EXOTEL_API_KEY: values.EXOTEL_API_KEY,
		EXOTEL_API_TOKEN: values.EXOTEL_API_TOKEN,
		EXOTEL_CALLER_ID: values.EXOTEL_CALLER_ID,
		EXOTEL_WEBHOOK_KEY: values.EXOTEL_WEBHOOK_KEY
	});
	return (
		account && {
			accountSid: account.EXOTEL_ACCOUNT_SID,
			apiKey: account.EXOTEL_API_KEY,
			apiToken: account.EXOTEL_API_TOKEN,
			callerId: account.EXOTEL_CALLER_ID,
			apiBaseUrl: values.EXOTEL_API_BASE_URL,
			timeZone: values.EXOTEL_TIME_ZONE,
			currency: values.EXOTEL_CURRENCY,
			webhook: {
				key: account.EXOTEL_WEBHOOK_KEY,
				allowedIps: values.EXOTEL_ALLOWED_IPS,
				confirms: values.EXOTEL_CONFIRM
			}
		}
	);
}
