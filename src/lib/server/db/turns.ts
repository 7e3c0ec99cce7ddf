/**
 * Lets a few do something at a time; the others wait, in the order they came.
 * @param atOnce how many
 * @returns runs work when its turn comes
 */
export function inTurns(atOnce: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
	const waiting: (() => void)[] = [];
	let underWay = 0;
	return async (work) => {
		if (underWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
		else underWay++;
		try {
			return await work();
		} finally {
			// Whoever waits takes the turn over as it is.
			const next = waiting.shift();
			if (next) next();
			else underWay--;
		}
	};
}
