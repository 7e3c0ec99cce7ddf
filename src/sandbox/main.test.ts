import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { startSandbox } from './server';
import { ENVIRONMENT } from './test-support';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
let child: ChildProcess | undefined;

function startProcess(environment: Record<string, string>): ChildProcess {
	child = fork(MAIN, [], {
		execArgv: ['--import', 'tsx'],
		env: { PATH: process.env.PATH, ...environment },
		silent: true
	});
	return child;
}

afterEach(() => void child?.kill('SIGKILL'));

test('tells its port by IPC and on one line, and stops on SIGTERM within a second', async () => {
	const started = startProcess({ ...ENVIRONMENT, SANDBOX_SPEED: '10', SANDBOX_SEED: 'one' });
	const line = once(started.stdout ?? started, 'data');
	const [ready] = await once(started, 'message');
	expect(ready).toEqual({ type: 'ready', port: expect.any(Number) });
	expect(String((await line)[0])).toBe(
		`sandbox listening on http://127.0.0.1:${Object(ready).port}\n`
	);
	const stoppedAtMs = performance.now();
	started.kill('SIGTERM');
	const [code] = await once(started, 'exit');
	expect(code).toBe(0);
	expect(performance.now() - stoppedAtMs).toBeLessThan(1_000);
});

test('ends when the IPC channel does', async () => {
	const started = startProcess(ENVIRONMENT);
	await once(started, 'message');
	started.disconnect();
	expect((await once(started, 'exit'))[0]).toBe(0);
});

test('without credentials it says what is missing and ends with 1', async () => {
	const started = startProcess({});
	const [text] = await once(started.stderr ?? started, 'data');
	expect(String(text)).toMatch(/set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN/);
	expect((await once(started, 'exit'))[0]).toBe(1);
});

test.each([
	[{ host: '0.0.0.0' }, /SANDBOX_HOST must be a loopback address/],
	[{ speed: Number.NaN }, /SANDBOX_SPEED must be a number/]
])('refuses to start with %j', async (options, message) => {
	await expect(startSandbox({ environment: ENVIRONMENT, ...options })).rejects.toThrow(message);
});
