/**
 * The pool a lane is given, with everything that can go wrong in between: a statement that breaks its
 * transaction, a connection that is cut, a process that dies between any two awaits. What was really
 * committed is always known here, and is written down for the audit.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type postgres from 'postgres';
import type { Sql } from '$lib/server/db/prepared';
import type { LaneFault } from './lane-port';
import type { PlantedBug } from './planted-bugs';

/** One transaction of a lane. */
export interface Transaction {
	outcome: 'open' | 'committed' | 'rolled_back';
}

/** In which transaction the code that runs now is. */
export const currentTransaction = new AsyncLocalStorage<Transaction>();

const BREAK = 'select 1/0';
const CUT = 'select pg_terminate_backend(pg_backend_pid())';

export class FaultySql {
	/** Rejects when the process dies. */
	readonly death: Promise<never>;
	isDead = false;
	private die: (reason: Error) => void = () => {};
	private armed: LaneFault | null = null;
	private readonly running = new Set<Promise<unknown>>();

	/** @param bug a planted bug that changes statements, or forgets to commit */
	constructor(
		private readonly pool: Sql,
		private readonly bug: Pick<PlantedBug, 'rewrite' | 'forgetsCommits'> | null = null
	) {
		this.death = new Promise((_resolve, reject) => (this.die = reject));
		this.death.catch(() => {});
	}

	/** The lane uses nothing of its pool but `begin`. */
	asPool(): Sql {
		const begin = (work: (connection: postgres.TransactionSql) => unknown) => this.begin(work);
		return { begin } as unknown as Sql;
	}

	/** The next transaction meets this. */
	arm(fault: LaneFault): void {
		this.armed = fault;
	}

	disarm(): void {
		this.armed = null;
	}

	/** Waits for the transactions under way, those of a dead process included. */
	async settled(): Promise<void> {
		await Promise.allSettled(this.running);
	}

	private async begin(work: (connection: postgres.TransactionSql) => unknown): Promise<unknown> {
		if (this.isDead) return never();
		const fault = this.armed;
		this.armed = null;
		const transaction: Transaction = { outcome: 'open' };
		const run = this.pool.begin((connection) => {
			const rewrite = this.bug?.rewrite ?? ((text: string) => text);
			const shaken = new ShakenConnection(connection, fault, rewrite, () => this.kill());
			const done = currentTransaction.run(transaction, async () => {
				const value = await work(shaken.asConnection());
				await shaken.beforeCommit();
				if (this.bug?.forgetsCommits) throw new Forgotten(value);
				return value;
			});
			return Promise.race([done, this.death]);
		});
		this.running.add(run);
		try {
			const value = await run;
			transaction.outcome = 'committed';
			if (fault?.kind === 'crash_after_commit') this.kill();
			if (this.isDead) return await never();
			if (fault?.kind === 'cut_after_commit') throw connectionLost();
			return value;
		} catch (error) {
			if (error instanceof Forgotten) return error.value;
			if (transaction.outcome === 'open') transaction.outcome = 'rolled_back';
			if (this.isDead) return await never();
			throw error;
		} finally {
			this.running.delete(run);
		}
	}

	private kill(): void {
		this.isDead = true;
		this.die(new Error('The process died.'));
	}
}

/** Rolls a transaction back whose work counts as done. */
class Forgotten extends Error {
	constructor(readonly value: unknown) {
		super('The commit was forgotten.');
	}
}

/** The connection of one transaction, which meets its fault at one statement. */
class ShakenConnection {
	private statements = 0;
	private hasMet = false;

	constructor(
		private readonly connection: postgres.TransactionSql,
		private readonly fault: LaneFault | null,
		private readonly rewrite: (text: string) => string,
		private readonly kill: () => void
	) {}

	/** The lane uses nothing of its connection but `unsafe`. */
	asConnection(): postgres.TransactionSql {
		const unsafe = (text: string, values: (string | number)[], options: object) => {
			if (this.statements++ === this.fault?.statement) {
				const met = this.meet();
				if (met) return met;
			}
			return this.connection.unsafe(this.rewrite(text), values, options);
		};
		return { unsafe } as unknown as postgres.TransactionSql;
	}

	/** A transaction of fewer statements meets its fault at the end. */
	async beforeCommit(): Promise<void> {
		if (!this.hasMet) await this.meet();
	}

	private meet(): PromiseLike<unknown> | null {
		this.hasMet = true;
		switch (this.fault?.kind) {
			case 'abort':
				return this.connection.unsafe(BREAK);
			case 'cut_before_commit':
				return this.connection.unsafe(CUT);
			case 'crash_before_commit':
				this.kill();
				return never();
			default:
				return null;
		}
	}
}

/** What code of a dead process waits for. */
function never(): Promise<never> {
	return new Promise(() => {});
}

function connectionLost(): Error {
	return Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
}
