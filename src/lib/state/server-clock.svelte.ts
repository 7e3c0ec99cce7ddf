import { createSubscriber } from 'svelte/reactivity';

const SECOND_MS = 1_000;
const CHANGED_CLOCK_MS = 30_000;

function every(intervalMs: number): () => void {
	return createSubscriber((update) => {
		const timer = setInterval(update, intervalMs);
		return () => clearInterval(timer);
	});
}

/**
 * The server's time in the browser, so that timers of calls agree for everyone. The way from the server
 * only makes its time look older, so of several readings the largest offset is the best one.
 */
export class ServerClock {
	readonly timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	#offsetMs: number;
	#eachSecond = every(SECOND_MS);
	#eachTenSeconds = every(10 * SECOND_MS);

	/** @param serverNowMs the server's clock when it made the page */
	constructor(serverNowMs: number) {
		this.#offsetMs = serverNowMs - pageArrivedMs();
	}

	/** Takes a newer reading of the server's clock. */
	sync(serverNowMs: number): void {
		const offsetMs = serverNowMs - Date.now();
		const isClockChanged = Math.abs(offsetMs - this.#offsetMs) > CHANGED_CLOCK_MS;
		if (offsetMs > this.#offsetMs || isClockChanged) this.#offsetMs = offsetMs;
	}

	nowMs(): number {
		return Date.now() + this.#offsetMs;
	}

	/** Now, for what must follow each second. */
	get secondMs(): number {
		this.#eachSecond();
		return this.nowMs();
	}

	/** Now, for what may lag some seconds, such as `4 min ago`. */
	get calmMs(): number {
		this.#eachTenSeconds();
		return this.nowMs();
	}
}

/** When the first byte of this page came, which is nearer to the server's reading than any later moment. */
function pageArrivedMs(): number {
	if (typeof window === 'undefined') return Date.now();
	const [navigation] = performance.getEntriesByType('navigation');
	const isFirstPage =
		navigation instanceof PerformanceNavigationTiming && performance.now() < 60_000;
	return isFirstPage ? performance.timeOrigin + navigation.responseStart : Date.now();
}
