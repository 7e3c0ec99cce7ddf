/**
 * The sandbox as a process of its own: `node --import tsx src/sandbox/main.ts`.
 * Reads SANDBOX_PORT, SANDBOX_HOST, SANDBOX_SPEED, SANDBOX_SEED, SANDBOX_APP_URL (where Stripe, Bolna
 * and the TwiML App find the app) and the providers' credentials.
 * With an IPC channel it reports `{type: 'ready', port}` and ends when the channel does.
 */
import { startSandbox, type RunningSandbox } from './server';

function readPort(text: string): number {
	const port = Number(text);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new Error(`SANDBOX_PORT must be a port number, not ${text}`);
}

function start(environment: NodeJS.ProcessEnv): Promise<RunningSandbox> {
	return startSandbox({
		port: readPort(environment.SANDBOX_PORT || '0'),
		host: environment.SANDBOX_HOST || '127.0.0.1',
		speed: Number(environment.SANDBOX_SPEED || '1'),
		seed: environment.SANDBOX_SEED || undefined,
		environment
	});
}

try {
	const sandbox = await start(process.env);
	const stop = (): void => {
		setTimeout(() => process.exit(0), 800).unref();
		void sandbox.close().then(() => process.exit(0));
	};
	process.once('SIGTERM', stop);
	process.once('SIGINT', stop);
	process.once('disconnect', stop);
	console.log(`sandbox listening on ${sandbox.url}`);
	process.send?.({ type: 'ready', port: sandbox.port });
} catch (error) {
	console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
	process.exit(1);
}
