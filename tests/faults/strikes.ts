/** The faults themselves. Each ends by itself; what has to be repaired is under repair when it returns. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../simulation/random';
import type { FaultStack } from './fault-stack';
import type { AskedCommit } from './frontend-reader';

export const FAULT_KINDS = [
	'kill_app',
	'kill_postgres',
	'stop_postgres_at_once',
	'cut_before_commit',
	'cut_after_commit',
	'cut_after_bytes',
	'cut_all',
	'stall'
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Strike {
	/** When the fault was over and only its repair was left, by `performance.now()`. */
	endedAtMs: number;
	/** Resolves when what was killed runs again. */
	repaired: Promise<void>;
}

const STALL_MS = 3_000;
const BYTES_MAX = 60_000;

export async function strike(
	{ app, postgres, proxy }: FaultStack,
	kind: FaultKind,
	random: Random
): Promise<Strike> {
	switch (kind) {
		case 'kill_app':
			await app.kill();
			return over(app.start());
		case 'kill_postgres':
			await postgres.kill('SIGKILL');
			return over(postgres.start());
		case 'stop_postgres_at_once':
			await postgres.kill('SIGQUIT');
			return over(postgres.start());
		case 'cut_before_commit':
			await proxy.cutAtCommit('before', isOfLane);
			return over();
		case 'cut_after_commit':
			await proxy.cutAtCommit('after', isOfLane);
			return over();
		case 'cut_after_bytes':
			await proxy.cutAfterBytes(random.between(1, BYTES_MAX));
			return over();
		case 'cut_all':
			proxy.cutAll();
			return over();
		case 'stall':
			proxy.hold();
			await pause(STALL_MS);
			proxy.release();
			return over();
	}
}

function over(repaired: Promise<void> = Promise.resolve()): Strike {
	// Whoever waits for it hears of a failure; nobody else shall die of it meanwhile.
	repaired.catch(() => {});
	return { endedAtMs: performance.now(), repaired };
}

/** A transaction that stores callbacks or places a call. */
function isOfLane({ statements }: AskedCommit): boolean {
	return statements.some((statement) => /\binsert into (deliveries|calls)\b/i.test(statement));
}
