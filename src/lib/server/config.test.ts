import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config';

const least = { DATABASE_URL: 'postgres://talktime@localhost:5432/talktime' };
const twilio = {
	TWILIO_ACCOUNT_SID: `AC${'0'.repeat(31)}1`,
	TWILIO_AUTH_TOKEN: '12345',
	TWILIO_FROM_NUMBER: '+12025550199'
};
const browser = {
	TWILIO_API_KEY_SID: `SK${'0'.repeat(31)}1`,
	TWILIO_API_KEY_SECRET: 'a secret',
	TWILIO_TWIML_APP_SID: `AP${'0'.repeat(31)}1`
};
const s3 = {
	RECORDINGS_S3_BUCKET: 'recordings',
	RECORDINGS_S3_ENDPOINT: 'https://s3.example.com',
	RECORDINGS_S3_REGION: 'eu-west-1',
	RECORDINGS_S3_ACCESS_KEY_ID: 'key',
	RECORDINGS_S3_SECRET_ACCESS_KEY: 'secret'
};
const exotel = {
	EXOTEL_ACCOUNT_SID: 'asha1',
	EXOTEL_API_KEY: 'key',
	EXOTEL_API_TOKEN: 'token',
	EXOTEL_CALLER_ID: '08047112345',
	EXOTEL_WEBHOOK_KEY: 'webhook-key'
};
const bolna = {
	BOLNA_API_KEY: 'key',
	BOLNA_AGENT_ID: '123e4567-e89b-12d3-a456-426655440000',
	BOLNA_WEBHOOK_KEY: 'webhook-key'
};

function errorOf(environment: Record<string, string | undefined>): ConfigError {
	try {
		readConfig(environment);
	} catch (error) {
		if (error instanceof ConfigError) return error;
		throw error;
	}
	throw new Error('the configuration was taken');
}

