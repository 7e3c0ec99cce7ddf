import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as waitRealMs } from 'node:timers/promises';
import type { SimulatedClock } from './clock';
import { isLoopbackHost, lookupLoopback } from './loopback';
import { readRetryRules, withoutFragment, type FailureKind, type RetryRules } from './retry-rules';

const MOST_SOCKETS = 64;
const LEAST_BACKOFF_REAL_MS = 250;

/** One webhook, ready to send. Every attempt sends the same bytes. */
export interface CallbackJob {
	url: string;
	method: 'GET' | 'POST';
	/** A function where every attempt is signed anew. */
	headers: Record<string, string> | (() => Record<string, string>);
	body: string;
	/**
	 * Simulated seconds before each further attempt, which any failure asks for. When missing, the
	 * fragment of the URL says what is retried (PROVIDERS.md 1.6).
	 */
	retryAfterSeconds?: readonly number[];
}

export interface CallbackOutcome {
	isDelivered: boolean;
	attempts: number;
	lastStatus: number | null;
}

export interface CallbackDelivery {
	/** Settles when the first attempt was answered or failed; never rejects. */
	firstAttempt: Promise<void>;
	/** Settles after the last attempt; never rejects. */
	finished: Promise<CallbackOutcome>;
}

export interface CallbackCounters {
	attempts: number;
	delivered: number;
	failed: number;
	retried: number;
	refused: number;
	inFlight: number;
}

type Attempt =
	{ status: number; failure: FailureKind | null } | { status: null; failure: FailureKind };

