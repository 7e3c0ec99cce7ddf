import { describe, expect, it } from 'vitest';
import { runPure } from './run-pure';
import { simulatePure } from './simulate';

const STEPS = 20_000;

describe('given the pure core alone', () => {
	it(`when it decides ${STEPS} commands of seeded organisations, then every book is as re-computed`, async () => {
		const { steps, calls } = await simulatePure(1, STEPS);
		expect(steps).toBeGreaterThanOrEqual(STEPS);
		expect(calls).toBeGreaterThan(1_000);
	});

	it('when a seed is run again, then each step and each line of the books is the same', async () => {
		const runs = await Promise.all(
			[1, 2].map(async () => {
				const lines: string[] = [];
				const { books } = await runPure({ seed: 4711, onLine: (line) => lines.push(line) });
				return { lines, books };
			})
		);
		expect(runs[0]).toEqual(runs[1]);
		expect(runs[0]?.lines.length).toBeGreaterThan(100);
	});
});