describe('given good values', () => {
	it('when only the database is set, then everything else has its default', () => {
		expect(readConfig(least)).toEqual({
			databaseUrl: least.DATABASE_URL,
			databasePoolSize: 5,
			deliveryRetentionDays: 30,
			origin: 'http://localhost:3000',
			logLevel: 'info',
			salesEmail: 'sales@talktime.example',
			salesPhone: '+1 202 555 0100',
			isDemo: false,
			runsWorker: true,
			sweepIntervalSeconds: 15,
			providerTimeoutMs: 10_000,
			trustedProxyCount: 0,
			twilio: null,
			exotel: null,
			bolna: null,
			stripe: null,
			smtpUrl: null,
			mailFrom: 'Talktime <no-reply@talktime.example>',
			metricsToken: null,
			rateLimitFactor: 1,
			dataDir: '.talktime',
			recordingsS3: null
		});
	});

	it('when all of Exotel is set, then it is configured, careful by default', () => {
		const webhook = { key: 'webhook-key', allowedIps: [], confirms: true };
		expect(readConfig({ ...least, ...exotel }).exotel).toEqual({
			accountSid: 'asha1',
			apiKey: 'key',
			apiToken: 'token',
			callerId: '08047112345',
			apiBaseUrl: 'https://api.exotel.com',
			timeZone: 'Asia/Kolkata',
			currency: 'INR',
			webhook
		});
		const other = {
			EXOTEL_API_BASE_URL: 'https://api.in.exotel.com',
			EXOTEL_ALLOWED_IPS: ' 13.203.39.153 ,10.0.0.0/8,2001:db8::/32,',
			EXOTEL_CONFIRM: '0',
			EXOTEL_TIME_ZONE: 'Asia/Singapore'
		};
		expect(readConfig({ ...least, ...exotel, ...other }).exotel).toMatchObject({
			apiBaseUrl: 'https://api.in.exotel.com',
			timeZone: 'Asia/Singapore',
			webhook: { allowedIps: ['13.203.39.153', '10.0.0.0/8', '2001:db8::/32'], confirms: false }
		});
	});

	it('when all of Bolna is set, then it is configured, and a call of it may last five minutes', () => {
		expect(readConfig({ ...least, ...bolna }).bolna).toEqual({
			apiKey: 'key',
			agentId: '123e4567-e89b-12d3-a456-426655440000',
			fromNumber: null,
			apiBaseUrl: 'https://api.bolna.ai',
			callSecondsMax: 300,
			currency: 'USD',
			webhook: { key: 'webhook-key', allowedIps: [], confirms: true }
		});
		const other = { BOLNA_CALL_SECONDS_MAX: '90', BOLNA_FROM_NUMBER: '+918035739222' };
		expect(readConfig({ ...least, ...bolna, ...other }).bolna).toMatchObject({
			callSecondsMax: 90,
			fromNumber: '+918035739222'
		});
	});

	it('when Exotel and Bolna are there but blank, then they are not configured', () => {
		const names = [...Object.keys(exotel), ...Object.keys(bolna)];
		const optional = ['EXOTEL_CONFIRM', 'EXOTEL_ALLOWED_IPS', 'BOLNA_CALL_SECONDS_MAX'];
		const blank = Object.fromEntries([...names, ...optional].map((name) => [name, ' ']));
		expect(readConfig({ ...least, ...blank })).toMatchObject({ exotel: null, bolna: null });
	});

	it('when all of Twilio is set, then it is configured, at its own address by default', () => {
		expect(readConfig({ ...least, ...twilio }).twilio).toEqual({
			accountSid: twilio.TWILIO_ACCOUNT_SID,
			authToken: '12345',
			fromNumber: '+12025550199',
			apiBaseUrl: null,
			browser: null,
			callsPerSecond: 1
		});
		const apiBaseUrl = 'http://127.0.0.1:4010';
		const other = readConfig({ ...least, ...twilio, TWILIO_API_BASE_URL: apiBaseUrl });
		expect(other.twilio?.apiBaseUrl).toBe(apiBaseUrl);
	});

	it('when calling from the browser and S3 are set, then both are configured', () => {
		const config = readConfig({ ...least, ...twilio, ...browser, ...s3 });
		expect(config.twilio?.browser).toEqual({
			apiKeySid: browser.TWILIO_API_KEY_SID,
			apiKeySecret: 'a secret',
			twimlAppSid: browser.TWILIO_TWIML_APP_SID
		});
		expect(config.recordingsS3).toEqual({
			bucket: 'recordings',
			endpoint: 'https://s3.example.com',
			region: 'eu-west-1',
			accessKeyId: 'key',
			secretAccessKey: 'secret'
		});
	});

	it('when Stripe has a key and one or two signing secrets, then it is configured', () => {
		const stripe = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_new' };
		expect(readConfig({ ...least, ...stripe }).stripe).toEqual({
			secretKey: 'sk_test_1',
			webhookSecrets: ['whsec_new'],
			apiBaseUrl: null
		});
		const rotated = { ...stripe, STRIPE_WEBHOOK_SECRET: 'whsec_new,whsec_old' };
		const webhookSecrets = ['whsec_new', 'whsec_old'];
		expect(readConfig({ ...least, ...rotated }).stripe).toMatchObject({ webhookSecrets });
		const blank = { STRIPE_SECRET_KEY: '', STRIPE_WEBHOOK_SECRET: ' ' };
		expect(readConfig({ ...least, ...blank }).stripe).toBeNull();
	});

	it('when Twilio is there but blank, as in a copied .env.example, then it is not configured', () => {
		const blank = { TWILIO_ACCOUNT_SID: '', TWILIO_AUTH_TOKEN: '  ', TWILIO_FROM_NUMBER: '' };
		expect(readConfig({ ...least, ...blank, TWILIO_API_BASE_URL: '' }).twilio).toBeNull();
	});

	it.each([
		['1', true],
		['true', true],
		['0', false],
		['false', false]
	])('when a flag is %s, then it is read as %s', (text, value) => {
		const config = readConfig({ ...least, TALKTIME_DEMO: text, TALKTIME_WORKER: text });
		expect(config).toMatchObject({ isDemo: value, runsWorker: value });
	});

	it.each([
		['https://calls.example.com/', 'https://calls.example.com'],
		['https://calls.example.com:8443', 'https://calls.example.com:8443'],
		['https://calls.example.com:443/', 'https://calls.example.com']
	])('when ORIGIN is %s, then signatures are checked against %s', (text, origin) => {
		expect(readConfig({ ...least, ORIGIN: text }).origin).toBe(origin);
	});

	it('when the provider timeout is in seconds, then it is kept in milliseconds', () => {
		expect(readConfig({ ...least, PROVIDER_TIMEOUT_SECONDS: '0.5' }).providerTimeoutMs).toBe(500);
	});
});

