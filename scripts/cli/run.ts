import { createLog } from '$lib/server/log';
import { readConfig } from '$lib/server/config';
import { ensureEmbeddedPostgres } from '$lib/server/db/embedded';
import { createServices } from '$lib/server/services';
import { findSandboxEnvironment } from '../support/sandbox-account';
import type { CommandLine, CommandResult } from './command';
import type { Options } from './options';

/** Runs a command against the configured database, or the embedded one, started when it is not up. */
export async function runCommand(command: CommandLine, options: Options): Promise<CommandResult> {
	loadDotEnv();
	const embedded = process.env.DATABASE_URL
		? null
		: await ensureEmbeddedPostgres(process.env.TALKTIME_DATA_DIR ?? '.talktime');
	const config = readConfig({
		...(command.usesProviders && demoEnvironment()),
		...process.env,
		DATABASE_URL: embedded?.url ?? process.env.DATABASE_URL
	});
	const services = createServices(config, {
		log: createLog('silent'),
		...(!command.usesProviders && { providers: {} })
	});
	try {
		const ctx = { caller: { kind: 'command_line' as const }, nowMs: Date.now(), services };
		return await command.run(ctx, options.values);
	} finally {
		await services.close();
		if (embedded?.owned) await embedded.stop();
	}
}

/** What `npm start` gives the app when nothing is configured: the sandbox's account, and its own port. */
function demoEnvironment(): Record<string, string> {
	const isDemo = process.env.TALKTIME_DEMO === '1' || !process.env.DATABASE_URL;
	const hasProvider = Boolean(process.env.TWILIO_ACCOUNT_SID);
	return {
		ORIGIN: `http://localhost:${process.env.PORT || 3000}`,
		...(isDemo &&
			!hasProvider &&
			findSandboxEnvironment(process.env.TALKTIME_DATA_DIR ?? '.talktime'))
	};
}

function loadDotEnv(): void {
	try {
		process.loadEnvFile();
	} catch (error) {
		const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
		if (!isMissing) throw error;
	}
}
