import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { Ground } from './postgres-ground';
import { runPostgres } from './run-postgres';

const SEEDS = 50;
const SEEDS_PER_TEST = 10;
/** Many times what it takes alone: other suites run beside it. */
const TIMEOUT_MS = 240_000;

let database: TestDatabase;
let ground: Ground;

beforeAll(async () => {
	database = await createTestDatabase();
	ground = Ground.open(database.url);
});
afterAll(async () => {
	await ground.close();
	await database.drop();
});

describe('given two lanes on one Postgres, crashes, cuts and bad deliveries', () => {
	const firsts = Array.from({ length: SEEDS / SEEDS_PER_TEST }, (_, i) => i * SEEDS_PER_TEST + 1);

	it.each(firsts)(
		`when ${SEEDS_PER_TEST} seeds from %i are run, then every book is as re-computed and reconciles`,
		async (first) => {
			for (let seed = first; seed < first + SEEDS_PER_TEST; seed++) {
				const isLast = seed === first + SEEDS_PER_TEST - 1;
				const { steps } = await runPostgres(ground, { seed }, isLast);
				expect(steps).toBeGreaterThan(20);
			}
		},
		TIMEOUT_MS
	);
});
