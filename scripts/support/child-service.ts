import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { z } from 'zod';

const LogLine = z.object({
	msg: z.string().optional(),
	err: z.object({ message: z.string() }).optional()
});

export interface ChildSpec {
	/** As it stands in a sentence: "the web app". */
	name: string;
	/** What follows `node` on the command line. */
	args: string[];
	env: NodeJS.ProcessEnv;
	/** null: the child prints where we print. */
	logFile: string | null;
	/** How long it may take to drain before it is killed. */
	drainMs: number;
	/** Resolves once the child serves; called once, right after the first spawn. */
	waitUntilReady(child: ChildProcess, ended: AbortSignal): Promise<void>;
}

const EXIT_WITH_PARENT = new URL('./exit-with-parent.mjs', import.meta.url).href;
const SHOWN_LOG_LINES = 8;
const LOG_LIMIT_BYTES = 10_000_000;

/** One run of a child process, from spawn to exit. */
export class ChildService {
	/** Resolves with the exit code or signal. */
	readonly ended: Promise<string>;
	readonly #logStart: number;
	#hasEnded = false;

	private constructor(
		private readonly spec: ChildSpec,
		private readonly child: ChildProcess
	) {
		this.#logStart = sizeOf(spec.logFile);
		this.ended = new Promise((resolve) => {
			const finish = (reason: string) => {
				this.#hasEnded = true;
				resolve(reason);
			};
			child.once('error', (error) => finish(error.message));
			child.once('exit', (code, signal) => finish(signal ?? `exit code ${code}`));
		});
	}

	/** In a session of its own, so that Ctrl-C reaches only us and we can stop things in order. */
	static spawn(spec: ChildSpec): ChildService {
		if (spec.logFile && sizeOf(spec.logFile) > LOG_LIMIT_BYTES) {
			renameSync(spec.logFile, `${spec.logFile}.1`);
		}
		const output = spec.logFile ? openSync(spec.logFile, 'a', 0o600) : 'inherit';
		try {
			const child = spawn(process.execPath, ['--import', EXIT_WITH_PARENT, ...spec.args], {
				detached: true,
				env: spec.env,
				stdio: ['ignore', output, output, 'ipc']
			});
			return new ChildService(spec, child);
		} finally {
			if (typeof output === 'number') closeSync(output);
		}
	}

	/** Resolves once the child serves; a child that ends or hangs before that is an error. */
	static async start(spec: ChildSpec): Promise<ChildService> {
		const service = ChildService.spawn(spec);
		const abort = new AbortController();
		const reason = await Promise.race([
			service.ended,
			spec.waitUntilReady(service.child, abort.signal).then(
				() => null,
				(error: unknown) => (error instanceof Error ? error.message : String(error))
			)
		]);
		abort.abort();
		if (reason === null) return service;
		await service.stop();
		throw new Error(`${capitalize(spec.name)} did not start (${reason}).${service.readLogEnd()}`);
	}

	get pid(): number {
		return this.child.pid ?? 0;
	}

	async kill(signal: NodeJS.Signals): Promise<void> {
		if (this.#hasEnded) return;
		this.child.kill(signal);
		if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.ended;
	}

	async stop(hurry?: AbortSignal): Promise<void> {
		if (this.#hasEnded) return;
		const killNow = () => this.child.kill('SIGKILL');
		const timer = setTimeout(killNow, this.spec.drainMs);
		hurry?.addEventListener('abort', killNow);
		if (hurry?.aborted) killNow();
		this.child.kill('SIGTERM');
		await this.ended;
		clearTimeout(timer);
	}

	/** What this run printed last, each line indented below ours. */
	readLogEnd(): string {
		const { logFile } = this.spec;
		if (!logFile) return '';
		const text = readFileSync(logFile).subarray(this.#logStart).toString('utf8').trim();
		const lines = text.split('\n').map(toReadable).filter(Boolean);
		if (lines.length === 0) return ` See ${logFile}.`;
		return ['', ...lines.slice(-SHOWN_LOG_LINES)].join('\n  ');
	}
}

export function capitalize(name: string): string {
	return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The message of a JSON log line, and nothing of a stack trace. */
function toReadable(line: string): string {
	if (/^\s+at |^Node\.js v|^file:\/\/|^\s*[\^}{]*$/.test(line)) return '';
	try {
		const { msg, err } = LogLine.parse(JSON.parse(line));
		return [msg, err?.message].filter(Boolean).join(': ');
	} catch {
		return line;
	}
}

function sizeOf(logFile: string | null): number {
	return (logFile && statSync(logFile, { throwIfNoEntry: false })?.size) || 0;
}
