import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';
import { requireNodeVersion } from './support/node-version.mjs';
import { parsePort, requireFreePort } from './support/port.mjs';
import { Shutdown } from './support/shutdown.mjs';

const startedAt = performance.now();
const isDevelopment = process.argv.includes('--dev');
const command = isDevelopment ? 'npm run dev' : 'npm start';

requireNodeVersion();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const shutdown = new Shutdown();
shutdown.listen();

try {
	if (existsSync('.env')) process.loadEnvFile('.env');
	const host = process.env.HOST || '127.0.0.1';
	const port = parsePort(process.env.PORT);
	await requireFreePort(port, host, command);
	await ensureInstalled({ withDevelopment: false });
	if (!isDevelopment) await ensureBuilt();

	process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('tsconfig.json', import.meta.url));
	const { register } = await import('tsx/esm/api');
	register();
	const { serve } = await import('./serve.ts');
	await serve({ host, port, isDevelopment, command, startedAt, shutdown });
} catch (error) {
	if (!shutdown.isStopping) {
		console.error(error instanceof Error ? error.message : error);
		await shutdown.run(1);
	}
}
