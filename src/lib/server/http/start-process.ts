/** What the web process does once: check the configuration, follow live events, work, and stop cleanly. */
import { building, dev } from '$app/environment';
import { startWorker, type RunningWorker } from '../jobs/worker';
import { ConfigError } from '../config';
import type { Services } from '../services';
import { offerSetup } from '../setup/offer-setup';
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
	await printSetupLink(services);
	// adapter-node stops taking requests on SIGTERM and then says so; what is under way finishes first.
	process.once('sveltekit:shutdown', () => void stopProcess());
	process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

/** Told to whoever can read the server's output, and kept out of the log, which would mask it. */
async function printSetupLink(services: Services): Promise<void> {
	const link = await offerSetup(services).catch((error: unknown) => {
		services.log.warn({ err: error }, 'whether there is a super admin is not known');
		return null;
	});
	if (link === null) return;
	process.stdout.write(
		`\nNobody runs this Talktime yet. Open this link to create the super admin (it works once):\n${link}\n\n`
	);
}

async function stopProcess(): Promise<void> {
	await worker?.stop();
	await getServices().close();
	process.exit(0);
}
