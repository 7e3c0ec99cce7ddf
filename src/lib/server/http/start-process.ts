/** What the web process does once: check the configuration, follow live events, work, and stop cleanly. */
import { building, dev } from '$app/environment';
import { startWorker, type RunningWorker } from '../jobs/worker';
import { ConfigError } from '../config';
import { getServices, readConfigOnce } from '../process';
import { secureEveryResponse } from './secure-headers';

let worker: RunningWorker | null = null;

export async function startProcess(): Promise<void> {
	if (building) return;
	try {
		readConfigOnce();
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		process.stderr.write(`Talktime cannot start: ${error.message}\n`);
		process.exit(1);
	}
	const services = getServices();
	// The development server serves its own pages, which need more than ours.
	if (!dev) secureEveryResponse(services.config.origin);
	await services.hub.follow();
	if (services.config.runsWorker) worker = await startWorker(services);
	// adapter-node stops taking requests on SIGTERM and then says so; what is under way finishes first.
	process.once('sveltekit:shutdown', () => void stopProcess());
	process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

async function stopProcess(): Promise<void> {
	await worker?.stop();
	await getServices().close();
	process.exit(0);
}
