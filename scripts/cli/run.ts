import { createLog } from '$lib/server/log';
import { readConfig } from '$lib/server/config';
import { ensureEmbeddedPostgres } from '$lib/server/db/embedded';
import { createServices } from '$lib/server/services';
import type { CommandLine, CommandResult } from './command';
import type { Options } from './options';

/** Runs a command against the configured database, or the embedded one, started when it is not up. */
export async function runCommand(command: CommandLine, options: Options): Promise<CommandResult> {
	loadDotEnv();
	const embedded = process.env.DATABASE_URL
		? null
		: await ensureEmbeddedPostgres(process.env.TALKTIME_DATA_DIR ?? '.talktime');
	const config = readConfig({
		...process.env,
		DATABASE_URL: embedded?.url ?? process.env.DATABASE_URL
	});
	const services = createServices(config, { log: createLog('silent'), providers: {} });
	try {
		const ctx = { caller: { kind: 'command_line' as const }, nowMs: Date.now(), services };
		return await command.run(ctx, options.values);
	} finally {
		await services.close();
		if (embedded?.owned) await embedded.stop();
	}
}

function loadDotEnv(): void {
	try {
		process.loadEnvFile();
	} catch (error) {
		const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
		if (!isMissing) throw error;
	}
}
