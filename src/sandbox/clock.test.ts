import { expect, test } from 'vitest';
import { SimulatedClock } from './clock';

function ended(clock: SimulatedClock, dueMs: number): Promise<number> {
	return new Promise((resolve) => clock.schedule(dueMs, resolve));
}

test('steps run in the order they are due, each told its own moment', async () => {
	const clock = new SimulatedClock(100_000);
	const order: number[] = [];
	const moments = Array.from({ length: 200 }, (_, index) => ((index * 7_919) % 200) * 1_000);
	for (const dueMs of moments) clock.schedule(dueMs, (toldMs) => order.push(toldMs));
	await ended(clock, 200_001);
	expect(order).toEqual([...moments].sort((left, right) => left - right));
	clock.close();
});

test('a cancelled step never runs', async () => {
	const clock = new SimulatedClock(100_000);
	let hasRun = false;
	clock.schedule(1_000, () => (hasRun = true)).cancel();
	await ended(clock, 2_000);
	expect(hasRun).toBe(false);
	expect(clock.waitingSteps).toBe(0);
	clock.close();
});

test('a chain of steps does not drift', async () => {
	const clock = new SimulatedClock(10_000);
	const moments: number[] = [];
	await new Promise<void>((resolve) => {
		const next = (dueMs: number): void => {
			moments.push(dueMs);
			if (moments.length === 50) resolve();
			else clock.schedule(dueMs + 1_000, next);
		};
		clock.schedule(1_000, next);
	});
	expect(moments.at(-1)).toBe(50_000);
	clock.close();
});

test('a new speed reaches steps that wait already', async () => {
	const clock = new SimulatedClock(1);
	const hour = ended(clock, 3_600_000);
	clock.setSpeed(100_000);
	expect(await hour).toBe(3_600_000);
	expect(clock.nowMs()).toBeGreaterThanOrEqual(3_600_000);
	clock.close();
});

test('a closed clock takes no steps', () => {
	const clock = new SimulatedClock(1);
	clock.schedule(1_000, () => undefined);
	clock.close();
	clock.schedule(1_000, () => undefined);
	expect(clock.waitingSteps).toBe(0);
});
