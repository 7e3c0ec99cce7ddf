/**
 * What operators see (Prometheus). Counters live in this process; what the database knows is asked for at
 * most once in a while, so that many scrapers cost no more than one.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DatabaseClient } from './db/client';
import type { Lane } from './lane/lane';
import type { LiveHub } from './live/hub';
import { readGauges, type Gauges } from './metrics-rows';

const KEPT_MS = 5_000;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics {
	readonly registry = new Registry();
	private readonly requests = new Histogram({
		name: 'talktime_http_request_seconds',
		help: 'Requests by route, method and status class; streams count until they end.',
		labelNames: ['route', 'method', 'status'] as const,
		buckets: SECONDS,
		registers: [this.registry]
	});
	private readonly batches = new Histogram({
		name: 'talktime_lane_batch_seconds',
		help: 'Transactions of the lane, from reading to commit.',
		buckets: SECONDS,
		registers: [this.registry]
	});
	private readonly commands = new Counter({
		name: 'talktime_lane_commands_total',
		help: 'Commands that the lane committed, by kind.',
		labelNames: ['kind'] as const,
		registers: [this.registry]
	});
	private readonly troubles = new Counter({
		name: 'talktime_lane_troubles_total',
		help: 'Batches of the lane that had to be tried again.',
		registers: [this.registry]
	});
	private readonly asked: Record<keyof Gauges, Gauge>;
	private last: { atMs: number; reading: Promise<Gauges> } | null = null;

	constructor(private readonly database: DatabaseClient) {
		collectDefaultMetrics({ register: this.registry });
		const gauge = (name: string, help: string) =>
			new Gauge({ name: `talktime_${name}`, help, registers: [this.registry] });
		this.asked = {
			webhookLagSeconds: gauge('webhook_lag_seconds', 'Age of the oldest delivery that waits.'),
			webhooksWaiting: gauge('webhooks_waiting', 'Deliveries that wait or failed.'),
			jobsWaiting: gauge('jobs_waiting', 'Jobs of the worker that are due.'),
			jobLagSeconds: gauge('job_lag_seconds', 'How long the oldest due job waits.'),
			mailsWaiting: gauge('mails_waiting', 'Mails that are not sent yet.'),
			callsLive: gauge('calls_live', 'Calls in progress.'),
			minutesAllocated: gauge('minutes_allocated', 'Minutes allocated to all organisations.'),
			minutesUsed: gauge('minutes_used', 'Minutes used by all organisations.'),
			minutesHeld: gauge('minutes_held', 'Minutes set aside for calls in progress.'),
			minutesOwed: gauge('minutes_owed', 'Minutes used that were not there.'),
			walletDollars: gauge('wallet_dollars', 'Dollars in all wallets.'),
			walletHeldDollars: gauge('wallet_held_dollars', 'Dollars set aside for calls in progress.'),
			walletOwedDollars: gauge('wallet_owed_dollars', 'Dollars used that were not there.')
		};
	}

	/** Reads lane and hub at each scrape. */
	watch(lane: Lane, hub: LiveHub): void {
		const read = (name: string, help: string, value: () => number) =>
			new Gauge({
				name: `talktime_${name}`,
				help,
				registers: [this.registry],
				collect() {
					this.set(value());
				}
			});
		read('lane_depth', 'Commands waiting for their turn.', () => lane.depth);
		read('live_streams', 'Live streams open in this process.', () => hub.size);
	}

	countRequest(labels: { route: string; method: string; status: string }, seconds: number): void {
		this.requests.observe(labels, seconds);
	}

	countBatch(kinds: string[], seconds: number): void {
		this.batches.observe(seconds);
		for (const kind of kinds) this.commands.inc({ kind });
	}

	countTrouble(): void {
		this.troubles.inc();
	}

	/** The text a scraper reads. While the database is away it has no say in it. */
	async read(nowMs: number): Promise<string> {
		if (!this.last || nowMs - this.last.atMs >= KEPT_MS) {
			this.last = { atMs: nowMs, reading: readGauges(this.database) };
		}
		try {
			const gauges = await this.last.reading;
			for (const [name, value] of Object.entries(gauges)) {
				this.asked[name as keyof Gauges].set(value); // the keys of Gauges
			}
		} catch {
			this.last = null;
			for (const gauge of Object.values(this.asked)) gauge.remove();
		}
		return this.registry.metrics();
	}
}
