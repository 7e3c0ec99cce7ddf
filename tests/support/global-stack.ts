import { randomBytes } from 'node:crypto';
import { startStack } from './stack';

const DEFAULT_SPEED = 20;

/** One stack for the whole run; the tests learn its addresses from the environment. */
export default async function setup(): Promise<() => Promise<void>> {
	const authToken = randomBytes(16).toString('hex');
	const stack = await startStack({
		speed: Number(process.env.SANDBOX_SPEED) || DEFAULT_SPEED,
		env: { TWILIO_AUTH_TOKEN: authToken }
	});
	process.env.TALKTIME_E2E_ORIGIN = stack.origin;
	process.env.TALKTIME_E2E_DATABASE_URL = stack.databaseUrl;
	process.env.TALKTIME_E2E_SANDBOX_URL = stack.sandboxUrl;
	process.env.TALKTIME_E2E_AUTH_TOKEN = authToken;
	return () => stack.stop();
}
