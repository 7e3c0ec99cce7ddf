/**
 * Posts prepared callbacks over keep-alive connections, one request at a time on each. Requests are made
 * and signed before the measured time, and written as they are: the generator shares the machine with
 * what it measures.
 */
import type { Socket } from 'node:net';
import { exchange, openSocket } from '../support/exchange';
import { percentile } from '../support/statistics';
import { CALLBACKS_PER_CALL, toRequests } from './callbacks';
import type { LoadPlan, LoadReply, LoadRequest, LoadResult } from './load';

class Load {
	private readonly calls: Buffer[][];
	private readonly latenciesMs: number[] = [];
	private sockets: Socket[] = [];
	private usedCalls = 0;
	private callbacks = 0;
	private completedCalls = 0;
	private refusals = 0;
	private firstRefusal: string | null = null;
	private isMeasuring = false;
	private isClosing = false;
	private openedAtMs = 0;
	private measuredMs = 0;
	private cpuAtOpening = process.cpuUsage();
	private generatorCpuMs = 0;

	constructor(private readonly plan: LoadPlan) {
		const nowMs = Date.now();
		this.calls = plan.calls.map((call) => toRequests(plan.endpoint, call, nowMs));
	}

	async connect(): Promise<void> {
		const { callers, endpoint } = this.plan;
		this.sockets = await Promise.all(
			Array.from({ length: callers }, () => openSocket(endpoint.port))
		);
	}

	async run(): Promise<LoadResult> {
		setTimeout(() => this.open(), this.plan.leadInMs);
		await Promise.all(this.sockets.map((socket, index) => this.call(socket, index)));
		for (const socket of this.sockets) socket.destroy();
		const sorted = Float64Array.from(this.latenciesMs).sort();
		return {
			measuredMs: this.measuredMs,
			measuredCallbacks: sorted.length,
			p50Ms: percentile(sorted, 0.5),
			p99Ms: percentile(sorted, 0.99),
			generatorCpuMs: this.generatorCpuMs,
			callbacks: this.callbacks,
			completedCalls: this.completedCalls,
			usedCalls: this.usedCalls,
			refusals: this.refusals,
			firstRefusal: this.firstRefusal
		};
	}

	/**
	 * One caller: takes a call, posts its callbacks in order, takes the next. Its first call lacks as many
	 * of the early callbacks as its place says, so that the callers are not all at the same event.
	 */
	private async call(socket: Socket, place: number): Promise<void> {
		let skipped = place % CALLBACKS_PER_CALL;
		while (!this.isClosing) {
			const requests = this.calls[this.usedCalls];
			if (!requests) return this.close();
			this.usedCalls++;
			for (const request of requests.slice(skipped)) await this.post(socket, request);
			this.completedCalls++;
			skipped = 0;
		}
	}

	private async post(socket: Socket, request: Buffer): Promise<void> {
		const sentAtMs = performance.now();
		const answer = await exchange(socket, request);
		this.callbacks++;
		if (this.isMeasuring) this.latenciesMs.push(performance.now() - sentAtMs);
		if (answer.status === 200 && answer.body === 'applied') return;
		this.refusals++;
		this.firstRefusal ??= `${answer.status} ${answer.body}`;
	}

	private open(): void {
		if (this.isClosing) return;
		this.isMeasuring = true;
		this.openedAtMs = performance.now();
		this.cpuAtOpening = process.cpuUsage();
		tell({ type: 'window_opened' });
		setTimeout(() => this.close(), this.plan.measuredMs);
	}

	/** Ends the measured time; each caller finishes its call, so that every call begun is charged. */
	private close(): void {
		if (this.isClosing) return;
		if (!this.isMeasuring) throw new Error('The calls were used up before the measured time.');
		this.isClosing = true;
		this.isMeasuring = false;
		this.measuredMs = performance.now() - this.openedAtMs;
		const { user, system } = process.cpuUsage(this.cpuAtOpening);
		this.generatorCpuMs = (user + system) / 1000;
		tell({ type: 'window_closed' });
	}
}

function tell(reply: LoadReply): void {
	if (process.connected) process.send?.(reply, undefined, undefined, () => {});
}

let load: Load | null = null;

async function answer(request: LoadRequest): Promise<void> {
	if (request.type === 'prepare') {
		load = new Load(request.plan);
		await load.connect();
		tell({ type: 'prepared' });
	} else if (load) {
		tell({ type: 'done', result: await load.run() });
	}
}

function fail(error: unknown): void {
	tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
}

process.on('message', (request: LoadRequest) => void answer(request).catch(fail));
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
