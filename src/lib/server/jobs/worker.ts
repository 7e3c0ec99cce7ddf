/**
 * The worker: graphile-worker over the same Postgres. The sweep is one job with one key for the whole
 * fleet, which plans its own next run, so however many processes work, one of them sweeps at a time.
 */
import { Logger, run, type Runner, type Task } from 'graphile-worker';
import { meterCalls } from '../calls/meter-calls';
import { sweepCalls } from '../calls/sweep-calls';
import type { Context } from '../context';
import { fetchRecordings } from '../recordings/fetch-recordings';
import { expireAllocations } from '../minutes/expire-allocations';
import type { Services } from '../services';
import { UPKEEP, upkeepCrontab } from './upkeep';

export interface RunningWorker {
	stop(): Promise<void>;
}

const SWEEP = 'sweep_calls';
const CLEAN_UP = 'clean_up';
const EXPIRE = 'expire_allocations';
const FETCH = 'fetch_recordings';
/** The meter looks this often: a cut must reach the line within two seconds of the last paid one. */
const METER_MS = 500;

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
	const cleanUp: Task = async () => {
		await services.sessions.deleteExpiredSessions();
	};
	const expire: Task = async () => {
		await expireAllocations({ ctx: jobContext() });
	};
	const upkeep = Object.fromEntries(
		UPKEEP.map(({ name, run }): [string, Task] => [
			name,
			async () => void (await run(jobContext()))
		])
	);
	const taskList = {
		...upkeep,
		[SWEEP]: sweep,
		[CLEAN_UP]: cleanUp,
		[EXPIRE]: expire,
		[FETCH]: fetchFiles
	};
	const runner = await startRunner(services, taskList);
	const meter = startMeter(services, jobContext);
	await runner.addJob(SWEEP, {}, { jobKey: SWEEP, maxAttempts: 1 });
	await runner.addJob(FETCH, {}, { jobKey: FETCH, maxAttempts: 1 });
	// After a restart nobody knows what was missed meanwhile: ask about every live call, once.
	sweepCalls({ ctx: jobContext(), input: { everyLiveCall: true } }).catch((error: unknown) =>
		services.log.warn({ err: error }, 'first sweep failed; the next one comes')
	);
	return {
		async stop() {
			await meter.stop();
			await runner.stop().catch(() => {});
		}
	};
}

/** A job every half second would be a row every half second: the meter is a plain loop instead. */
function startMeter(services: Services, jobContext: () => Context): RunningWorker {
	let looking: Promise<unknown> = Promise.resolve();
	let isLooking = false;
	const timer = setInterval(() => {
		if (isLooking) return;
		isLooking = true;
		looking = meterCalls({ ctx: jobContext() })
			.catch((error: unknown) => services.log.warn({ err: error }, 'meter: looking failed'))
			.finally(() => {
				isLooking = false;
			});
	}, METER_MS);
	return {
		async stop() {
			clearInterval(timer);
			await looking;
		}
	};
}

function startRunner(services: Services, taskList: Record<string, Task>): Promise<Runner> {
	const { log, config } = services;
	return run({
		connectionString: config.databaseUrl,
		// Most jobs wait for a provider, not for us.
		concurrency: 4,
		maxPoolSize: 2,
		noHandleSignals: true,
		pollInterval: 2000,
		crontab: `17 * * * * ${CLEAN_UP}\n* * * * * ${EXPIRE}\n${upkeepCrontab()}`,
		taskList,
		logger: new Logger(() => (level, message) => {
			if (level === 'error') log.error({ worker: message }, 'worker');
			else if (level === 'warning') log.warn({ worker: message }, 'worker');
		})
	});
}
