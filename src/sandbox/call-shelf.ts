const MOST_CALLS = 20_000;

interface ShelvedCall {
	id: string;
	stage: string;
	isForgotten: boolean;
}

/** The last 20,000 calls of one provider, in memory, in the order they were created. */
export class CallShelf<Call extends ShelvedCall> {
	readonly #calls = new Map<string, Call>();
	#callsCreated = 0;

	/** How many calls were ever created: the ordinal of the next one. */
	get callsCreated(): number {
		return this.#callsCreated;
	}

	/** Keeps a call; the oldest ended one makes room. */
	add(call: Call): void {
		if (this.#calls.size >= MOST_CALLS) {
			const ended = [...this.#calls.values()].find(({ stage }) => stage === 'ended');
			if (ended !== undefined) this.#calls.delete(ended.id);
		}
		this.#calls.set(call.id, call);
		this.#callsCreated += 1;
	}

	find(id: string): Call | null {
		return this.#calls.get(id) ?? null;
	}

	newestFirst(): Call[] {
		return [...this.#calls.values()].reverse();
	}

	clear(): void {
		for (const call of this.#calls.values()) call.isForgotten = true;
		this.#calls.clear();
	}
}

/** Calls in numbers, for the control API. */
export function countByStatus(calls: readonly { status: string; stage: string }[]): {
	total: number;
	live: number;
	byStatus: Record<string, number>;
} {
	const byStatus: Record<string, number> = {};
	for (const { status } of calls) byStatus[status] = (byStatus[status] ?? 0) + 1;
	const live = calls.filter(({ stage }) => stage !== 'ended').length;
	return { total: calls.length, live, byStatus };
}
