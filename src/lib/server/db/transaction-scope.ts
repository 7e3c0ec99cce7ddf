/**
 * Knows whether the code that runs is inside a transaction: no foreign call may be made there, because it
 * would keep locks for as long as somebody else takes to answer (DESIGN.md section 5).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type postgres from 'postgres';

const scope = new AsyncLocalStorage<true>();

/** Marks every transaction of a pool, whether Drizzle, the lane or a verb begins it. */
export function markTransactions(sql: postgres.Sql): postgres.Sql {
	const begin = sql.begin.bind(sql) as (...given: unknown[]) => Promise<unknown>;
	const marked = (...given: unknown[]) => {
		const work = given.pop() as (tx: unknown) => unknown;
		return begin(...given, (tx: unknown) => asTransaction(() => work(tx)));
	};
	// The driver's `begin` takes its options first and the work last, whichever form is used.
	return Object.assign(sql, { begin: marked as typeof sql.begin });
}

/** Marks work that runs inside a transaction which no pool knows of. */
export function asTransaction<Result>(work: () => Result): Result {
	return scope.run(true, work);
}

/** @throws Error inside a transaction */
export function refuseInTransaction(): void {
	if (scope.getStore()) throw new Error('A foreign call was made inside a database transaction.');
}
