/** The load generator seen from the bench: a process of its own, so that its CPU time is not the app's. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { BenchCall, Endpoint } from './callbacks';

export interface LoadPlan {
	endpoint: Endpoint;
	calls: BenchCall[];
	callers: number;
	/** Before the measured time, so that connections and batches have found their pace. */
	leadInMs: number;
	measuredMs: number;
}

export type LoadRequest = { type: 'prepare'; plan: LoadPlan } | { type: 'go' };
export type LoadReply =
	| { type: 'prepared' | 'window_opened' | 'window_closed' }
	| { type: 'done'; result: LoadResult }
	| { type: 'failed'; message: string };

export interface LoadResult {
	/** What was answered within the measured time. */
	measuredMs: number;
	measuredCallbacks: number;
	p50Ms: number;
	p99Ms: number;
	generatorCpuMs: number;
	/** What was answered at all, lead-in and the calls under way at the end included. */
	callbacks: number;
	completedCalls: number;
	/** Calls whose callbacks were begun: they are used up. */
	usedCalls: number;
	/** Answers that were not 200 with the word `applied`. */
	refusals: number;
	firstRefusal: string | null;
}

export class LoadGenerator {
	private readonly inbox: LoadReply[] = [];
	private wake: () => void = () => {};
	private hasEnded = false;

	private constructor(private readonly child: ChildProcess) {
		child.on('message', (reply: LoadReply) => {
			this.inbox.push(reply);
			this.wake();
		});
		child.on('exit', () => {
			this.hasEnded = true;
			this.wake();
		});
	}

	static start(): LoadGenerator {
		const file = path.resolve('tests/bench/lane/load-generator.ts');
		const child = spawn(process.execPath, ['--import', 'tsx', file], {
			env: { ...process.env, TSX_TSCONFIG_PATH: path.resolve('scripts/tsconfig.json') },
			stdio: ['ignore', 'inherit', 'inherit', 'ipc']
		});
		return new LoadGenerator(child);
	}

	/** @param onWindow called when the measured time begins and when it ends */
	async run(
		plan: LoadPlan,
		onWindow: { opened: () => void; closed: () => void }
	): Promise<LoadResult> {
		this.ask({ type: 'prepare', plan });
		await this.hear('prepared');
		this.ask({ type: 'go' });
		await this.hear('window_opened');
		onWindow.opened();
		await this.hear('window_closed');
		onWindow.closed();
		return (await this.hear('done')).result;
	}

	/** Its channel closes, and it ends by itself. */
	stop(): void {
		if (this.child.connected) this.child.disconnect();
	}

	private ask(request: LoadRequest): void {
		this.child.send(request);
	}

	private async hear<Type extends LoadReply['type']>(
		type: Type
	): Promise<Extract<LoadReply, { type: Type }>> {
		for (;;) {
			const reply = this.inbox.shift();
			if (reply && isReply(reply, type)) return reply;
			if (reply) throw new Error(reply.type === 'failed' ? reply.message : `Heard ${reply.type}.`);
			if (this.hasEnded) throw new Error('The load generator ended.');
			await new Promise<void>((resolve) => (this.wake = resolve));
		}
	}
}

function isReply<Type extends LoadReply['type']>(
	reply: LoadReply,
	type: Type
): reply is Extract<LoadReply, { type: Type }> {
	return reply.type === type;
}
