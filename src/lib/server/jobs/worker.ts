/**
 * The worker: graphile-worker over the same Postgres. The sweep is one job with one key for the whole
 * fleet, which plans its own next run, so however many processes work, one of them sweeps at a time.
 */
import { Logger, type Task } from 'graphile-worker';
import { CampaignEngine, LOOK_MS } from '../campaigns/engine';
import { ImportIdInput } from '$lib/inputs';
import { sendWebhooks } from '../alerts/send-webhooks';
import { watchAlerts } from '../alerts/watch-alerts';
import { actOnLook, lookAtSlices } from '../calls/meter-calls';
import { sweepCalls } from '../calls/sweep-calls';
import { workImports } from '../contact-imports/work-imports';
import type { Context } from '../context';
import { fetchRecordings } from '../recordings/fetch-recordings';
import { tendPayments } from '../payments/tend-payments';
import type { Services } from '../services';
import { parseInput } from '../parse';
import { healJobs, unlockPools } from './heal-jobs';
import { keepRunner, startGraphile, type RunnerKeeper } from './keep-runner';
import { PERIODIC_JOBS, periodicCrontab } from './periodic-jobs';

export interface RunningWorker {
	stop(): Promise<void>;
}

const SWEEP = 'sweep_calls';
const FETCH = 'fetch_recordings';
/** Each plans its own next run. */
const CHAINS = [SWEEP, FETCH];
const HEAL_MS = 15_000;
/** The meter looks this often: a cut must reach the line within two seconds of the last paid one. */
const METER_MS = 500;
/** A refill that a ringing call waits for must not wait long itself. */
const TEND_MS = 500;
/** Somebody who runs out of minutes should know within seconds. */
const ALERT_MS = 5_000;

export async function startWorker(services: Services): Promise<RunningWorker> {
	const jobContext = (): Context => ({
		caller: { kind: 'job' },
		nowMs: services.clock(),
		services
	});
	const sweep: Task = async (_payload, helpers) => {
		try {
			await sweepCalls({ ctx: jobContext(), input: { everyLiveCall: false } });
		} finally {
			const runAt = new Date(Date.now() + services.config.sweepIntervalSeconds * 1000);
			await helpers.addJob(SWEEP, {}, { jobKey: SWEEP, runAt, maxAttempts: 1 });
		}
	};
	const fetchFiles: Task = async (_payload, helpers) => {
		try {
			await fetchRecordings({ ctx: jobContext() });
		} finally {
			const runAt = new Date(Date.now() + services.config.sweepIntervalSeconds * 1000);
			await helpers.addJob(FETCH, {}, { jobKey: FETCH, runAt, maxAttempts: 1 });
		}
	};
	const workImport: Task = async (payload, { abortSignal }) => {
		const input = parseInput(ImportIdInput, payload);
		await workImports({ ctx: jobContext(), input, signal: abortSignal });
	};
	const taskList: Record<string, Task> = {
		[SWEEP]: sweep,
		[FETCH]: fetchFiles,
		// Added by `wake_contact_import` in the transaction that wants it worked.
		work_contact_import: workImport
	};
	for (const job of PERIODIC_JOBS) {
		taskList[job.name] = async () => {
			await job.run({ ctx: jobContext() });
		};
	}
	const runner = await startRunner(services, jobContext, taskList);
	const addNow = (key: string) => runner.addJob(key, {}, { jobKey: key, maxAttempts: 1 });
	const meter = startMeter(services, jobContext);
	const watch = startLoop(services, 'alerts', ALERT_MS, async () => {
		await watchAlerts({ ctx: jobContext() });
		await sendWebhooks({ ctx: jobContext() });
	});
	const till = startLoop(services, 'payments', TEND_MS, () => tendPayments({ ctx: jobContext() }));
	const engine = new CampaignEngine();
	const dialler = startLoop(services, 'campaigns', LOOK_MS, () => engine.look(jobContext()));
	const healer = startLoop(services, 'jobs', HEAL_MS, async () => {
		const broken = await healJobs({ ctx: jobContext(), input: { chains: CHAINS } });
		for (const key of broken) await addNow(key);
	});
	// What fell due while nobody worked is done now.
	for (const key of [...CHAINS, ...PERIODIC_JOBS.map(({ name }) => name)]) await addNow(key);
	// After a restart nobody knows what was missed meanwhile: ask about every live call, once.
	sweepCalls({ ctx: jobContext(), input: { everyLiveCall: true } }).catch((error: unknown) =>
		services.log.warn({ err: error }, 'first sweep failed; the next one comes')
	);
	return {
		async stop() {
			await Promise.all([meter, till, watch, dialler, healer].map((loop) => loop.stop()));
			await engine.settle();
			await runner.stop();
		}
	};
}

/**
 * A job every half second would be a row every half second: these are plain loops instead. The meter does
 * not wait for providers: a slow one must not keep it from looking at the calls of the others.
 */
function startMeter(services: Services, jobContext: () => Context): RunningWorker {
	const acting = new Set<Promise<void>>();
	const loop = startLoop(services, 'meter', METER_MS, async () => {
		const ctx = jobContext();
		const look = await lookAtSlices({ ctx });
		const act = actOnLook(ctx, look).finally(() => acting.delete(act));
		acting.add(act);
	});
	return {
		async stop() {
			await loop.stop();
			await Promise.all(acting);
		}
	};
}

function startLoop(
	services: Services,
	name: string,
	everyMs: number,
	look: () => Promise<unknown>
): RunningWorker {
	let looking: Promise<unknown> | null = null;
	const timer = setInterval(() => {
		looking ??= look()
			.catch((error: unknown) => services.log.warn({ err: error }, `${name}: looking failed`))
			.finally(() => {
				looking = null;
			});
	}, everyMs);
	return {
		async stop() {
			clearInterval(timer);
			await looking;
		}
	};
}

function startRunner(
	services: Services,
	jobContext: () => Context,
	taskList: Record<string, Task>
): Promise<RunnerKeeper> {
	const { log, config } = services;
	const options = {
		connectionString: config.databaseUrl,
		// Most jobs wait for a provider, not for us.
		concurrency: 4,
		maxPoolSize: 2,
		noHandleSignals: true,
		pollInterval: 2000,
		crontab: periodicCrontab(),
		taskList,
		logger: new Logger(() => (level, message) => {
			if (level === 'error') log.error({ worker: message }, 'worker');
			else if (level === 'warning') log.warn({ worker: message }, 'worker');
		})
	};
	return keepRunner({
		log,
		start: (onPool) => startGraphile(options, onPool),
		unlock: (poolIds) => unlockPools({ ctx: jobContext(), input: { poolIds } })
	});
}
