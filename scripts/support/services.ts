import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildSpec } from './child-service';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const SANDBOX_DRAIN_MS = 1_000;
const APP_DRAIN_MS = 4_500;
/** Live streams stay open until told otherwise; adapter-node cuts them after this. */
const APP_STREAM_CUT_SECONDS = '2';

interface SandboxOptions {
	port: number;
	env: NodeJS.ProcessEnv;
	logFile: string | null;
}

interface WebAppOptions extends SandboxOptions {
	host: string;
	isDevelopment: boolean;
}

export function describeSandbox({ port, env, logFile }: SandboxOptions): ChildSpec {
	return {
		name: 'the sandbox',
		args: ['--import', 'tsx', 'src/sandbox/main.ts'],
		env: { ...env, SANDBOX_PORT: String(port) },
		logFile,
		drainMs: SANDBOX_DRAIN_MS,
		waitUntilReady: waitForReadyMessage
	};
}

export function describeWebApp(options: WebAppOptions): ChildSpec {
	const { host, port, isDevelopment } = options;
	const address = ['--host', host, '--port', String(port), '--strictPort'];
	const env = {
		...options.env,
		HOST: host,
		PORT: String(port),
		BODY_SIZE_LIMIT: options.env.BODY_SIZE_LIMIT || '2M',
		SHUTDOWN_TIMEOUT: options.env.SHUTDOWN_TIMEOUT || APP_STREAM_CUT_SECONDS,
		NODE_ENV: isDevelopment ? 'development' : 'production'
	};
	return {
		name: 'the web app',
		args: isDevelopment ? ['node_modules/vite/bin/vite.js', 'dev', ...address] : ['build/index.js'],
		env,
		logFile: options.logFile,
		drainMs: APP_DRAIN_MS,
		waitUntilReady: (_child, ended) => waitForReadyPage(toLocalUrl(host, port), ended)
	};
}

/** The address this machine reaches the app at when it listens on every interface. */
function toLocalUrl(host: string, port: number): string {
	const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
	return `http://${local.includes(':') ? `[${local}]` : local}:${port}`;
}

function waitForReadyMessage(child: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error('not ready in time')), READY_TIMEOUT_MS);
		child.on('message', (message) => {
			if (typeof message !== 'object' || message === null) return;
			if (!('type' in message) || message.type !== 'ready') return;
			clearTimeout(timer);
			resolve();
		});
		child.once('exit', () => clearTimeout(timer));
	});
}

async function waitForReadyPage(origin: string, ended: AbortSignal): Promise<void> {
	const deadline = performance.now() + READY_TIMEOUT_MS;
	let lastAnswer = 'no answer';
	while (!ended.aborted) {
		try {
			const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) });
			if (response.ok) return;
			lastAnswer = `/readyz says ${response.status}: ${(await response.text()).slice(0, 200)}`;
		} catch {
			lastAnswer = 'no answer on /readyz';
		}
		if (performance.now() > deadline) throw new Error(lastAnswer);
		await delay(POLL_MS);
	}
}
