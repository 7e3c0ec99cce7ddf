import { describe, expect, it } from 'vitest';
import { DeadlinePassed, Slots, SlotsFull } from './slots';

/** Requests that end when told. */
function requests() {
	const ends: ((value: number) => void)[] = [];
	let mostAtOnce = 0;
	let underWay = 0;
	return {
		ends,
		get mostAtOnce() {
			return mostAtOnce;
		},
		send: () => {
			underWay++;
			mostAtOnce = Math.max(mostAtOnce, underWay);
			return new Promise<number>((resolve) => ends.push(resolve)).finally(() => underWay--);
		}
	};
}

async function settle(): Promise<void> {
	for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('given slots for two requests and one that waits', () => {
	it('when five come, then two run, one waits its turn and the rest are refused at once', async () => {
		const slots = new Slots(2, 1, 60_000);
		const all = requests();
		const answers = [1, 2, 3].map(() => slots.run(all.send));
		await expect(slots.run(all.send)).rejects.toBeInstanceOf(SlotsFull);
		await expect(slots.run(all.send)).rejects.toBeInstanceOf(SlotsFull);
		expect(all.ends).toHaveLength(2);
		all.ends.shift()?.(7);
		expect(await answers[0]).toBe(7);
		await settle();
		expect(all.ends).toHaveLength(2);
		all.ends.forEach((end) => end(8));
		expect(await Promise.all(answers)).toEqual([7, 8, 8]);
		expect(all.mostAtOnce).toBe(2);
		expect(slots.isFull).toBe(false);
	});

	it('when one fails, then its slot is free for the next', async () => {
		const slots = new Slots(1, 0, 60_000);
		await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
		expect(await slots.run(() => Promise.resolve('yes'))).toBe('yes');
	});

	it('when one never ends, then its deadline passes and its slot is free', async () => {
		const slots = new Slots(1, 0, 20);
		await expect(slots.run(() => new Promise(() => {}))).rejects.toBeInstanceOf(DeadlinePassed);
		expect(await slots.run(() => Promise.resolve('yes'))).toBe('yes');
	});
});
