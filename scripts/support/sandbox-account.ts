import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { choosePort } from './port.mjs';

/** What the sandbox and the app agree on; kept, so that calls of earlier starts stay reachable. */
const SandboxAccount = z.object({
	port: z.number(),
	accountSid: z.string().regex(/^AC[0-9a-f]{32}$/),
	authToken: z.string().regex(/^[0-9a-f]{32}$/),
	fromNumber: z.string()
});
export type SandboxAccount = z.infer<typeof SandboxAccount>;

const FROM_NUMBER = '+12025550199';

export async function ensureSandboxAccount(dataDir: string): Promise<SandboxAccount> {
	const file = path.join(dataDir, 'sandbox.json');
	const kept = findAccount(file);
	const account = {
		...(kept ?? makeAccount()),
		port: await choosePort(Number(process.env.SANDBOX_PORT) || kept?.port)
	};
	mkdirSync(dataDir, { recursive: true });
	writeFileSync(file, `${JSON.stringify(account, null, '\t')}\n`, { mode: 0o600 });
	return account;
}

/** The account of a sandbox that was started with this data directory; nothing when none ever was. */
export function findSandboxEnvironment(dataDir: string): Record<string, string> {
	const kept = findAccount(path.join(dataDir, 'sandbox.json'));
	return kept ? toTwilioEnvironment(kept) : {};
}

export function toTwilioEnvironment(account: SandboxAccount): Record<string, string> {
	return {
		TWILIO_ACCOUNT_SID: account.accountSid,
		TWILIO_AUTH_TOKEN: account.authToken,
		TWILIO_FROM_NUMBER: account.fromNumber,
		TWILIO_API_BASE_URL: toSandboxUrl(account),
		// The sandbox takes as many as come.
		TWILIO_CALLS_PER_SECOND: '200'
	};
}

export function toSandboxUrl(account: SandboxAccount): string {
	return `http://127.0.0.1:${account.port}`;
}

function makeAccount(): Omit<SandboxAccount, 'port'> {
	return {
		accountSid: `AC${randomBytes(16).toString('hex')}`,
		authToken: randomBytes(16).toString('hex'),
		fromNumber: FROM_NUMBER
	};
}

function findAccount(file: string): SandboxAccount | null {
	if (!existsSync(file)) return null;
	try {
		return SandboxAccount.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		return null;
	}
}
