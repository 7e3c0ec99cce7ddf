/**
 * graphile-worker, started again when it has given up. Left to itself a job whose end could not be written,
 * because the connection was cut at that moment, rejects a promise that nobody has and takes the process
 * with it; written in batches it stops the runner instead, in good order, and that is seen here.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { run, type AddJobFunction, type Runner, type RunnerOptions } from 'graphile-worker';
import type { Log } from '../log';

const AGAIN_MS = 1_000;

/** What there is to know of a runner; the tests put their own here. */
type KeptRunner = Pick<Runner, 'promise' | 'stop' | 'addJob'>;

export interface RunnerKeeper {
	addJob: AddJobFunction;
	stop(): Promise<void>;
}

export interface KeepOptions {
	log: Log;
	/** Starts a runner; `onPool` is told the name its jobs are locked under. */
	start(onPool: (id: string) => void): Promise<KeptRunner>;
	/** Gives back the jobs and queues that a runner of ours still had. */
	unlock(poolIds: string[]): Promise<void>;
}

export async function keepRunner({ log, start, unlock }: KeepOptions): Promise<RunnerKeeper> {
	let pools: string[] = [];
	let isStopping = false;
	const startOne = () => start((id) => pools.push(id));
	let runner = await startOne();

	async function startAgain(): Promise<KeptRunner> {
		for (;;) {
			await pause(AGAIN_MS, undefined, { ref: false });
			try {
				await unlock(pools);
				pools = [];
				return await startOne();
			} catch (error) {
				log.warn({ err: error }, 'worker: cannot start again yet');
			}
		}
	}
	async function keep(): Promise<void> {
		while (!isStopping) {
			await runner.promise.catch(() => {});
			if (isStopping) return;
			log.warn('worker: gave up, and starts again');
			runner = await startAgain();
			if (isStopping) await runner.stop();
		}
	}
	void keep();

	return {
		addJob: ((...job: Parameters<AddJobFunction>) => runner.addJob(...job)) as AddJobFunction,
		async stop() {
			isStopping = true;
			await runner.stop().catch(() => {});
		}
	};
}

/** Starts the real one. Ends of jobs are written in batches: see above. */
export function startGraphile(
	options: Omit<RunnerOptions, 'events'>,
	onPool: (id: string) => void
): Promise<Runner> {
	const events: NonNullable<RunnerOptions['events']> = new EventEmitter();
	events.on('pool:create', ({ workerPool }) => onPool(workerPool.id));
	const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
	return run({ ...options, events, preset });
}
