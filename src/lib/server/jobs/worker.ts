/**
 * The worker: graphile-worker over the same Postgres. The sweep is one job with one key for the whole
 * fleet, which plans its own next run, so however many processes work, one of them sweeps at a time.
 */
import { Logger, run, type Runner, type Task } from 'graphile-worker';
import { meterCalls } from '../calls/meter-calls';
import { sweepCalls } from '../calls/sweep-calls';
import type { Context } from '../context';
import { sendMails } from '../mails/send-mails';
import { expireAllocations } from '../minutes/expire-allocations';
import { catchUpWithStripe } from '../payments/catch-up';
import { tendPayments } from '../payments/tend-payments';
import type { Services } from '../services';

export interface RunningWorker {
	stop(): Promise<void>;
}

const SWEEP = 'sweep_calls';
const CLEAN_UP = 'clean_up';
const EXPIRE = 'expire_allocations';
const CATCH_UP = 'catch_up_with_stripe';
const MAILS = 'send_mails';
/** The meter looks this often: a cut must reach the line within two seconds of the last paid one. */
const METER_MS = 500;
/** A refill that a ringing call waits for must not wait long itself. */
const TEND_MS = 500;

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
	const cleanUp: Task = async () => {
		await services.sessions.deleteExpiredSessions();
	};
	const expire: Task = async () => {
		await expireAllocations({ ctx: jobContext() });
	};
	const catchUp: Task = async () => {
		await catchUpWithStripe({ ctx: jobContext() });
	};
	const mails: Task = async () => {
		await sendMails({ ctx: jobContext() });
	};
	const taskList = {
		[SWEEP]: sweep,
		[CLEAN_UP]: cleanUp,
		[EXPIRE]: expire,
		[CATCH_UP]: catchUp,
		[MAILS]: mails
	};
	const runner = await startRunner(services, taskList);
	const meter = startLoop(services, 'meter', METER_MS, () => meterCalls({ ctx: jobContext() }));
	const till = startLoop(services, 'payments', TEND_MS, () => tendPayments({ ctx: jobContext() }));
	await runner.addJob(SWEEP, {}, { jobKey: SWEEP, maxAttempts: 1 });
	// After a restart nobody knows what was missed meanwhile: ask about every live call, once.
	sweepCalls({ ctx: jobContext(), input: { everyLiveCall: true } }).catch((error: unknown) =>
		services.log.warn({ err: error }, 'first sweep failed; the next one comes')
	);
	return {
		async stop() {
			await Promise.all([meter.stop(), till.stop()]);
			await runner.stop().catch(() => {});
		}
	};
}

/** A job every half second would be a row every half second: these are plain loops instead. */
function startLoop(
	services: Services,
	name: string,
	everyMs: number,
	look: () => Promise<unknown>
): RunningWorker {
	let looking: Promise<unknown> = Promise.resolve();
	let isLooking = false;
	const timer = setInterval(() => {
		if (isLooking) return;
		isLooking = true;
		looking = look()
			.catch((error: unknown) => services.log.warn({ err: error }, `${name}: looking failed`))
			.finally(() => {
				isLooking = false;
			});
	}, everyMs);
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
		concurrency: 2,
		maxPoolSize: 2,
		noHandleSignals: true,
		pollInterval: 2000,
		crontab: `17 * * * * ${CLEAN_UP}\n* * * * * ${EXPIRE}\n*/3 * * * * ${CATCH_UP}\n* * * * * ${MAILS}`,
		taskList,
		logger: new Logger(() => (level, message) => {
			if (level === 'error') log.error({ worker: message }, 'worker');
			else if (level === 'warning') log.warn({ worker: message }, 'worker');
		})
	});
}
