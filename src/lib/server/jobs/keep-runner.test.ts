import { expect, it, vi } from 'vitest';
import { createLog } from '../log';
import { keepRunner } from './keep-runner';

/** Runners that end when they are told to. */
class Runners {
	readonly ends: ((error?: Error) => void)[] = [];
	readonly unlocked: string[][] = [];
	stops = 0;

	readonly keep = () =>
		keepRunner({
			log: createLog('silent'),
			start: async (onPool) => {
				onPool(`pool-${this.ends.length + 1}`);
				const promise = new Promise<void>((resolve, reject) =>
					this.ends.push((error) => (error ? reject(error) : resolve()))
				);
				const stop = async () => {
					this.stops++;
					this.ends.at(-1)?.();
				};
				return { promise, stop, addJob: vi.fn() };
			},
			unlock: async (poolIds) => {
				this.unlocked.push(poolIds);
			}
		});
}

it('given a runner that gives up, when its jobs are given back, then another one goes on', async () => {
	const runners = new Runners();
	const keeper = await runners.keep();
	runners.ends[0]?.(new Error('Connection terminated unexpectedly'));
	await vi.waitFor(() => expect(runners.ends).toHaveLength(2), { timeout: 5_000 });
	expect(runners.unlocked).toEqual([['pool-1']]);
	await keeper.stop();
	expect(runners.stops).toBe(1);
});

it('given a runner that is stopped, then no other one is started', async () => {
	const runners = new Runners();
	const keeper = await runners.keep();
	await keeper.stop();
	await new Promise((resolve) => setImmediate(resolve));
	expect(runners.ends).toHaveLength(1);
	expect(runners.unlocked).toEqual([]);
});
