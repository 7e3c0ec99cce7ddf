/**
 * The lane: every command that touches calls or credit goes through here. Commands gather for a moment,
 * then one transaction locks, reads, decides and writes for all of them; their promises resolve after
 * the commit. Two batches may be under way, over different organisations as far as is known; where it is
 * not, the second waits at the row lock, so that it still sees all that the first one wrote.
 */
import { decide } from '$lib/domain/lane/decide';
import { brokenDelivery } from '$lib/domain/lane/deliveries';
import type {
	ApplyDelivery,
	Command,
	PlaceCall,
	Result,
	ResultOf
} from '$lib/domain/lane/commands';
import type { LiveEvent } from '$lib/views';
import { inPreparedTransaction, type Sql } from '../db/prepared';
import { isConnectionTrouble } from '../db/trouble';
import { Ledger } from './ledger';
import type { Intent, Lookup, Naming } from './lookup';
import { LaneQueue } from './queue';
import { KeyTaken, persist } from './persist';
import type { NewDelivery } from './persist/deliveries';
import { ReadSetMoved, readState, type KnownDelivery } from './read';

export type { Intent, Lookup };

export interface LaneOptions {
	sql: Sql;
	clock: () => number;
	/** Told after every commit, in commit order. */
	onCommitted: (events: LiveEvent[]) => void;
	/** Told after every commit: the kinds of its commands, and how long it took. */
	onBatch?: (kinds: Command['kind'][], seconds: number) => void;
	onTrouble?: (error: unknown) => void;
	/** Transactions under way at the same time. */
	batchesAtOnce?: number;
	/** Most commands in one transaction. */
	batchSizeMax?: number;
	/** How long commands wait for a database that is away before they are refused. */
	patienceMs?: number;
	/** The business to run; the simulation puts a broken one here, to see it found. */
	decide?: typeof decide;
}

interface Waiting {
	command: Naming;
	/** Read with what the command names. */
	lookup?: Pick<Lookup, 'statement' | 'values'>;
	/** Makes the command of the row that was looked up. */
	complete: (row: Record<string, unknown> | undefined) => Command;
	submittedAtMs: number;
	resolve: (result: Result) => void;
	reject: (error: unknown) => void;
	/** Set when applying it broke the transaction: it is stored as failed, with this reason. */
	brokenBy?: string;
	/** How often another process was faster. */
	attempts?: number;
}

const ATTEMPTS_MAX = 5;
const GATHER_MS_MAX = 3;

/** The lane could not reach its database in time: nothing was stored, the caller may try again. */
export class LaneUnavailable extends Error {}

export class Lane {
	private readonly queue = new LaneQueue<Waiting>();
	private readonly running = new Set<Promise<void>>();
	private closed = false;

	constructor(private readonly options: LaneOptions) {}

	/** Commands waiting for their turn. */
	get depth(): number {
		return this.queue.length;
	}

	/** Whether something is being booked, or waits for it. */
	get isBusy(): boolean {
		return this.running.size > 0;
	}

	/**
	 * Runs a command and answers after its commit. Every command carries a client-made id, so one that
	 * is submitted again after an unclear failure is answered, not repeated.
	 * @throws LaneUnavailable when the database stayed away; whatever the command itself threw otherwise
	 */
	submit<C extends Command>(command: C): Promise<ResultOf<C>> {
		const whole = this.enqueue({ command, complete: () => command });
		return whole as Promise<ResultOf<C>>; // decide() answers each command with the result of its kind
	}

	/**
	 * Places a call of which is known whose it is and where it goes; the rest is looked up behind the locks.
	 * @throws as submit() does; what the lookup throws
	 */
	place(intent: Intent, lookup: Lookup): Promise<ResultOf<PlaceCall>> {
		const placed = this.enqueue({ command: intent, lookup, complete: lookup.complete });
		return placed as Promise<ResultOf<PlaceCall>>;
	}

	private enqueue(what: Pick<Waiting, 'command' | 'lookup' | 'complete'>): Promise<Result> {
		if (this.closed) return Promise.reject(new LaneUnavailable('Talktime is stopping.'));
		return new Promise((resolve, reject) => {
			this.queue.push({ ...what, submittedAtMs: performance.now(), resolve, reject });
			this.startRun();
		});
	}

	/** Refuses new commands and waits for those under way. */
	async drain(): Promise<void> {
		this.closed = true;
		await Promise.all(this.running);
	}

	private startRun(): void {
		if (this.running.size >= (this.options.batchesAtOnce ?? 2)) return;
		const run = this.run().finally(() => this.running.delete(run));
		this.running.add(run);
	}

	private async run(): Promise<void> {
		// One turn of the event loop lets requests that arrived together share a transaction.
		await new Promise((resolve) => setImmediate(resolve));
		for (;;) {
			const taken = this.queue.take(this.options.batchSizeMax ?? 256);
			if (taken.items.length === 0) return;
			try {
				await this.runBatch(taken.items);
			} finally {
				this.queue.release(taken);
			}
			if (this.queue.length > 0) await this.gather();
		}
	}

