/** Foreign requests that may be under way at once, each with a deadline: a slow provider slows nobody else. */

/** No answer came in time. Whether the request was carried out is not known. */
export class DeadlinePassed extends Error {}

/** Too many wait already: nothing was sent. */
export class SlotsFull extends Error {}

export class Slots {
	private underWay = 0;
	private readonly waiting: (() => void)[] = [];

	/**
	 * @param atOnce requests under way at the same time
	 * @param waitingMax requests that may wait for one of them to end
	 */
	constructor(
		private readonly atOnce: number,
		private readonly waitingMax: number,
		private readonly deadlineMs: number
	) {}

	get isFull(): boolean {
		return this.underWay >= this.atOnce && this.waiting.length >= this.waitingMax;
	}

	/** Requests that would run at once. */
	get free(): number {
		return this.waiting.length > 0 ? 0 : Math.max(0, this.atOnce - this.underWay);
	}

	/**
	 * Runs a request when there is room.
	 * @throws SlotsFull when too many wait; DeadlinePassed when it takes too long once it runs
	 */
	async run<Result>(request: () => Promise<Result>): Promise<Result> {
		if (this.isFull) throw new SlotsFull('Too many requests wait for this provider.');
		if (this.underWay >= this.atOnce) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		} else this.underWay++;
		try {
			return await withDeadline(request(), this.deadlineMs);
		} finally {
			// Whoever waits takes the slot over as it is.
			const next = this.waiting.shift();
			if (next) next();
			else this.underWay--;
		}
	}
}

async function withDeadline<Result>(answer: Promise<Result>, deadlineMs: number): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const deadline = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(
			() => reject(new DeadlinePassed(`No answer within ${Math.round(deadlineMs / 1000)} s.`)),
			deadlineMs
		);
	});
	try {
		return await Promise.race([answer, deadline]);
	} finally {
		clearTimeout(timer);
	}
}
