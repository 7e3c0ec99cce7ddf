/** Several lanes on one database: as many processes, each with a batch of its own under way. */
import type { Lane } from '$lib/server/lane/lane';
import type { Services } from '$lib/server/services';
import type { House } from './house';

/** The house's first process and more, up to `count`. */
export async function openProcesses(
	house: House,
	count: number,
	poolSize = 4
): Promise<Services[]> {
	const others = Array.from({ length: count - 1 }, () => house.openServices(poolSize));
	return [house.services, ...(await Promise.all(others))];
}

/** One of several in turn. */
export function inTurn<T>(all: T[], index: number): T {
	const chosen = all[index % all.length];
	if (chosen === undefined) throw new Error('There is none.');
	return chosen;
}

export function lanesOf(processes: Services[]): Lane[] {
	return processes.map((services) => services.lane);
}

/** How often each word comes up. */
export function tally(words: string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
	return counts;
}
