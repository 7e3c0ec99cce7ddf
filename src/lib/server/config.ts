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
	DELIVERY_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
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
	TWILIO_CALLS_PER_SECOND: z.coerce.number().min(0.1).max(1000).default(1),
	TWILIO_API_KEY_SID: optionalText.pipe(
		z
			.string()
			.regex(/^SK[0-9a-f]{32}$/, 'must be SK and 32 hex digits')
			.optional()
	),
	TWILIO_API_KEY_SECRET: optionalText,
	TWILIO_TWIML_APP_SID: optionalText.pipe(
		z
			.string()
			.regex(/^AP[0-9a-f]{32}$/, 'must be AP and 32 hex digits')
			.optional()
	),
	TALKTIME_DATA_DIR: z.string().trim().min(1).default('.talktime'),
	RECORDINGS_S3_BUCKET: optionalText,
	RECORDINGS_S3_ENDPOINT: optionalText.pipe(httpUrl.optional()),
	RECORDINGS_S3_REGION: optionalText,
	RECORDINGS_S3_ACCESS_KEY_ID: optionalText,
	RECORDINGS_S3_SECRET_ACCESS_KEY: optionalText,
	RATE_LIMIT_FACTOR: z.coerce.number().min(0).max(1000).default(1),
	TRUSTED_PROXY_COUNT: z.coerce.number().int().min(0).max(10).default(0),
	...exotelVariables,
	...bolnaVariables,
	STRIPE_SECRET_KEY: optionalText.pipe(
		z
			.string()
			.regex(/^[rs]k_(test|live)_\w+$/, 'must be a secret key like sk_test_…')
			.optional()
	),
	STRIPE_WEBHOOK_SECRET: optionalText.pipe(
		z
			.string()
			.regex(
				/^whsec_\w+(,whsec_\w+)?$/,
				'must be a signing secret like whsec_…, or two with a comma between while they are rotated'
			)
			.optional()
	),
	STRIPE_API_BASE_URL: optionalText.pipe(httpUrl.optional()),
	METRICS_TOKEN: optionalText.pipe(
		z.string().min(16, 'must have at least 16 characters').optional()
	),
	SMTP_URL: optionalText.pipe(
		z
			.string()
			.regex(/^smtps?:\/\/\S+$/, 'must be an address like smtps://user:password@mail.example.com')
			.optional()
	),
	MAIL_FROM: z
		.string()
		.trim()
		.min(3)
		.max(200)
		.regex(/^[^\r\n]+$/, 'must be one line')
		.default('Talktime <no-reply@talktime.example>')
});

export interface TwilioConfig {
	accountSid: string;
	authToken: string;
	fromNumber: string;
	/** Null: Twilio's own. */
	apiBaseUrl: string | null;
	/** Create requests it takes per second before it queues them. */
	callsPerSecond: number;
	/** Null: nobody calls from the browser. */
	browser: TwilioBrowserConfig | null;
}

/** What access tokens are made with, and the TwiML App whose voice URL is ours. */
export interface TwilioBrowserConfig {
	apiKeySid: string;
	apiKeySecret: string;
	twimlAppSid: string;
}

/** Any storage that speaks S3. */
export interface S3Config {
	bucket: string;
	endpoint: string;
	region: string;
	accessKeyId: string;
	secretAccessKey: string;
}

export interface StripeConfig {
	secretKey: string;
	/** One, or two while they are rotated. */
	webhookSecrets: string[];
	/** Null: Stripe's own. */
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
	/** Days after which deliveries that did their work are emptied. */
	deliveryRetentionDays: number;
	providerTimeoutMs: number;
	/** Proxies of ours in front of the app: how many hops of X-Forwarded-For are believed. */
	trustedProxyCount: number;
	/** Of how often one may ask; 0: as often as one likes. */
	rateLimitFactor: number;
	twilio: TwilioConfig | null;
	/** Where files are kept that belong to no database. */
	dataDir: string;
	/** Where recordings are kept; null: in the data directory. */
	recordingsS3: S3Config | null;
	exotel: ExotelConfig | null;
	bolna: BolnaConfig | null;
	/** Null: nothing can be paid here. */
	stripe: StripeConfig | null;
	/** What a scraper of /metrics sends; null: only this machine may read them. */
	metricsToken: string | null;
	/** Null: mails are kept, not sent. */
	smtpUrl: string | null;
	mailFrom: string;
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
		deliveryRetentionDays: values.DELIVERY_RETENTION_DAYS,
		providerTimeoutMs: values.PROVIDER_TIMEOUT_SECONDS * 1000,
		rateLimitFactor: values.RATE_LIMIT_FACTOR,
		trustedProxyCount: values.TRUSTED_PROXY_COUNT,
		twilio: readTwilio(values),
		exotel: readExotel(values),
		bolna: readBolna(values),
		dataDir: values.TALKTIME_DATA_DIR,
		recordingsS3: readRecordingsS3(values),
		stripe: readStripe(values),
		metricsToken: values.METRICS_TOKEN ?? null,
		smtpUrl: values.SMTP_URL ?? null,
		mailFrom: values.MAIL_FROM
	};
}