	/** Whoever was just answered asks again within a moment: waits while the queue grows, for a little. */
	private async gather(): Promise<void> {
		const untilMs = performance.now() + GATHER_MS_MAX;
		for (let before = -1; this.queue.length > before && performance.now() < untilMs;) {
			before = this.queue.length;
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
	}

	private async runBatch(batch: Waiting[]): Promise<void> {
		try {
			await this.commit(batch);
		} catch (error) {
			if (isConnectionTrouble(error)) await this.waitAndRetry(batch, error);
			else if (error instanceof ReadSetMoved || error instanceof KeyTaken) {
				await this.runAgain(batch, error);
			} else await this.runOneByOne(batch, error);
		}
	}

	/** A poison command fails alone: the others of its batch go through, and a delivery is kept. */
	private async runOneByOne(batch: Waiting[], error: unknown): Promise<void> {
		this.options.onTrouble?.(error);
		const [only, ...others] = batch;
		if (only && others.length === 0) {
			const canBeKept = only.command.kind === 'apply_delivery' && only.brokenBy === undefined;
			if (!canBeKept) return only.reject(error);
			only.brokenBy = reasonOf(error);
		}
		for (const waiting of batch) await this.runBatch([waiting]);
	}

	/** Another process was faster at something: each command looks again, alone and a few times. */
	private async runAgain(batch: Waiting[], error: Error): Promise<void> {
		for (const waiting of batch) {
			waiting.attempts = (waiting.attempts ?? 0) + 1;
			if (waiting.attempts >= ATTEMPTS_MAX) waiting.reject(error);
			else await this.runBatch([waiting]);
		}
	}

	private async waitAndRetry(batch: Waiting[], error: unknown): Promise<void> {
		this.options.onTrouble?.(error);
		const patienceMs = this.options.patienceMs ?? 8_000;
		const now = performance.now();
		const patient = batch.filter((waiting) => now - waiting.submittedAtMs < patienceMs);
		for (const waiting of batch) {
			if (!patient.includes(waiting)) {
				waiting.reject(new LaneUnavailable('The database cannot be reached right now.'));
			}
		}
		if (patient.length === 0) return;
		await new Promise((resolve) => setTimeout(resolve, 200));
		await this.runBatch(patient);
	}

	private async commit(batch: Waiting[]): Promise<void> {
		const nowMs = this.options.clock();
		const startedAtMs = performance.now();
		const outcome = await inPreparedTransaction(this.options.sql, async (tx) => {
			const reading = readState(
				tx,
				batch.map(({ command }) => command),
				nowMs
			);
			// Sent behind the locks and the reads, which were sent already.
			const looking = batch.map(({ lookup }) => lookup && tx.run(lookup.statement, lookup.values));
			const { state, knownDeliveries } = await reading;
			const found = await Promise.all(looking);
			const ledger = new Ledger(state);
			const results = new Map<Waiting, Settled>();
			const newDeliveries: NewDelivery[] = [];
			const repeatedIds: string[] = [];
			for (const [index, waiting] of batch.entries()) {
				const { command } = waiting;
				if (command.kind === 'apply_delivery') {
					const key = deliveryKey(command);
					const known = knownDeliveries.get(key);
					if (known && !hasAnotherTurn(command, known)) {
						if (!command.again) repeatedIds.push(known.id);
						results.set(waiting, repeated(known.callId));
						continue;
					}
				}
				const settled = decideOne(
					waiting,
					ledger,
					() => {
						const whole = waiting.complete(found[index]?.[0]);
						return (this.options.decide ?? decide)(state, whole, nowMs);
					},
					nowMs
				);
				results.set(waiting, settled);
				if (command.kind === 'apply_delivery' && settled.ok) {
					const key = deliveryKey(command);
					if (!knownDeliveries.has(key)) newDeliveries.push({ command, receivedAtMs: nowMs });
					knownDeliveries.set(key, toKnown(command, settled.result));
				}
			}
			ledger.close(nowMs);
			this.queue.remember(state.calls.values());
			await persist(tx, ledger, newDeliveries, repeatedIds, nowMs);
			return { results, events: ledger.events };
		});
		for (const [waiting, settled] of outcome.results) {
			if (settled.ok) waiting.resolve(settled.result);
			else waiting.reject(settled.error);
		}
		if (outcome.events.length > 0) this.options.onCommitted(outcome.events);
		this.options.onBatch?.(
			batch.map(({ command }) => command.kind),
			(performance.now() - startedAtMs) / 1000
		);
	}
}

type Settled = { ok: true; result: Result } | { ok: false; error: unknown };

/** A decision that throws changes nothing, because nothing was entered; a delivery is kept as failed. */
function decideOne(
	{ command, brokenBy }: Waiting,
	ledger: Ledger,
	decision: () => ReturnType<typeof decide>,
	nowMs: number
): Settled {
	try {
		if (brokenBy !== undefined) throw new Error(brokenBy);
		const { result, changes } = decision();
		ledger.enter(changes);
		return { ok: true, result };
	} catch (error) {
		if (command.kind !== 'apply_delivery') return { ok: false, error };
		const note = error instanceof Error ? error.message : String(error);
		ledger.enter({ rows: { deliveries: [brokenDelivery(command, note, nowMs)] } });
		return { ok: true, result: { kind: 'failed', callId: null, note } };
	}
}

/** The database's own words: Drizzle's say only which query failed, with all its values. */
function reasonOf(error: unknown): string {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return cause instanceof Error ? cause.message.slice(0, 500) : 'unknown error';
}

function deliveryKey(command: ApplyDelivery): string {
	return `${command.event.provider}:${command.dedupeKey}`;
}

/** The claim of a stored delivery keeps repeats out, not the worker's next try or a person's replay. */
function hasAnotherTurn({ deliveryId, again }: ApplyDelivery, known: KnownDelivery): boolean {
	if (!again || known.id !== deliveryId) return false;
	return again.kind === 'replay' || known.state === 'received' || known.state === 'failed';
}

function toKnown({ deliveryId: id }: ApplyDelivery, result: Result): KnownDelivery {
	const state = result.kind as KnownDelivery['state']; // apply_delivery answers with a state
	return { id, state, callId: 'callId' in result ? result.callId : null };
}

function repeated(callId: string | null): Settled {
	return { ok: true, result: { kind: 'duplicate', callId, note: null } };
}