describe('given a value that is missing or malformed', () => {
	it('when the database is not set, then the line says so', () => {
		expect(errorOf({}).message).toBe('DATABASE_URL is not set.');
	});

	it.each([
		['DATABASE_URL', ''],
		['DATABASE_URL', 'mysql://localhost/talktime'],
		['DATABASE_URL', 'localhost:5432'],
		['DATABASE_POOL_SIZE', '1'],
		['DATABASE_POOL_SIZE', '51'],
		['DATABASE_POOL_SIZE', 'many'],
		['DATABASE_POOL_SIZE', '2.5'],
		['ORIGIN', ''],
		['ORIGIN', 'calls.example.com'],
		['ORIGIN', '/'],
		['LOG_LEVEL', 'loud'],
		['SALES_EMAIL', 'sales'],
		['SALES_PHONE', '1'],
		['TALKTIME_DEMO', 'yes'],
		['TALKTIME_WORKER', ''],
		['SWEEP_INTERVAL_SECONDS', '0'],
		['SWEEP_INTERVAL_SECONDS', 'NaN'],
		['PROVIDER_TIMEOUT_SECONDS', '0'],
		['PROVIDER_TIMEOUT_SECONDS', '-1'],
		['PROVIDER_TIMEOUT_SECONDS', 'Infinity'],
		['TWILIO_ACCOUNT_SID', 'AC123'],
		['TWILIO_ACCOUNT_SID', `SK${'0'.repeat(32)}`],
		['TWILIO_FROM_NUMBER', '2025550199'],
		['TWILIO_FROM_NUMBER', '+0123456789'],
		['TWILIO_API_BASE_URL', 'twilio'],
		['TRUSTED_PROXY_COUNT', '-1'],
		['TRUSTED_PROXY_COUNT', 'all'],
		['EXOTEL_ACCOUNT_SID', 'asha/1'],
		['EXOTEL_CALLER_ID', 'exophone'],
		['EXOTEL_API_BASE_URL', 'exotel'],
		['EXOTEL_ALLOWED_IPS', '13.203.39'],
		['EXOTEL_ALLOWED_IPS', '13.203.39.153/33'],
		['EXOTEL_CONFIRM', 'yes'],
		['EXOTEL_TIME_ZONE', 'India'],
		['EXOTEL_CURRENCY', 'rupees'],
		['BOLNA_AGENT_ID', 'a/b'],
		['BOLNA_FROM_NUMBER', '8035739222'],
		['BOLNA_API_BASE_URL', 'ftp://bolna'],
		['BOLNA_ALLOWED_IPS', 'bolna.ai'],
		['BOLNA_CALL_SECONDS_MAX', '0'],
		['BOLNA_CALL_SECONDS_MAX', 'five minutes'],
		['BOLNA_CALL_SECONDS_MAX', '90.5'],
		['BOLNA_CURRENCY', '$'],
		['STRIPE_SECRET_KEY', 'pk_test_1'],
		['STRIPE_SECRET_KEY', 'sk_1'],
		['STRIPE_WEBHOOK_SECRET', 'secret'],
		['STRIPE_WEBHOOK_SECRET', 'whsec_1,whsec_2,whsec_3'],
		['STRIPE_WEBHOOK_SECRET', 'whsec_1,'],
		['STRIPE_API_BASE_URL', 'stripe'],
		['SMTP_URL', 'mail.example.com']
	])('when %s is "%s", then one line names it', (name, value) => {
		const { message } = errorOf({ ...least, ...twilio, ...exotel, ...bolna, [name]: value });
		expect(message.startsWith(`${name} `)).toBe(true);
		expect(message).not.toContain('\n');
		expect(message).toMatch(/[^.]\.$/);
	});

	// Signatures are checked against ORIGIN, so one without http(s) refuses every webhook.
	it.each([
		['ORIGIN', 'localhost:3000'],
		['ORIGIN', 'mailto:admin@example.com'],
		['ORIGIN', 'ftp://calls.example.com'],
		['TWILIO_API_BASE_URL', 'localhost:4010']
	])('when %s is "%s", no http address, then one line names it', (name, value) => {
		expect(errorOf({ ...least, ...twilio, [name]: value }).message).toContain(name);
	});

	it.each(Object.keys(twilio))('when Twilio lacks only %s, then one line names it', (name) => {
		const { message } = errorOf({ ...least, ...twilio, [name]: undefined });
		expect(message).toBe(`Twilio is half configured: ${name} is not set.`);
		expect(errorOf({ ...least, ...twilio, [name]: ' ' }).message).toBe(message);
	});

	it.each([
		...Object.keys(exotel).map((name) => ['Exotel', name, exotel] as const),
		...Object.keys(bolna).map((name) => ['Bolna', name, bolna] as const)
	])('when %s lacks only %s, then one line names it', (provider, name, values) => {
		const { message } = errorOf({ ...least, ...values, [name]: undefined });
		expect(message).toBe(`${provider} is half configured: ${name} is not set.`);
	});

	it.each([
		[{ STRIPE_SECRET_KEY: 'sk_live_1' }, 'STRIPE_WEBHOOK_SECRET'],
		[{ STRIPE_WEBHOOK_SECRET: 'whsec_1' }, 'STRIPE_SECRET_KEY']
	])('when Stripe has only %o, then one line names what is missing', (half, missing) => {
		const { message } = errorOf({ ...least, ...half });
		expect(message).toBe(`Stripe is half configured: ${missing} is not set.`);
	});

	it('when only the Twilio token is set, then one line names both that are missing', () => {
		const { message } = errorOf({ ...least, TWILIO_AUTH_TOKEN: '12345' });
		expect(message).toContain('TWILIO_ACCOUNT_SID');
		expect(message).toContain('TWILIO_FROM_NUMBER');
		expect(message).not.toContain('\n');
	});

	it.each(Object.keys(browser))(
		'when calling from the browser lacks only %s, then one line names it',
		(name) => {
			const { message } = errorOf({ ...least, ...twilio, ...browser, [name]: undefined });
			expect(message).toBe(`Calling from the browser is half configured: ${name} is not set.`);
		}
	);

	it('when calling from the browser is set without Twilio, then one line says what is missing', () => {
		expect(errorOf({ ...least, ...browser }).message).toBe(
			'Calling from the browser needs Twilio: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM_NUMBER are not set.'
		);
	});

	it.each(Object.keys(s3))('when S3 lacks only %s, then one line names it', (name) => {
		const { message } = errorOf({ ...least, ...s3, [name]: undefined });
		expect(message).toBe(`Storing recordings in S3 is half configured: ${name} is not set.`);
	});

	it('when a secret is malformed or set, then no line shows it', () => {
		const secret = 'postgre://user:hunter2@localhost/talktime';
		expect(errorOf({ DATABASE_URL: secret }).message).not.toContain('hunter2');
		expect(errorOf({ ...least, TWILIO_AUTH_TOKEN: 'hunter2' }).message).not.toContain('hunter2');
	});

	it('when anything is in any variable, then it is taken or refused in one line', () => {
		const names = [
			'DATABASE_URL',
			'ORIGIN',
			'TALKTIME_DEMO',
			'DATABASE_POOL_SIZE',
			...Object.keys({ ...twilio, ...exotel, ...bolna })
		];
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (environment) => {
				try {
					readConfig({ ...least, ...environment });
				} catch (error) {
					expect(error).toBeInstanceOf(ConfigError);
					expect(String(error)).not.toContain('\n');
				}
			})
		);
	});
});
