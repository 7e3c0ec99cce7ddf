/**
 * Commands waiting for their turn. A batch takes those whose organisation no other batch under way is
 * about: over different organisations batches run side by side, while the commands of one organisation
 * gather for the next. Only a matter of speed: the row locks keep every order correct.
 */
import type { Naming } from './lookup';

/** Calls whose organisation is remembered; the oldest are forgotten first. */
const REMEMBERED_CALLS_MAX = 50_000;
/** How far into the queue a batch looks for commands of organisations that are free. */
const LOOK_AHEAD = 1_024;

export interface Taken<Item> {
	items: Item[];
	organizationIds: Set<number>;
}

export class LaneQueue<Item extends { command: Naming }> {
	private items: Item[] = [];
	private readonly busy = new Map<number, number>();
	private readonly organizationByCall = new Map<string, number>();

	get length(): number {
		return this.items.length;
	}

	push(item: Item): void {
		this.items.push(item);
	}

	/**
	 * Takes the next batch, oldest first; empty when all that waits is about busy organisations. A command
	 * whose organisation is not known yet waits for the batch under way.
	 */
	take(sizeMax: number): Taken<Item> {
		const taken: Taken<Item> = { items: [], organizationIds: new Set() };
		const left: Item[] = [];
		for (const [index, item] of this.items.entries()) {
			if (taken.items.length >= sizeMax || index >= LOOK_AHEAD) {
				left.push(...this.items.slice(index));
				break;
			}
			const organizationId = this.organizationOf(item.command);
			const mustWait = organizationId === null ? this.busy.size > 0 : this.busy.has(organizationId);
			if (mustWait) left.push(item);
			else {
				taken.items.push(item);
				if (organizationId !== null) taken.organizationIds.add(organizationId);
			}
		}
		this.items = left;
		for (const id of taken.organizationIds) this.busy.set(id, (this.busy.get(id) ?? 0) + 1);
		return taken;
	}

	/** The batch is over: its organisations are free again. */
	release(taken: Taken<Item>): void {
		for (const id of taken.organizationIds) {
			const count = (this.busy.get(id) ?? 1) - 1;
			if (count > 0) this.busy.set(id, count);
			else this.busy.delete(id);
		}
	}

	/** Remembers whose calls a batch has read, for the events that follow. */
	remember(calls: Iterable<{ id: string; organizationId: number }>): void {
		for (const { id, organizationId } of calls) this.organizationByCall.set(id, organizationId);
		for (const oldest of this.organizationByCall.keys()) {
			if (this.organizationByCall.size <= REMEMBERED_CALLS_MAX) return;
			this.organizationByCall.delete(oldest);
		}
	}

	private organizationOf(command: Naming): number | null {
		if ('organizationId' in command) return command.organizationId;
		const callId = command.kind === 'apply_delivery' ? command.event.callId : command.callId;
		return this.organizationByCall.get(callId ?? '') ?? null;
	}
}
