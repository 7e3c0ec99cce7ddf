/**
 * Simulated time. It starts at 0 ms and runs `speed` times faster than the wall clock.
 * All waiting steps lie in one binary heap behind one timer, and every step is handed the moment it
 * was due, so a chain of steps does not drift however late the timer fires.
 */
const LONGEST_TIMER_MS = 60_000;
const STEPS_PER_TURN = 1_000;

export const SLOWEST_SPEED = 0.1;
export const FASTEST_SPEED = 100_000;

export interface ScheduledStep {
	cancel(): void;
}

interface HeapStep {
	dueMs: number;
	order: number;
	run: ((dueMs: number) => void) | null;
}

function isBefore(left: HeapStep, right: HeapStep): boolean {
	return left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.order < right.order);
}

export class SimulatedClock {
	#speed: number;
	#simulatedAtChangeMs = 0;
	#realAtChangeMs = performance.now();
	#heap: HeapStep[] = [];
	#timer: NodeJS.Timeout | undefined;
	#scheduledCount = 0;
	#isClosed = false;

	constructor(speed: number) {
		this.#speed = speed;
	}

	/** Simulated seconds per real second. */
	get speed(): number {
		return this.#speed;
	}

	/** Steps that wait, cancelled ones not yet swept included. */
	get waitingSteps(): number {
		return this.#heap.length;
	}

	/** Simulated milliseconds since the start. */
	nowMs(): number {
		return this.#simulatedAtChangeMs + (performance.now() - this.#realAtChangeMs) * this.#speed;
	}

	/** Moves simulated time forward; every step that became due runs next turn, in order. */
	advance(milliseconds: number): void {
		this.#simulatedAtChangeMs += milliseconds;
		this.#arm();
	}

	/** Changes the speed (simulated seconds per real second) from this moment on. */
	setSpeed(speed: number): void {
		this.#simulatedAtChangeMs = this.nowMs();
		this.#realAtChangeMs = performance.now();
		this.#speed = speed;
		this.#arm();
	}

	/** Runs a step at a simulated moment (ms since the start); a moment in the past runs next turn. */
	schedule(dueMs: number, run: (dueMs: number) => void): ScheduledStep {
		const step: HeapStep = { dueMs, order: this.#scheduledCount++, run };
		if (this.#isClosed) return { cancel: () => undefined };
		this.#push(step);
		if (this.#heap[0] === step) this.#arm();
		return { cancel: () => void (step.run = null) };
	}

	/** Forgets every waiting step. */
	clear(): void {
		this.#heap = [];
		clearTimeout(this.#timer);
	}

	/** Forgets every waiting step and takes no more. */
	close(): void {
		this.#isClosed = true;
		this.clear();
	}

	#arm(): void {
		clearTimeout(this.#timer);
		const next = this.#heap[0];
		if (next === undefined) return;
		const realDelayMs = Math.max(0, (next.dueMs - this.nowMs()) / this.#speed);
		this.#timer = setTimeout(() => this.#runDue(), Math.min(realDelayMs, LONGEST_TIMER_MS));
	}

	#runDue(): void {
		for (let count = 0; count < STEPS_PER_TURN; count++) {
			const next = this.#heap[0];
			if (next === undefined || next.dueMs > this.nowMs()) break;
			this.#pop();
			next.run?.(next.dueMs);
		}
		this.#arm();
	}

	#push(step: HeapStep): void {
		const heap = this.#heap;
		let index = heap.push(step) - 1;
		while (index > 0) {
			const parentIndex = (index - 1) >> 1;
			const parent = heap[parentIndex];
			if (parent === undefined || !isBefore(step, parent)) break;
			heap[index] = parent;
			index = parentIndex;
		}
		heap[index] = step;
	}

	#pop(): void {
		const heap = this.#heap;
		const last = heap.pop();
		if (last === undefined || heap.length === 0) return;
		let index = 0;
		for (;;) {
			let childIndex = index * 2 + 1;
			let child = heap[childIndex];
			const right = heap[childIndex + 1];
			if (child !== undefined && right !== undefined && isBefore(right, child)) {
				child = right;
				childIndex += 1;
			}
			if (child === undefined || !isBefore(child, last)) break;
			heap[index] = child;
			index = childIndex;
		}
		heap[index] = last;
	}
}
