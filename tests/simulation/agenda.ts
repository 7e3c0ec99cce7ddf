/** What is to be submitted later. What only a process remembers is gone when it dies. */
import type { Command } from '$lib/domain/lane/commands';

export interface Due {
	atMs: number;
	command: Command;
	/** The process whose memory holds it; null: someone outside comes back with it. */
	heldBy: number | null;
	/** How often it was submitted before. */
	attempts: number;
}

export class Agenda {
	private waiting: Due[] = [];

	get size(): number {
		return this.waiting.length;
	}

	add(due: Due): void {
		this.waiting.push(due);
	}

	/** Takes up to `most` of what is due; of one moment, in the order in which it was added. */
	take(nowMs: number, most: number): Due[] {
		const due = this.waiting
			.filter(({ atMs }) => atMs <= nowMs)
			.sort((first, second) => first.atMs - second.atMs)
			.slice(0, most);
		const taken = new Set(due);
		this.waiting = this.waiting.filter((one) => !taken.has(one));
		return due;
	}

	/** A process died. */
	forget(process: number): void {
		this.waiting = this.waiting.filter(({ heldBy }) => heldBy !== process);
	}
}
