import { killRunning } from './run.mjs';

const HURRY_AFTER_MS = 1_000;

/**
 * @typedef {{ stop(hurry: AbortSignal): Promise<void> }} Stoppable
 */

/**
 * Stops what was started, last first, once: on SIGINT, SIGTERM, SIGHUP, on a failure, or when the npm
 * that runs this script is gone. A later signal makes it hurry; one that follows at once does not,
 * because npm passes on the Ctrl-C that the terminal has sent to this process already.
 */
export class Shutdown {
	/** @type {Promise<Stoppable | void>[]} */
	#started = [];
	#hurry = new AbortController();
	#stoppingSince = 0;

	get isStopping() {
		return this.#stoppingSince > 0;
	}

	listen() {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
			process.on(signal, () => this.#onSignal());
		// A terminal that was closed must not end the stopping half way.
		process.stdout.on('error', () => {});
		process.stderr.on('error', () => {});
		const parentPid = process.ppid;
		if (!process.env.npm_lifecycle_event) return;
		setInterval(() => process.ppid !== parentPid && this.#onSignal(), 1_000).unref();
	}

	/**
	 * Waits for something to be up and remembers to stop it, also when it comes up too late: then the
	 * caller waits for ever, because the process is about to end.
	 * @template {Stoppable} Started
	 * @param {Promise<Started>} starting
	 * @returns {Promise<Started>}
	 */
	async track(starting) {
		this.#started.push(starting.catch(() => {}));
		const started = await starting;
		if (this.isStopping) await new Promise(() => {});
		return started;
	}

	/** @param {number} exitCode */
	async run(exitCode) {
		if (this.isStopping) return;
		this.#stoppingSince = performance.now();
		killRunning();
		for (const starting of this.#started.reverse()) {
			try {
				const started = await starting;
				await started?.stop(this.#hurry.signal);
			} catch (error) {
				console.error(error instanceof Error ? error.message : error);
			}
		}
		process.exit(exitCode);
	}

	#onSignal() {
		if (!this.isStopping) void this.run(0);
		else if (performance.now() - this.#stoppingSince > HURRY_AFTER_MS) this.#hurry.abort();
	}
}