/** Posts webhooks to loopback addresses over a bounded number of kept-alive sockets. */
export class CallbackSender {
	readonly counters: CallbackCounters = {
		attempts: 0,
		delivered: 0,
		failed: 0,
		retried: 0,
		refused: 0,
		inFlight: 0
	};
	readonly #agents = {
		'http:': new http.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS }),
		'https:': new https.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS })
	};
	#cancellation = new AbortController();

	constructor(
		private readonly clock: SimulatedClock,
		private readonly log: (line: string) => void
	) {
		setMaxListeners(0, this.#cancellation.signal);
	}

	/** Sends one webhook, with the retries the job or its URL fragment asks for. */
	send(job: CallbackJob): CallbackDelivery {
		const { hostname } = new URL(job.url);
		if (!isLoopbackHost(hostname)) {
			this.counters.refused += 1;
			this.log(`sandbox: refused callback to ${hostname}: only loopback addresses are called`);
			return {
				firstAttempt: Promise.resolve(),
				finished: Promise.resolve({ isDelivered: false, attempts: 0, lastStatus: null })
			};
		}
		let firstAttemptEnded = (): void => undefined;
		const firstAttempt = new Promise<void>((resolve) => (firstAttemptEnded = resolve));
		this.counters.inFlight += 1;
		const finished = this.#attemptAll(job, firstAttemptEnded).finally(() => {
			this.counters.inFlight -= 1;
			firstAttemptEnded();
		});
		return { firstAttempt, finished };
	}

	/** Cuts every request under way and every retry that waits. */
	cancelAll(): void {
		this.#cancellation.abort();
		this.#cancellation = new AbortController();
		setMaxListeners(0, this.#cancellation.signal);
	}

	close(): void {
		this.#cancellation.abort();
		this.#agents['http:'].destroy();
		this.#agents['https:'].destroy();
	}

	async #attemptAll(job: CallbackJob, firstAttemptEnded: () => void): Promise<CallbackOutcome> {
		const rules = readRetryRules(job.url);
		const { signal } = this.#cancellation;
		const startedAtMs = performance.now();
		let last: Attempt = { status: null, failure: 'ct' };
		let attempts = 0;
		while (!signal.aborted) {
			last = await this.#attempt(job, rules, signal);
			attempts += 1;
			this.counters.attempts += 1;
			firstAttemptEnded();
			if (last.failure === null) break;
			const isWorthAnother =
				job.retryAfterSeconds === undefined
					? await this.#waitByRules(rules, last.failure, attempts, startedAtMs, signal)
					: await this.#waitSimulated(job.retryAfterSeconds[attempts - 1], signal);
			if (!isWorthAnother) break;
			if (!signal.aborted) this.counters.retried += 1;
		}
		const isDelivered = last.failure === null;
		this.counters[isDelivered ? 'delivered' : 'failed'] += 1;
		return { isDelivered, attempts, lastStatus: last.status };
	}

	/** False when the rules allow no further attempt; else settles when it is time for it. */
	async #waitByRules(
		rules: RetryRules,
		failure: FailureKind,
		attempts: number,
		startedAtMs: number,
		signal: AbortSignal
	): Promise<boolean> {
		if (!rules.retryOn.has(failure) || attempts > rules.retryCount) return false;
		const backoffMs = Math.max(
			LEAST_BACKOFF_REAL_MS,
			(1_000 * 2 ** (attempts - 1)) / this.clock.speed
		);
		if (performance.now() - startedAtMs + backoffMs > rules.totalTimeMs) return false;
		await waitRealMs(backoffMs, undefined, { signal }).catch(() => undefined);
		return true;
	}

	/** False when no further attempt is planned; else settles when it is due or cancelled. */
	async #waitSimulated(seconds: number | undefined, signal: AbortSignal): Promise<boolean> {
		if (seconds === undefined || signal.aborted) return false;
		await new Promise<void>((resolve) => {
			signal.addEventListener('abort', () => resolve(), { once: true });
			this.clock.schedule(this.clock.nowMs() + seconds * 1_000, () => resolve());
		});
		return true;
	}

	async #attempt(job: CallbackJob, rules: RetryRules, signal: AbortSignal): Promise<Attempt> {
		const first = await this.#request(job, rules, signal);
		// A kept-alive socket the receiver had just closed is no attempt: node says to ask again.
		return first === 'stale-socket' ? this.#requestFresh(job, rules, signal) : first;
	}

	async #requestFresh(job: CallbackJob, rules: RetryRules, signal: AbortSignal): Promise<Attempt> {
		const second = await this.#request(job, rules, signal);
		return second === 'stale-socket' ? { status: null, failure: 'ct' } : second;
	}

	#request(
		job: CallbackJob,
		rules: RetryRules,
		signal: AbortSignal
	): Promise<Attempt | 'stale-socket'> {
		return new Promise((resolve) => {
			const url = new URL(withoutFragment(job.url));
			const isSecure = url.protocol === 'https:';
			let timer: NodeJS.Timeout | undefined;
			let isConnected = false;
			const request = (isSecure ? https : http).request(url, {
				method: job.method,
				agent: this.#agents[isSecure ? 'https:' : 'http:'],
				headers: typeof job.headers === 'function' ? job.headers() : job.headers,
				lookup: lookupLoopback,
				signal
			});
			const settle = (result: Attempt | 'stale-socket'): void => {
				clearTimeout(timer);
				resolve(result);
			};
			const limit = (milliseconds: number): void => {
				clearTimeout(timer);
				timer = setTimeout(() => request.destroy(new Error('timed out')), milliseconds);
			};
			const connected = (): void => {
				isConnected = true;
				limit(rules.readTimeoutMs);
			};
			request.once('socket', (socket) => {
				if (!socket.connecting) return connected();
				limit(rules.connectTimeoutMs);
				socket.once(isSecure ? 'secureConnect' : 'connect', connected);
			});
			request.once('response', (response) => {
				const status = response.statusCode ?? 0;
				const failure = status >= 500 ? '5xx' : status >= 400 ? '4xx' : null;
				response.resume();
				response.once('end', () => settle({ status, failure }));
				response.once('error', () => settle({ status: null, failure: 'rt' }));
				response.once('close', () => settle({ status: null, failure: 'rt' }));
			});
			request.once('error', (error: NodeJS.ErrnoException) => {
				if (request.reusedSocket && error.code === 'ECONNRESET') return settle('stale-socket');
				settle({ status: null, failure: isConnected ? 'rt' : 'ct' });
			});
			request.end(job.method === 'POST' ? job.body : undefined);
		});
	}
}
