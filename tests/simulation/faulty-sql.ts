/**
 * The pool a lane is given, with everything that can go wrong in between: a statement that breaks its
 * transaction, a connection that is cut, a process that dies between any two awaits. What was really
 * committed is always known here, and is written down for the audit.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type postgres from 'postgres';
import { endTransaction, type Sql } from '$lib/server/db/prepared';
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
	private readonly running = new Set<Promise<void>>();

	/** @param bug a planted bug that changes statements, or forgets to commit */
	constructor(
		private readonly pool: Sql,
		private readonly bug: Pick<PlantedBug, 'rewrite' | 'forgetsCommits'> | null = null
	) {
		this.death = new Promise((_resolve, reject) => (this.die = reject));
		this.death.catch(() => {});
	}

	/** The lane uses nothing of its pool but `reserve`. */
	asPool(): Sql {
		return { reserve: () => this.reserve() } as unknown as Sql;
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
		await Promise.all(this.running);
	}

	kill(): void {
		this.isDead = true;
		this.die(new Error('The process died.'));
	}

	private async reserve(): Promise<postgres.ReservedSql> {
		if (this.isDead) return never();
		const fault = this.armed;
		this.armed = null;
		const shaken = new ShakenConnection(await this.pool.reserve(), fault, this.bug, this);
		this.running.add(shaken.ended);
		void shaken.ended.then(() => this.running.delete(shaken.ended));
		return shaken.asConnection();
	}
}

/** The connection of one transaction, which meets its fault at one statement. */
class ShakenConnection {
	/** Resolves when the transaction is over, and its connection given back or broken. */
	readonly ended: Promise<void>;
	private end: () => void = () => {};
	private readonly transaction: Transaction = { outcome: 'open' };
	private statements = 0;
	private hasMet = false;

	constructor(
		private readonly connection: postgres.ReservedSql,
		private readonly fault: LaneFault | null,
		private readonly bug: Pick<PlantedBug, 'rewrite' | 'forgetsCommits'> | null,
		private readonly process: Pick<FaultySql, 'isDead' | 'kill' | 'death'>
	) {
		this.ended = new Promise((resolve) => (this.end = resolve));
		// The server rolls back what a dead process left open.
		process.death.catch(() => this.over('rollback').catch(() => {}));
	}

	/** The lane uses nothing of its connection but `begin`, `unsafe`, and one of `commit` and `rollback`. */
	asConnection(): postgres.ReservedSql {
		const statement = ([text]: TemplateStringsArray) => {
			switch (text) {
				case 'begin':
					// What the lane does from here on, it does in this transaction.
					currentTransaction.enterWith(this.transaction);
					return this.connection`begin`;
				case 'commit':
					return { execute: () => this.commit() };
				default:
					return { execute: () => this.rollBack() };
			}
		};
		const unsafe = (text: string, values: (string | number)[], options: object) => {
			if (this.process.isDead) return neverAnswered();
			if (this.statements++ === this.fault?.statement) {
				const met = this.meet();
				if (met) return met;
			}
			return this.connection.unsafe(this.bug?.rewrite?.(text) ?? text, values, options);
		};
		// It is given back when the transaction is over.
		const release = () => {};
		return Object.assign(statement, { unsafe, release }) as unknown as postgres.ReservedSql;
	}

	private async commit(): Promise<{ command: string }> {
		try {
			// A transaction of fewer statements meets its fault at the end.
			if (!this.hasMet) await this.meet();
			await this.over(this.bug?.forgetsCommits ? 'rollback' : 'commit');
		} catch (error) {
			await this.over('rollback').catch(() => {});
			if (this.process.isDead) return never();
			throw error;
		}
		if (this.fault?.kind === 'crash_after_commit') this.process.kill();
		if (this.process.isDead) return never();
		if (this.fault?.kind === 'cut_after_commit') throw connectionLost();
		return { command: 'COMMIT' };
	}

	private async rollBack(): Promise<{ command: string }> {
		try {
			await this.over('rollback');
		} finally {
			if (this.process.isDead) await never();
		}
		return { command: 'ROLLBACK' };
	}

	/** Ends the transaction once, whoever asks first. */
	private async over(how: 'commit' | 'rollback'): Promise<void> {
		if (this.transaction.outcome !== 'open') return;
		this.transaction.outcome = how === 'commit' ? 'committed' : 'rolled_back';
		try {
			await endTransaction(this.connection, how);
		} catch (error) {
			this.transaction.outcome = 'rolled_back';
			throw error;
		} finally {
			this.end();
		}
	}

	private meet(): PromiseLike<unknown> | null {
		this.hasMet = true;
		switch (this.fault?.kind) {
			case 'abort':
				return this.connection.unsafe(BREAK);
			case 'cut_before_commit':
				return this.connection.unsafe(CUT);
			case 'crash_before_commit':
				this.process.kill();
				return neverAnswered();
			default:
				return null;
		}
	}
}

/** What code of a dead process waits for. */
function never(): Promise<never> {
	return new Promise(() => {});
}

/** A statement of a dead process. */
function neverAnswered(): Promise<never> & { execute(): Promise<never> } {
	const waiting = never();
	return Object.assign(waiting, { execute: () => waiting });
}

function connectionLost(): Error {
	return Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
}