/** All of Twilio or none of it: a half-configured provider stops the start. */
function readTwilio(values: z.infer<typeof Environment>): TwilioConfig | null {
	const browser = allOrNone('Calling from the browser', {
		TWILIO_API_KEY_SID: values.TWILIO_API_KEY_SID,
		TWILIO_API_KEY_SECRET: values.TWILIO_API_KEY_SECRET,
		TWILIO_TWIML_APP_SID: values.TWILIO_TWIML_APP_SID
	});
	const account = allOrNone('Twilio', {
		TWILIO_ACCOUNT_SID: values.TWILIO_ACCOUNT_SID,
		TWILIO_AUTH_TOKEN: values.TWILIO_AUTH_TOKEN,
		TWILIO_FROM_NUMBER: values.TWILIO_FROM_NUMBER
	});
	if (account === null) {
		if (browser === null) return null;
		throw new ConfigError(
			'Calling from the browser needs Twilio: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM_NUMBER are not set.'
		);
	}
	return {
		accountSid: account.TWILIO_ACCOUNT_SID,
		authToken: account.TWILIO_AUTH_TOKEN,
		fromNumber: account.TWILIO_FROM_NUMBER,
		apiBaseUrl: values.TWILIO_API_BASE_URL ?? null,
		browser: browser && {
			apiKeySid: browser.TWILIO_API_KEY_SID,
			apiKeySecret: browser.TWILIO_API_KEY_SECRET,
			twimlAppSid: browser.TWILIO_TWIML_APP_SID
		},
		callsPerSecond: values.TWILIO_CALLS_PER_SECOND
	};
}

function readRecordingsS3(values: z.infer<typeof Environment>): S3Config | null {
	const s3 = allOrNone('Storing recordings in S3', {
		RECORDINGS_S3_BUCKET: values.RECORDINGS_S3_BUCKET,
		RECORDINGS_S3_ENDPOINT: values.RECORDINGS_S3_ENDPOINT,
		RECORDINGS_S3_REGION: values.RECORDINGS_S3_REGION,
		RECORDINGS_S3_ACCESS_KEY_ID: values.RECORDINGS_S3_ACCESS_KEY_ID,
		RECORDINGS_S3_SECRET_ACCESS_KEY: values.RECORDINGS_S3_SECRET_ACCESS_KEY
	});
	return (
		s3 && {
			bucket: s3.RECORDINGS_S3_BUCKET,
			endpoint: s3.RECORDINGS_S3_ENDPOINT,
			region: s3.RECORDINGS_S3_REGION,
			accessKeyId: s3.RECORDINGS_S3_ACCESS_KEY_ID,
			secretAccessKey: s3.RECORDINGS_S3_SECRET_ACCESS_KEY
		}
	);
}

/** A key without its signing secret would take money and never hear of it. */
function readStripe(values: z.infer<typeof Environment>): StripeConfig | null {
	const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET } = values;
	if (!STRIPE_SECRET_KEY && !STRIPE_WEBHOOK_SECRET) return null;
	if (!STRIPE_SECRET_KEY || !STRIPE_WEBHOOK_SECRET) {
		const missing = STRIPE_SECRET_KEY ? 'STRIPE_WEBHOOK_SECRET' : 'STRIPE_SECRET_KEY';
		throw new ConfigError(`Stripe is half configured: ${missing} is not set.`);
	}
	return {
		secretKey: STRIPE_SECRET_KEY,
		webhookSecrets: STRIPE_WEBHOOK_SECRET.split(','),
		apiBaseUrl: values.STRIPE_API_BASE_URL ?? null
	};
}
