import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { choosePort } from './port.mjs';

const hex32 = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`));

/** What the sandbox and the app agree on; kept, so that calls of earlier starts stay reachable. */
const SandboxAccount = z.object({
	port: z.number(),
	accountSid: hex32('AC'),
	authToken: hex32(''),
	fromNumber: z.string(),
	apiKeySid: hex32('SK'),
	apiKeySecret: hex32(''),
	twimlAppSid: hex32('AP'),
	exotelAccountSid: z.string(),
	exotelApiKey: hex32(''),
	exotelApiToken: hex32(''),
	exotelCallerId: z.string(),
	exotelWebhookKey: hex32(''),
	bolnaApiKey: z.string(),
	bolnaAgentId: z.uuid(),
	bolnaWebhookKey: hex32(''),
	stripeSecretKey: hex32('sk_test_'),
	stripeWebhookSecret: hex32('whsec_')
});
export type SandboxAccount = z.infer<typeof SandboxAccount>;

const FROM_NUMBER = '+12025550199';
const EXOTEL_CALLER_ID = '+918047104890';
const LOOPBACK_HOST = /^(localhost|.*\.localhost|127\..*|\[::1\])$/;

/** Makes what is missing of the account and keeps it; what an older version kept stays as it was. */
export async function ensureSandboxAccount(dataDir: string): Promise<SandboxAccount> {
	const file = path.join(dataDir, 'sandbox.json');
	const kept = readKept(file);
	const account = {
		...makeAccount(),
		...kept,
		port: await choosePort(Number(process.env.SANDBOX_PORT) || kept.port)
	};
	mkdirSync(dataDir, { recursive: true });
	writeFileSync(file, `${JSON.stringify(account, null, '\t')}\n`, { mode: 0o600 });
	return account;
}

/**
 * The environment for app and sandbox. A provider the person configured keeps its own values; the
 * others are the sandbox's.
 */
export function toSandboxEnvironment(
	account: SandboxAccount,
	origin: string,
	configured: NodeJS.ProcessEnv = {}
): Record<string, string> {
	const groups = Object.entries(toProviderEnvironments(account));
	const ours = groups.filter(([prefix]) => !isConfigured(prefix, configured));
	return Object.assign(
		{ SANDBOX_APP_URL: toAppUrl(origin, configured.PORT) },
		...ours.map(([, environment]) => environment)
	);
}

/** True when every provider is the person's own, so that no sandbox is needed. */
export function needsNoSandbox(configured: NodeJS.ProcessEnv): boolean {
	return ['TWILIO', 'EXOTEL', 'BOLNA', 'STRIPE'].every((prefix) =>
		isConfigured(prefix, configured)
	);
}

export function toSandboxUrl(account: Pick<SandboxAccount, 'port'>): string {
	return `http://127.0.0.1:${account.port}`;
}

function isConfigured(prefix: string, environment: NodeJS.ProcessEnv): boolean {
	return Object.entries(environment).some(
		([name, value]) => name.startsWith(`${prefix}_`) && value !== undefined && value !== ''
	);
}

/** Where the sandbox reaches the app: the sandbox calls nothing beyond this machine. */
function toAppUrl(origin: string, port = '3000'): string {
	return LOOPBACK_HOST.test(new URL(origin).hostname) ? origin : `http://localhost:${port}`;
}

function toProviderEnvironments(account: SandboxAccount): Record<string, Record<string, string>> {
	const url = toSandboxUrl(account);
	return {
		TWILIO: {
			TWILIO_ACCOUNT_SID: account.accountSid,
			TWILIO_AUTH_TOKEN: account.authToken,
			TWILIO_FROM_NUMBER: account.fromNumber,
			TWILIO_API_KEY_SID: account.apiKeySid,
			TWILIO_API_KEY_SECRET: account.apiKeySecret,
			TWILIO_TWIML_APP_SID: account.twimlAppSid,
			TWILIO_API_BASE_URL: url
		},
		EXOTEL: {
			EXOTEL_ACCOUNT_SID: account.exotelAccountSid,
			EXOTEL_API_KEY: account.exotelApiKey,
			EXOTEL_API_TOKEN: account.exotelApiToken,
			EXOTEL_CALLER_ID: account.exotelCallerId,
			EXOTEL_API_BASE_URL: url,
			EXOTEL_WEBHOOK_KEY: account.exotelWebhookKey
		},
		BOLNA: {
			BOLNA_API_KEY: account.bolnaApiKey,
			BOLNA_AGENT_ID: account.bolnaAgentId,
			BOLNA_API_BASE_URL: url,
			BOLNA_WEBHOOK_KEY: account.bolnaWebhookKey,
			BOLNA_ALLOWED_IPS: '127.0.0.1,::1'
		},
		STRIPE: {
			STRIPE_SECRET_KEY: account.stripeSecretKey,
			STRIPE_WEBHOOK_SECRET: account.stripeWebhookSecret,
			STRIPE_API_BASE_URL: url
		}
	};
}

function randomHex(): string {
	return randomBytes(16).toString('hex');
}

function makeAccount(): Omit<SandboxAccount, 'port'> {
	return {
		accountSid: `AC${randomHex()}`,
		authToken: randomHex(),
		fromNumber: FROM_NUMBER,
		apiKeySid: `SK${randomHex()}`,
		apiKeySecret: randomHex(),
		twimlAppSid: `AP${randomHex()}`,
		exotelAccountSid: 'talktime1',
		exotelApiKey: randomHex(),
		exotelApiToken: randomHex(),
		exotelCallerId: EXOTEL_CALLER_ID,
		exotelWebhookKey: randomHex(),
		bolnaApiKey: `bn-${randomHex()}`,
		bolnaAgentId: randomUUID(),
		bolnaWebhookKey: randomHex(),
		stripeSecretKey: `sk_test_${randomHex()}`,
		stripeWebhookSecret: `whsec_${randomHex()}`
	};
}

function readKept(file: string): Partial<SandboxAccount> {
	if (!existsSync(file)) return {};
	try {
		return SandboxAccount.partial().parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		return {};
	}
}
