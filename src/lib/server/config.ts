/** The only reader of the environment. A missing or malformed value stops the start with one line. */
import { z } from 'zod';

const optionalText = z
	.string()
	.trim()
	.transform((text) => (text === '' ? undefined : text))
	.optional();

const flag = z
	.enum(['0', '1', 'true', 'false'])
	.default('0')
	.transform((text) => text === '1' || text === 'true');

const httpUrl = z.url({
	protocol: /^https?$/,
	error: 'must be an address like https://talktime.example.com'
});

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
	providerTimeoutMs: number;
	twilio: TwilioConfig | null;
	/** Null: nothing can be paid here. */
	stripe: StripeConfig | null;
	/** Null: mails are kept, not sent. */
	smtpUrl: string | null;
	mailFrom: string;
}

/** Bad configuration. The message is one line that names the variable. */
export class ConfigError extends Error {}

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
		twilio: readTwilio(values),
		stripe: readStripe(values),
		smtpUrl: values.SMTP_URL ?? null,
		mailFrom: values.MAIL_FROM
	};
}

/** All of Twilio or none of it: a half-configured provider stops the start. */
function readTwilio(values: z.infer<typeof Environment>): TwilioConfig | null {
	const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM_NUMBER } = values;
	if (!TWILIO_ACCOUNT_SID && !TWILIO_AUTH_TOKEN && !TWILIO_FROM_NUMBER) return null;
	const missing = Object.entries({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM_NUMBER })
		.filter(([, value]) => !value)
		.map(([name]) => name);
	if (!TWILIO_ACCOUNT_SID || !TWILIO_AUTH_TOKEN || !TWILIO_FROM_NUMBER) {
		throw new ConfigError(
			`Twilio is half configured: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set.`
		);
	}
	return {
		accountSid: TWILIO_ACCOUNT_SID,
		authToken: TWILIO_AUTH_TOKEN,
		fromNumber: TWILIO_FROM_NUMBER,
		apiBaseUrl: values.TWILIO_API_BASE_URL ?? null
	};
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
