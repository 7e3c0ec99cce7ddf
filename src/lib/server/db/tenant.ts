/**
 * The database as one organisation may see it. Every statement runs in a transaction of its own as the
 * tenant role with `app.organization_id` set, so that row-level security binds it whatever its where
 * clause says; what forgets the setting sees nothing. The setting ends with the transaction: connections
 * are shared by all organisations.
 */
import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { openPool, type DatabaseClient } from './client';
import { copyOut, inZone } from './copy-out';
import { endTransaction, howToSend } from './prepared';
import { TENANT_ROLE } from './roles';
import * as schema from './schema/index';

export interface TenantDatabases {
	of(organizationId: number): DatabaseClient;
	close(): Promise<void>;
}

/** Of the organisations that asked last; one is a few kilobytes. */
const KEPT_MAX = 1000;

export function openTenantDatabases(url: string, poolSize: number): TenantDatabases {
	const pool = openPool(url, poolSize, { role: TENANT_ROLE });
	const kept = new Map<number, DatabaseClient>();
	return {
		of(organizationId) {
			const database = kept.get(organizationId) ?? bindDatabase(pool, organizationId);
			kept.delete(organizationId);
			kept.set(organizationId, database);
			const [oldest] = kept.keys();
			if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
			return database;
		},
		close: () => pool.end({ timeout: 5 })
	};
}

function bindDatabase(pool: postgres.Sql, organizationId: number): DatabaseClient {
	const together = new Together(pool, organizationId);
	const sql = bindSql(pool, organizationId, async (write) => {
		const [answer] = await runTogether(pool, organizationId, [write]);
		return answer;
	});
	const quick = bindSql(pool, organizationId, (write) => together.run(write));
	return {
		sql,
		db: drizzle(sql, { schema, casing: 'snake_case' }),
		quick: drizzle(quick, { schema, casing: 'snake_case' }),
		copyOut: (timezone, query) =>
			copyOut(pool, `${settingOf(organizationId)}; ${inZone(timezone)}`, query),
		// The pool is everybody's.
		close: () => Promise.resolve()
	};
}

type Work = (tx: postgres.TransactionSql) => unknown;
type Connection = postgres.TransactionSql | postgres.ReservedSql;
/** Writes the statement on the connection it runs on. */
type WriteQuery = (tx: Connection) => { execute(): PromiseLike<unknown> };
/** Runs a statement bound to the organisation. */
type Run = (write: WriteQuery) => Promise<unknown>;
type Begin = (...given: [Work] | [string, Work]) => Promise<unknown>;

/** The driver's interface over a pool, as far as verbs and Drizzle use it, bound to an organisation. */
function bindSql(pool: postgres.Sql, organizationId: number, run: Run): postgres.Sql {
	const begin: Begin = (...given) => {
		const [options, work] = given.length === 1 ? ['', given[0]] : given;
		return pool.begin(options, (tx) => {
			// Sent, not awaited: it is ahead of the work in the same connection, and its failure ends both.
			tx.unsafe(settingOf(organizationId)).simple().execute();
			return work(tx);
		});
	};
	const build = (first: unknown, ...rest: unknown[]) =>
		isTemplate(first)
			? new BoundQuery(run, (tx) => tx(first, ...(rest.map((part) => unbind(part, tx)) as [])))
			: (pool as (...parts: unknown[]) => unknown)(first, ...rest);
	const { options, parameters, json, array, typed, types } = pool;
	const unsafe = (text: string, values?: never[], how?: postgres.UnsafeQueryOptions) =>
		new BoundQuery(run, (tx) => tx.unsafe(text, values, howToSend(text, values, how)));
	const bound = { begin, unsafe, options, parameters, json, array, typed, types };
	return Object.assign(build, bound) as unknown as postgres.Sql;
}

/**
 * Statements in a transaction of their own, sent with its begin, setting and commit in one go: three round
 * trips fewer than one after the other, and pages read little else. Where one fails all fail, for its reason.
 * @returns what each was answered, in their order
 */
async function runTogether(
	pool: postgres.Sql,
	organizationId: number,
	writes: WriteQuery[]
): Promise<unknown[]> {
	const connection = await pool.reserve();
	const steps = [
		connection
			.unsafe(`begin; ${settingOf(organizationId)}`)
			.simple()
			.execute(),
		...writes.map((write) => write(connection).execute()),
		endTransaction(connection, 'commit')
	];
	const settled = await Promise.allSettled(steps);
	const answers: unknown[] = [];
	for (const step of settled) {
		if (step.status === 'rejected') throw step.reason;
		answers.push(step.value);
	}
	return answers.slice(1, -1);
}

/** Binds a transaction. `set` takes no parameter: nothing but a number gets into its text. */
function settingOf(organizationId: number): string {
	return `set local app.organization_id to ${Math.trunc(organizationId)}`;
}

function isTemplate(value: unknown): value is TemplateStringsArray {
	return Array.isArray(value) && 'raw' in value;
}

/** A fragment inside a query becomes one of the transaction that the query runs in. */
function unbind(part: unknown, tx: Connection): unknown {
	if (part instanceof BoundQuery) return part.on(tx);
	return Array.isArray(part) && part.some((one) => one instanceof BoundQuery)
		? part.map((one) => unbind(one, tx))
		: part;
}

/** Gathers what is asked in one turn of the event loop, and runs it together. */
class Together {
	private asked: Asked[] = [];

	constructor(
		private readonly pool: postgres.Sql,
		private readonly organizationId: number
	) {}

	run(write: WriteQuery): Promise<unknown> {
		return new Promise((resolve, reject) => {
			if (this.asked.push({ write, resolve, reject }) === 1) setImmediate(() => void this.flush());
		});
	}

	private async flush(): Promise<void> {
		const asked = this.asked;
		this.asked = [];
		try {
			const writes = asked.map(({ write }) => write);
			const answers = await runTogether(this.pool, this.organizationId, writes);
			for (const [index, { resolve }] of asked.entries()) resolve(answers[index]);
		} catch (error) {
			for (const { reject } of asked) reject(error);
		}
	}
}

interface Asked {
	write: WriteQuery;
	resolve: (answer: unknown) => void;
	reject: (reason: unknown) => void;
}

/** Runs when it is awaited, once, like a query of the driver. */
class BoundQuery implements PromiseLike<unknown> {
	private answer: Promise<unknown> | null = null;
	private isInValues = false;

	constructor(
		private readonly runBound: Run,
		readonly on: (tx: Connection) => postgres.PendingQuery<postgres.Row[]>
	) {}

	values(): this {
		this.isInValues = true;
		return this;
	}

	execute(): this {
		void this.run();
		return this;
	}

	then<Done = unknown, Failed = never>(
		done?: ((value: unknown) => Done | PromiseLike<Done>) | null,
		failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null
	): Promise<Done | Failed> {
		return this.run().then(done, failed);
	}

	catch<Failed = never>(failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null) {
		return this.run().catch(failed);
	}

	finally(done?: (() => void) | null): Promise<unknown> {
		return this.run().finally(done);
	}

	private run(): Promise<unknown> {
		return (this.answer ??= this.runBound((tx) => {
			const query = this.on(tx);
			return this.isInValues ? query.values() : query;
		}));
	}
}
