/** A simulation that finds nothing proves nothing: each bug here must be found, within a few seeds. */
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database';
import { SimulationFailure } from './audit';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs';
import { Ground } from './postgres-ground';
import { runPostgres } from './run-postgres';
import { runPure } from './run-pure';

const SEEDS_MAX = 60;
const TIMEOUT_MS = 240_000;

function bugsOf(tier: PlantedBug['tier']): [string, PlantedBug][] {
	const bugs = PLANTED_BUGS.filter((bug) => bug.tier === tier);
	return bugs.map((bug) => [`${bug.name} (${bug.does})`, bug]);
}

/** The failure of the first seed that shows the bug. */
async function findBug(run: (seed: number) => Promise<unknown>): Promise<SimulationFailure | null> {
	for (let seed = 1; seed <= SEEDS_MAX; seed++) {
		try {
			await run(seed);
		} catch (error) {
			if (error instanceof SimulationFailure) return error;
			throw error;
		}
	}
	return null;
}

describe('given a bug planted on purpose', () => {
	it('then there are at least twenty, each with a name of its own', () => {
		expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
		expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(20);
	});

	it.each(bugsOf('pure'))(
		`%s, when the pure core is simulated, then it is found within ${SEEDS_MAX} seeds`,
		async (_name, bug) => {
			const failure = await findBug((seed) => runPure({ seed, bug }));
			expect(failure?.breaches.length).toBeGreaterThan(0);
			expect(failure?.message).toContain(`npm run simulate -- --seed ${failure?.seed}`);
			expect(failure?.message).toContain('last steps:');
		}
	);

	it.each(bugsOf('postgres'))(
		`%s, when two lanes are simulated, then it is found within ${SEEDS_MAX} seeds`,
		async (_name, bug) => {
			const database = await createTestDatabase();
			const ground = Ground.open(database.url);
			let rewritten = 0;
			const rewrite = (text: string) => {
				const changed = bug.rewrite?.(text) ?? text;
				if (changed !== text) rewritten++;
				return changed;
			};
			try {
				const planted = { ...bug, ...(bug.rewrite && { rewrite }) };
				const failure = await findBug((seed) => runPostgres(ground, { seed, bug: planted }));
				expect(failure?.breaches.length).toBeGreaterThan(0);
				// The statement it changes is still written as the bug knows it.
				if (bug.rewrite) expect(rewritten).toBeGreaterThan(0);
			} finally {
				await ground.close();
				await database.drop();
			}
		},
		TIMEOUT_MS
	);
});
