/** The cheap tier: whole runs of the pure core, a few thousand commands a second, the same each time. */
import { checkBooks, checkTruth, compareBooks, SimulationFailure } from './audit';
import { describeBooks } from './books';
import type { PlantedBug } from './planted-bugs';
import { PureLane } from './pure-lane';
import { World } from './world';

const STEPS = 100;

export interface RunOptions {
	seed: number;
	bug?: PlantedBug | null;
	/** Told each step as it happens. */
	onLine?: (line: string) => void;
}

export interface RunReport {
	/** Commands decided. */
	steps: number;
	calls: number;
	/** Every line of the books at the end. */
	books: string[];
}

/**
 * Runs one seed against the pure core.
 * @throws SimulationFailure when the audit found something, or the core threw
 */
export async function runPure({ seed, bug = null, onLine }: RunOptions): Promise<RunReport> {
	const world = new World({ seed, steps: STEPS, isOnDisk: false });
	world.trace.onLine = onLine ?? null;
	const lane = new PureLane(world, bug);
	const fail = (breaches: string[]) => new SimulationFailure(seed, breaches, world.trace.lines());
	try {
		await world.run(lane);
	} catch (error) {
		if (error instanceof SimulationFailure) throw error;
		const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
		throw fail([...lane.breaches, `it threw: ${thrown}`]);
	}
	const ids = [...world.organizations.keys()];
	const books = ids.map((id) => lane.booksOf(id));
	const breaches = [
		...lane.breaches,
		...lane.reckoning.breaches,
		...ids.flatMap((id) => compareBooks(id, lane.reckoning.booksOf(id), lane.booksOf(id))),
		...ids.flatMap((id) => checkBooks(id, lane.booksOf(id), true)),
		...checkTruth(books, world.provider, world.disputed)
	];
	if (breaches.length > 0) throw fail(breaches);
	return {
		steps: lane.decided,
		calls: world.provider.calls.size,
		books: books.flatMap(describeBooks)
	};
}
