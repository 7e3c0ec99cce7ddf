/** The real tier: whole runs of two lanes on one Postgres, each with organisations of its own. */
import { checkBooks, checkTruth, compareBooks, SimulationFailure } from './audit';
import { describeBooks } from './books';
import { findTableBreaches, readBooks } from './postgres-books';
import type { Ground } from './postgres-ground';
import { PostgresLane } from './postgres-lane';
import { Reckoning } from './reckoning';
import type { RunOptions, RunReport } from './run-pure';
import { World } from './world';

const STEPS = 28;
/** A run takes a second, on a busy machine many; one that takes so long waits for something that never comes. */
const PATIENCE_MS = 180_000;

/**
 * Runs one seed on a database that other runs may have used before, one after the other.
 * @throws SimulationFailure when the audit found something, or the lane broke
 */
export async function runPostgres(
	ground: Ground,
	{ seed, bug = null, onLine }: RunOptions,
	isReconciled = false
): Promise<RunReport> {
	const world = new World({ seed, steps: STEPS, isOnDisk: true });
	world.trace.onLine = onLine ?? null;
	const lane = new PostgresLane(ground, world, bug);
	const fail = (breaches: string[]) => new SimulationFailure(seed, breaches, world.trace.lines());
	try {
		await withinPatience(world.run(lane));
	} catch (error) {
		const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
		throw fail([...lane.breaches, `it threw: ${thrown}`]);
	}
	await lane.close();
	const { sql } = ground.services.database;
	const reckoning = new Reckoning();
	for (const [id, settings] of world.organizations) reckoning.open(id, settings);
	const { committed, breaches: wrongAnswers } = lane.journal.replay(reckoning);
	const ids = [...world.organizations.keys()];
	const books = await Promise.all(ids.map(async (id) => ({ id, books: await readBooks(sql, id) })));
	const breaches = [
		...lane.breaches,
		...wrongAnswers,
		...reckoning.breaches,
		...books.flatMap(({ id, books }) => compareBooks(id, reckoning.booksOf(id), books)),
		...books.flatMap(({ id, books }) => checkBooks(id, books, true)),
		...checkTruth(
			books.map(({ books }) => books),
			world.provider,
			world.disputed
		),
		...(await findTableBreaches(sql, ids)),
		...(isReconciled ? await ground.reconcile() : [])
	];
	if (breaches.length > 0) throw fail(breaches);
	return {
		steps: committed,
		calls: world.provider.calls.size,
		books: books.flatMap(({ books }) => describeBooks(books))
	};
}

async function withinPatience(run: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const impatience = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error('the run hangs')), PATIENCE_MS);
	});
	try {
		await Promise.race([run, impatience]);
	} finally {
		clearTimeout(timer);
	}
}
