/** The only reader of the environment. A missing or malformed value stops the start with one line. */
import { z } from 'zod';
import { bolnaVariables, readBolna, type BolnaConfig } from './config/bolna';
import { exotelVariables, readExotel, type ExotelConfig } from './config/exotel';
import { allOrNone, ConfigError, httpUrl, optionalText, type WebhookGuard } from './config/parts';

export { ConfigError, type BolnaConfig, type ExotelConfig, type WebhookGuard };

const flag = z
	.enum(['0', '1', 'true', 'false'])
	.default('0')
	.transform((text) => text === '1' || text === 'true');

const Environment = z.object({
	DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://'),
	DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(50).default(5),
	ORIGIN: httpUrl.default('http://localhost:3000'),
	LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
	SALES_EMAIL: z.email().default('sales@talktime.example'),
	SALES_PHONE: z.string().trim().min(3).max(40).default('+1 202 555 0100'),
	TALKTIME_DEMO: flag,
	TALKTIME_WORKER: flag.default(true),
	SWEEP_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(3600).default(15),
	PROVIDER_TIMEOUT_SECONDS: z.coerce.number().min(0.1).max(60).default(10),
	TWILIO_ACCOUNT_SID: optionalText.pipe(
		z
			.string()
			.regex(/^AC[0-9a-f]{32}$/, 'must be AC and 32 hex digits')
			.optional()
	),
	TWILIO_AUTH_TOKEN: optionalText,
	TWILIO_FROM_NUMBER: optionalText.pipe(
		z
			.string()
			.regex(/^\+[1-9]\d{5,14}$/, 'must be a phone number like +12025550199')
			.optional()
	),
	TWILIO_API_BASE_URL: optionalText.pipe(httpUrl.optional()),
	TRUSTED_PROXY_COUNT: z.coerce.number().int().min(0).max(10).default(0),
	...exotelVariables,
	...bolnaVariables
});

export interface TwilioConfig {
	accountSid: string;
	authToken: string;
	fromNumber: string;
	/** Null: Twilio's own. */
	apiBaseUrl: string | null;
}

export interface Config {
	databaseUrl: string;
	databasePoolSize: number;
	/** Public base URL without a trailing slash; signatures are checked against it. */
	origin: string;
	logLevel: string;
	salesEmail: string;
	salesPhone: string;
	isDemo: boolean;
	runsWorker: boolean;
	sweepIntervalSeconds: number;
	providerTimeoutMs: number;
	/** Proxies of ours in front of the app: how many hops of X-Forwarded-For are believed. */
	trustedProxyCount: number;
	twilio: TwilioConfig | null;
	exotel: ExotelConfig | null;
	bolna: BolnaConfig | null;
}

/**
 * Reads the configuration.
 * @throws ConfigError with one line naming the first variable that is missing or malformed
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
	const parsed = Environment.safeParse(environment);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const name = issue?.path.join('.') ?? 'environment';
		const missing = environment[name] === undefined ? 'is not set' : issue?.message;
		throw new ConfigError(`${name} ${missing}.`);
	}
	const values = parsed.data;
	return {
		databaseUrl: values.DATABASE_URL,
		databasePoolSize: values.DATABASE_POOL_SIZE,
		origin: new URL(values.ORIGIN).origin,
		logLevel: values.LOG_LEVEL,
		salesEmail: values.SALES_EMAIL,
		salesPhone: values.SALES_PHONE,
		isDemo: values.TALKTIME_DEMO,
		runsWorker: values.TALKTIME_WORKER,
		sweepIntervalSeconds: values.SWEEP_INTERVAL_SECONDS,
		providerTimeoutMs: values.PROVIDER_TIMEOUT_SECONDS * 1000,
		trustedProxyCount: values.TRUSTED_PROXY_COUNT,
		twilio: readTwilio(values),
		exotel: readExotel(values),
		bolna: readBolna(values)
	};
}

/** All of Twilio or none of it: a half-configured provider stops the start. */
function readTwilio(values: z.infer<typeof Environment>): TwilioConfig | null {
	const account = allOrNone('Twilio', {
		TWILIO_ACCOUNT_SID: values.TWILIO_ACCOUNT_SID,
		TWILIO_AUTH_TOKEN: values.TWILIO_AUTH_TOKEN,
		TWILIO_FROM_NUMBER: values.TWILIO_FROM_NUMBER
	});
	return (
		account && {
			accountSid: account.TWILIO_ACCOUNT_SID,
			authToken: account.TWILIO_AUTH_TOKEN,
			fromNumber: account.TWILIO_FROM_NUMBER,
			apiBaseUrl: values.TWILIO_API_BASE_URL ?? null
		}
	);
}
