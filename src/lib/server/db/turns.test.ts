import { expect, it } from 'vitest';
import { inTurns } from './turns';

it('given more than may run, when some end or fail, then never more run, and the others follow in their order', async () => {
	const inTurn = inTurns(2);
	const begun: number[] = [];
	const ends: (() => void)[] = [];
	const works = [0, 1, 2, 3].map((n) =>
		inTurn(async () => {
			begun.push(n);
			await new Promise<void>((resolve) => (ends[n] = resolve));
			if (n === 0) throw new Error('failed');
			return n;
		})
	);
	expect(begun).toEqual([0, 1]);
	ends[0]?.();
	await expect(works[0]).rejects.toThrow('failed');
	expect(begun).toEqual([0, 1, 2]);
	ends[1]?.();
	expect(await works[1]).toBe(1);
	const late = inTurn(() => Promise.resolve('late'));
	expect(begun).toEqual([0, 1, 2, 3]);
	ends[2]?.();
	ends[3]?.();
	expect(await Promise.all([...works.slice(2), late])).toEqual([2, 3, 'late']);
});
