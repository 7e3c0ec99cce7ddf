import { setTimeout as delay } from 'node:timers/promises';
import {
	ensureEmbeddedPostgres,
	startEmbeddedPostgres,
	type EmbeddedPostgres
} from '$lib/server/db/embedded';
import { isProcessAlive } from '$lib/server/db/embedded/processes';
import { RestartBudget } from './restart-budget';

export interface KeptPostgres {
	url: string;
	stop(): Promise<void>;
}

const CHECK_EVERY_MS = 1_000;

/** Embedded PostgreSQL that is started again, on the same port, when it ends unexpectedly. */
export async function keepPostgres(
	dataDir: string,
	giveUp: (line: string) => void
): Promise<KeptPostgres> {
	const budget = new RestartBudget();
	let isStopping = false;
	let server: EmbeddedPostgres = await ensureEmbeddedPostgres(dataDir);
	const { url, port } = server;

	async function keepRunning(): Promise<void> {
		while (!isStopping) {
			await delay(CHECK_EVERY_MS, undefined, { ref: false });
			if (isStopping || isProcessAlive(server.pid)) continue;
			const pauseMs = budget.takePauseMs(performance.now());
			if (pauseMs === null) return giveUp('PostgreSQL keeps ending; giving up.');
			console.error('PostgreSQL ended unexpectedly; starting it again.');
			await delay(pauseMs);
			if (!isStopping) server = await startEmbeddedPostgres({ dataDir, port });
		}
	}
	keepRunning().catch((error: Error) => giveUp(error.message));

	return {
		url,
		async stop() {
			isStopping = true;
			if (server.owned) await server.stop();
		}
	};
}
